/*
 * The product of assembly/matrix in C, for one element type: the same loop nest, the same tile of four rows by two vectors
 * of 128 bits, written with the vectors of gcc and clang. Included once for each: T is the type, V a vector of it,
 * NAMED(f) the name of a function for it.
 */

#define LANES ((int)(sizeof(V) / sizeof(T)))
#define COLUMNS (2 * LANES)

static inline V NAMED(spread)(const T *x) {
  return *x - (V){0};
}

static inline V NAMED(load)(const T *x) {
  V v;
  memcpy(&v, x, sizeof v);
  return v;
}

static inline void NAMED(finish)(T *c, T alpha, V low, V high, T beta) {
  V results[2] = {alpha * low, alpha * high};
  if (beta != 0) {
    results[0] += beta * NAMED(load)(c);
    results[1] += beta * NAMED(load)(c + LANES);
  }
  memcpy(c, results, sizeof results);
}

static void NAMED(tile)(int k, const T *a, int lda, const T *b, T alpha, T beta, T *c, int ldc) {
  V low0 = {0}, low1 = {0}, low2 = {0}, low3 = {0}, high0 = {0}, high1 = {0}, high2 = {0}, high3 = {0};
  const T *a1 = a + lda, *a2 = a1 + lda, *a3 = a2 + lda;
  for (int p = 0; p < k; p++, b += COLUMNS) {
    const V low = NAMED(load)(b), high = NAMED(load)(b + LANES);
    V x = NAMED(spread)(a + p);
    low0 += x * low;
    high0 += x * high;
    x = NAMED(spread)(a1 + p);
    low1 += x * low;
    high1 += x * high;
    x = NAMED(spread)(a2 + p);
    low2 += x * low;
    high2 += x * high;
    x = NAMED(spread)(a3 + p);
    low3 += x * low;
    high3 += x * high;
  }
  NAMED(finish)(c, alpha, low0, high0, beta);
  NAMED(finish)(c + ldc, alpha, low1, high1, beta);
  NAMED(finish)(c + 2 * ldc, alpha, low2, high2, beta);
  NAMED(finish)(c + 3 * ldc, alpha, low3, high3, beta);
}

/* C <- A B for sizes that are multiples of the tile's. */
static void NAMED(gemm)(int m, int n, int k, const T *a, const T *b, T *c, T *panels) {
  for (int j = 0; j < n; j += BLOCK_PANELS * COLUMNS) {
    const int width = n - j < BLOCK_PANELS * COLUMNS ? n - j : BLOCK_PANELS * COLUMNS;
    for (int p = 0; p < k; p += DEPTH) {
      const int depth = k - p < DEPTH ? k - p : DEPTH;
      for (int q = 0; q < width; q += COLUMNS)
        for (int r = 0; r < depth; r++)
          memcpy(panels + (size_t)q * depth + r * COLUMNS, b + (size_t)(p + r) * n + j + q, 2 * sizeof(V));
      for (int i = 0; i < m; i += BLOCK_ROWS) {
        const int height = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS;
        for (int q = 0; q < width; q += COLUMNS)
          for (int r = 0; r < height; r += 4)
            NAMED(tile)(
              depth, a + (size_t)(i + r) * k + p, k, panels + (size_t)q * depth, 1, p > 0, c + (size_t)(i + r) * n + j + q, n
            );
      }
    }
  }
}

/* Multiplications and additions in registers alone, eight sums side by side: what 128 bits can do. Returns the flops. */
static double NAMED(peak)(int turns) {
  V x0 = {0}, x1 = {0}, y0 = {0}, y1 = {0}, y2 = {0}, y3 = {0};
  V s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
  for (int turn = 0; turn < turns; turn++) {
    /* The compiler is told that these may have changed, so that it makes every product anew. */
    __asm__ volatile("" : REGISTER(x0), REGISTER(x1));
    s0 += x0 * y0;
    s1 += x1 * y0;
    s2 += x0 * y1;
    s3 += x1 * y1;
    s4 += x0 * y2;
    s5 += x1 * y2;
    s6 += x0 * y3;
    s7 += x1 * y3;
    __asm__ volatile("" : REGISTER(y0), REGISTER(y1), REGISTER(y2), REGISTER(y3));
  }
  __asm__ volatile("" : REGISTER(s0), REGISTER(s1), REGISTER(s2), REGISTER(s3));
  __asm__ volatile("" : REGISTER(s4), REGISTER(s5), REGISTER(s6), REGISTER(s7));
  return 2.0 * 8 * LANES * turns;
}

/* Nanoseconds of a product of n x n, or of one flop of `peak`: samples for `budget` nanoseconds, of which the median. */
static double NAMED(time)(const char *what, int n, double budget) {
  const size_t square = (size_t)n * n;
  const size_t elements = 3 * square + (size_t)DEPTH * BLOCK_PANELS * COLUMNS;
  T *a = aligned_alloc(64, elements * sizeof(T) / 64 * 64 + 64);
  T *b = a + square, *c = b + square, *panels = c + square;
  for (size_t i = 0; i < 2 * square; i++) a[i] = (T)((i * 7919 % 1009) / 1009.0 - 0.5);
  double samples[MOST_SAMPLES];
  double used = 0;
  int count = 0;
  for (int repeats = 1; count < MOST_SAMPLES && (used < budget || count < LEAST_SAMPLES);) {
    double units = repeats;
    const double start = now();
    if (strcmp(what, "peak") == 0) units = NAMED(peak)(1000 * repeats);
    else for (int r = 0; r < repeats; r++) NAMED(gemm)(n, n, n, a, b, c, panels);
    const double spent = now() - start;
    if (spent < LEAST_SAMPLE) {
      repeats *= 2;
    } else {
      used += spent;
      samples[count++] = spent / units;
    }
  }
  free(a);
  return median(samples, count);
}

#undef LANES
#undef COLUMNS
