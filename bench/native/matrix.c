/*
 * The native peer of the matrix products: a command a line on standard input, a number a line on standard output.
 *
 *   gemm f32|f64 N MILLISECONDS   nanoseconds of C <- A B, all N x N, N a multiple of 8
 *   peak f32|f64 0 MILLISECONDS   nanoseconds of a flop of multiplications and additions in registers alone
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The blocks of assembly/matrix/multiply.ts. */
#define DEPTH 256
#define BLOCK_ROWS 120
#define BLOCK_PANELS 64

#define MOST_SAMPLES 4096
#define LEAST_SAMPLES 3
/* Nanoseconds: long against the clock, short against the time slices of the system. */
#define LEAST_SAMPLE 200000.0

#if defined(__x86_64__)
#define REGISTER(v) "+x"(v)
#else
#define REGISTER(v) "+w"(v)
#endif

/* Processor time: a large product is too long for nothing to come between. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int count) {
  qsort(values, count, sizeof *values, ascending);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

typedef float floats __attribute__((vector_size(16)));
typedef double doubles __attribute__((vector_size(16)));

#define T float
#define V floats
#define NAMED(f) f##_f32
#include "tile.h"
#undef T
#undef V
#undef NAMED

#define T double
#define V doubles
#define NAMED(f) f##_f64
#include "tile.h"

int main(void) {
  char line[256], what[64], dtype[8];
  int n;
  double milliseconds;
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "%63s %7s %d %lf", what, dtype, &n, &milliseconds) != 4 || n % 8 != 0) {
      printf("-1\n");
      continue;
    }
    const double budget = milliseconds * 1e6;
    printf("%.17g\n", strcmp(dtype, "f32") == 0 ? time_f32(what, n, budget) : time_f64(what, n, budget));
  }
  return 0;
}
