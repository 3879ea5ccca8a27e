/*
 * The loops of ../plain.js in C, for one element type. Included once for each: T is the type, NAMED(f) the name of
 * a function for it, ROOT and MAGNITUDE its square root and absolute value.
 *
 * Every loop gets the same five arrays, though it may use fewer: for an update rule parameters x, gradients y, slots
 * z, u, w. They never overlap, and the compiler is told so. The scalars s come from memory, since the kernels too learn
 * them at run time. What a loop returns is used, so that none is left out.
 */

#define ARGUMENTS \
  int n, T *restrict x, T *restrict y, T *restrict z, T *restrict u, T *restrict w, const T *restrict s
#define LOOP(name) static double NAMED(name)(ARGUMENTS)

/*
 * A reduction. In standard C a sum must be added up in order, so that nothing of it can be vectorised. With PARTIAL_SUMS
 * the loop is written out over that many sums, as a C programmer would who wants the speed without -ffast-math.
 */
#ifdef PARTIAL_SUMS
#define REDUCTION(start, join, term) \
  T partial[PARTIAL_SUMS]; \
  for (int k = 0; k < PARTIAL_SUMS; k++) partial[k] = start; \
  int done = 0; \
  for (; done + PARTIAL_SUMS <= n; done += PARTIAL_SUMS) \
    for (int k = 0; k < PARTIAL_SUMS; k++) { const int i = done + k; const T t = term; partial[k] = join(partial[k], t); } \
  T total = start; \
  for (int i = done; i < n; i++) { const T t = term; total = join(total, t); } \
  for (int k = 0; k < PARTIAL_SUMS; k++) total = join(total, partial[k]);
#else
#define REDUCTION(start, join, term) \
  T total = start; \
  for (int i = 0; i < n; i++) { const T t = term; total = join(total, t); }
#endif
#define PLUS(a, b) ((a) + (b))
#define GREATER(a, b) ((b) > (a) ? (b) : (a))

LOOP(axpy) {
  const T alpha = s[0];
  for (int i = 0; i < n; i++) y[i] += alpha * x[i];
  return 0;
}

LOOP(axpby) {
  const T alpha = s[0], beta = s[1];
  for (int i = 0; i < n; i++) y[i] = alpha * x[i] + beta * y[i];
  return 0;
}

LOOP(scale) {
  const T alpha = s[0];
  for (int i = 0; i < n; i++) x[i] *= alpha;
  return 0;
}

LOOP(copy) {
  memcpy(y, x, (size_t)n * sizeof(T));
  return 0;
}

LOOP(fill) {
  const T alpha = s[0];
  for (int i = 0; i < n; i++) x[i] = alpha;
  return 0;
}

LOOP(hadamardProduct) {
  for (int i = 0; i < n; i++) z[i] = x[i] * y[i];
  return 0;
}

LOOP(flush) {
  const T least = s[0];
  for (int i = 0; i < n; i++) x[i] = MAGNITUDE(x[i]) < least ? 0 : x[i];
  return 0;
}

LOOP(dot) {
  REDUCTION(0, PLUS, x[i] * y[i])
  return total;
}

LOOP(squaredNorm) {
  REDUCTION(0, PLUS, x[i] * x[i])
  return total;
}

LOOP(sum) {
  REDUCTION(0, PLUS, x[i])
  return total;
}

LOOP(absoluteSum) {
  REDUCTION(0, PLUS, MAGNITUDE(x[i]))
  return total;
}

LOOP(absoluteMaximum) {
  REDUCTION(0, GREATER, MAGNITUDE(x[i]))
  return total;
}

LOOP(nonFiniteCount) {
  int count = 0;
  for (int i = 0; i < n; i++) count += !isfinite(x[i]);
  return count;
}

LOOP(sgd) {
  const T rate = s[0];
  for (int i = 0; i < n; i++) x[i] -= rate * y[i];
  return 0;
}

LOOP(momentum) {
  const T rate = s[0], keep = s[1];
  for (int i = 0; i < n; i++) {
    const T velocity = keep * z[i] + y[i];
    z[i] = velocity;
    x[i] -= rate * velocity;
  }
  return 0;
}

LOOP(adagrad) {
  const T rate = s[0], epsilon = s[1];
  for (int i = 0; i < n; i++) {
    const T sum = u[i] + y[i] * y[i];
    u[i] = sum;
    x[i] -= rate * y[i] / (ROOT(sum) + epsilon);
  }
  return 0;
}

