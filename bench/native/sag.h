/*
 * SAG on dense rows with the logistic loss, for one element type (T and NAMED as in loops.h): the algorithm of the
 * kernel, step for step, on rows in the order they have in the file. Rows of random order are fetched ahead.
 */

/* Rows ahead of the present one: far enough for a memory access, near enough to stay in the first cache. */
#define AHEAD 4
#define LINE 64
#define SUMS (LINE / sizeof(T))

static struct {
  T *x;         /* rows x columns, rows padded with zeros to whole lines */
  T *labels;
  T *residuals; /* NaN: not drawn yet */
  T *weights;
  T *sums;
  size_t columns;
} NAMED(problem);

static void NAMED(load)(int rows, int columns) {
  const size_t padded = (columns * sizeof(T) + LINE - 1) / LINE * LINE / sizeof(T);
  T *x = aligned_alloc(LINE, rows * padded * sizeof(T));
  memset(x, 0, rows * padded * sizeof(T));
  FILE *file = fopen("features." SUFFIX, "rb");
  must(file != NULL);
  for (int i = 0; i < rows; i++) must(fread(x + i * padded, sizeof(T), columns, file) == (size_t)columns);
  fclose(file);
  NAMED(problem).x = x;
  NAMED(problem).columns = padded;
  NAMED(problem).labels = malloc(rows * sizeof(T));
  file = fopen("labels." SUFFIX, "rb");
  must(file != NULL && fread(NAMED(problem).labels, sizeof(T), rows, file) == (size_t)rows);
  fclose(file);
  NAMED(problem).residuals = malloc(rows * sizeof(T));
  for (int i = 0; i < rows; i++) NAMED(problem).residuals[i] = NAN;
  NAMED(problem).weights = aligned_alloc(LINE, padded * sizeof(T));
  NAMED(problem).sums = aligned_alloc(LINE, padded * sizeof(T));
  memset(NAMED(problem).weights, 0, padded * sizeof(T));
  memset(NAMED(problem).sums, 0, padded * sizeof(T));
}

static void NAMED(sag)(int steps, const int *order, double step, double l2) {
  static double intercept = 0, intercept_sum = 0, seen = 0;
  const size_t columns = NAMED(problem).columns;
  T *restrict weights = NAMED(problem).weights;
  T *restrict sums = NAMED(problem).sums;
  const T shrink = (T)(step * l2);
  for (int k = 0; k < steps; k++) {
    if (k + AHEAD < steps) {
      const char *next = (const char *)(NAMED(problem).x + columns * order[k + AHEAD]);
      for (size_t b = 0; b < columns * sizeof(T); b += LINE) __builtin_prefetch(next + b);
      __builtin_prefetch(NAMED(problem).labels + order[k + AHEAD]);
      __builtin_prefetch(NAMED(problem).residuals + order[k + AHEAD]);
    }
    const int row = order[k];
    const T *restrict x = NAMED(problem).x + columns * row;
    /* As many sums as a line has elements: no row is shorter, and the compiler may use vectors without -ffast-math. */
    T partial[SUMS] = {0};
    for (size_t j = 0; j < columns; j += SUMS)
      for (size_t q = 0; q < SUMS; q++) partial[q] += x[j + q] * weights[j + q];
    double prediction = intercept;
    for (size_t q = 0; q < SUMS; q++) prediction += partial[q];
    const double label = NAMED(problem).labels[row];
    const T derivative = (T)(-label / (1 + exp(fmin(fmax(label * prediction, -60), 60))));
    const T stored = NAMED(problem).residuals[row];
    NAMED(problem).residuals[row] = derivative;
    if (stored != stored) seen++;
    const double change = stored == stored ? (double)derivative - stored : derivative;
    const double rate = step / seen;
    const T c = (T)change, r = (T)rate;
    for (size_t j = 0; j < columns; j++) {
      const T sum = sums[j] + c * x[j];
      sums[j] = sum;
      weights[j] -= r * sum + shrink * weights[j];
    }
    intercept_sum += change;
    intercept -= rate * intercept_sum;
  }
}

#undef AHEAD
#undef LINE
#undef SUMS
