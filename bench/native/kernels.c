/*
 * The native peer: C loops that time themselves. A command a line on standard input, a number a line on standard output:
 *
 *   loop NAME f32|f64 N MILLISECONDS   nanoseconds per call of a loop of loops.h on arrays of N elements; -1: unknown
 *   load ROWS COLUMNS STEP L2          0, once the data set in the present folder has been read
 *   sag f32|f64 EPOCH                  nanoseconds per row of SAG in the order of that number, median of its slices
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rows of a timed slice of SAG, as many as a call of the kernel visits. */
#define SLICE 2048

#define ARRAYS 5
#define SIGNED_ARRAYS 3
#define MOST_SAMPLES 4096
#define LEAST_SAMPLES 3
/* Nanoseconds: long against the clock, short against the time slices of the system. */
#define LEAST_SAMPLE 200000.0

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void must(int held) {
  if (held) return;
  fprintf(stderr, "native peer: the data set can't be read\n");
  exit(1);
}

/* Uniform in [0, 1), drawn once: the arrays are filled anew for every command. */
#define RANDOM_NUMBERS 65536
static double random_numbers[RANDOM_NUMBERS];

static void draw_random_numbers(void) {
  uint32_t state = 1;
  for (int i = 0; i < RANDOM_NUMBERS; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    random_numbers[i] = state / 4294967296.0;
  }
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int count) {
  qsort(values, count, sizeof *values, ascending);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The arrays lie side by side on lines, as in the memory of the kernels. */
static char *place(int k, size_t bytes) {
  static char *block = NULL;
  static size_t size = 0;
  const size_t each = (bytes + 63) / 64 * 64;
  if (size < ARRAYS * each) {
    free(block);
    size = ARRAYS * each;
    block = aligned_alloc(64, size);
  }
  return block + k * each;
}

#define T float
#define SUFFIX "f32"
#define NAMED(f) f##_f32
#define ROOT sqrtf
#define MAGNITUDE fabsf
#include "loops.h"
#include "sag.h"
#undef T
#undef SUFFIX
#undef NAMED
#undef ROOT
#undef MAGNITUDE

#define T double
#define SUFFIX "f64"
#define NAMED(f) f##_f64
#define ROOT sqrt
#define MAGNITUDE fabs
#include "loops.h"
#include "sag.h"

static int *orders;
static int orders_rows, orders_count;
static double step, l2;

static void load(int rows, int columns) {
  FILE *file = fopen("orders.i32", "rb");
  must(file != NULL);
  fseek(file, 0, SEEK_END);
  const size_t length = ftell(file) / sizeof(int);
  rewind(file);
  orders_rows = rows;
  orders_count = (int)(length / rows);
  orders = malloc(length * sizeof(int));
  must(fread(orders, sizeof(int), length, file) == length);
  fclose(file);
  load_f32(rows, columns);
  load_f64(rows, columns);
}

int main(void) {
  char line[256], name[64], dtype[8];
  int n, columns, epoch;
  double milliseconds;
  setvbuf(stdout, NULL, _IOLBF, 0);
  draw_random_numbers();
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "loop %63s %7s %d %lf", name, dtype, &n, &milliseconds) == 4) {
      const double budget = milliseconds * 1e6;
      printf("%.17g\n", strcmp(dtype, "f32") == 0 ? time_f32(name, n, budget) : time_f64(name, n, budget));
    } else if (sscanf(line, "load %d %d %lf %lf", &n, &columns, &step, &l2) == 4) {
      load(n, columns);
      printf("0\n");
    } else if (sscanf(line, "sag %7s %d", dtype, &epoch) == 2) {
      const int *order = orders + (size_t)(epoch % orders_count) * orders_rows;
      double samples[MOST_SAMPLES];
      int count = 0;
      for (int first = 0; first + SLICE <= orders_rows && count < MOST_SAMPLES; first += SLICE) {
        const double start = now();
        if (strcmp(dtype, "f32") == 0) sag_f32(SLICE, order + first, step, l2);
        else sag_f64(SLICE, order + first, step, l2);
        samples[count++] = (now() - start) / SLICE;
      }
      printf("%.17g\n", median(samples, count));
    } else {
      printf("-1\n");
    }
  }
  return 0;
}