LOOP(adam) {
  const T beta1 = s[0], intake1 = s[1], beta2 = s[2], intake2 = s[3], step = s[4], root = s[5], epsilon = s[6];
  for (int i = 0; i < n; i++) {
    const T first = beta1 * z[i] + intake1 * y[i];
    const T second = beta2 * u[i] + intake2 * y[i] * y[i];
    z[i] = first;
    u[i] = second;
    x[i] -= step * first / (root * ROOT(second) + epsilon);
  }
  return 0;
}

LOOP(adamEverything) {
  const T beta1 = s[0], intake1 = s[1], beta2 = s[2], intake2 = s[3], step = s[4], root = s[5], epsilon = s[6];
  const T scale = s[7], shrink = s[8];
  int count = 0;
  for (int i = 0; i < n; i++) {
    const T gradient = scale * y[i];
    count += !isfinite(y[i]);
    y[i] = 0;
    const T first = beta1 * z[i] + intake1 * gradient;
    const T second = beta2 * u[i] + intake2 * gradient * gradient;
    z[i] = first;
    u[i] = second;
    x[i] -= shrink * x[i] + step * first / (root * ROOT(second) + epsilon);
  }
  return count;
}

LOOP(amsgrad) {
  const T beta1 = s[0], intake1 = s[1], beta2 = s[2], intake2 = s[3], step = s[4], root = s[5], epsilon = s[6];
  for (int i = 0; i < n; i++) {
    const T first = beta1 * z[i] + intake1 * y[i];
    const T second = beta2 * u[i] + intake2 * y[i] * y[i];
    const T greatest = w[i] > second ? w[i] : second;
    z[i] = first;
    u[i] = second;
    w[i] = greatest;
    x[i] -= step * first / (root * ROOT(greatest) + epsilon);
  }
  return 0;
}

struct NAMED(entry) {
  const char *name;
  double (*loop)(ARGUMENTS);
  T scalars[9];
};

#define ADAM 0.9, 0.1, 0.999, 0.001, 1e-9, 1.01, 1e-8
/* With the gradients cleared, moments that decay would soon be subnormal: these stay. */
#define ADAM_STANDING 1, 0.1, 1, 0.001, 1e-9, 1.01, 1e-8
#define ENTRY(name, ...) {#name, NAMED(name), {__VA_ARGS__}}

static struct NAMED(entry) NAMED(table)[] = {
  ENTRY(axpy, 1e-9), ENTRY(axpby, 0.5, 0.5), ENTRY(scale, -1), ENTRY(copy, 0), ENTRY(fill, 0.5),
  ENTRY(hadamardProduct, 0), ENTRY(flush, 1e-30), ENTRY(dot, 0), ENTRY(squaredNorm, 0), ENTRY(sum, 0),
  ENTRY(absoluteSum, 0), ENTRY(absoluteMaximum, 0), ENTRY(nonFiniteCount, 0), ENTRY(sgd, 1e-9),
  ENTRY(momentum, 1e-9, 0.9), ENTRY(adagrad, 1e-9, 1e-10), ENTRY(adam, ADAM),
  ENTRY(adamEverything, ADAM_STANDING, 0.5, 1e-9), ENTRY(amsgrad, ADAM),
};

/* Times a loop on arrays of n elements: samples of some length for `budget` nanoseconds, of which the median. */
static double NAMED(time)(const char *name, int n, double budget) {
  const struct NAMED(entry) *entry = NAMED(table);
  const struct NAMED(entry) *end = entry + sizeof NAMED(table) / sizeof *entry;
  while (entry < end && strcmp(entry->name, name) != 0) entry++;
  if (entry == end) return -1;
  T *a[ARRAYS];
  for (int k = 0; k < ARRAYS; k++) {
    a[k] = (T *)place(k, (size_t)n * sizeof(T));
    const double least = k < SIGNED_ARRAYS ? -0.5 : 0.01;
    for (int i = 0; i < n; i++) a[k][i] = (T)(random_numbers[i % RANDOM_NUMBERS] + least);
  }
  volatile double sink = 0;
  double samples[MOST_SAMPLES];
  double used = 0;
  int count = 0;
  for (long repeats = 1; count < MOST_SAMPLES && (used < budget || count < LEAST_SAMPLES);) {
    const double start = now();
    for (long r = 0; r < repeats; r++) sink += entry->loop(n, a[0], a[1], a[2], a[3], a[4], entry->scalars);
    const double spent = now() - start;
    if (spent < LEAST_SAMPLE) {
      repeats *= 2;
      count = 0;
      used = 0;
    } else {
      used += spent;
      samples[count++] = spent / repeats;
    }
  }
  return median(samples, count);
}

#undef ARGUMENTS
#undef LOOP
#undef REDUCTION
#undef PLUS
#undef GREATER
#undef ADAM
#undef ADAM_STANDING
#undef ENTRY
