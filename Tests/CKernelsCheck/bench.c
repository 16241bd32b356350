#include "kernel_check.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

enum { units = 256, gates = 4 * units, steps = 32 };

// The recurrent part of two layers of 256 units over 32 steps, in int8 and in float.
static void run(const bk_kernels *kernels, bool int8, const void *b, const float *scales,
                const int32_t *sums, float *buffer, float *c, float *h) {
  int8_t q[units + 64];
  float scale;
  for (int step = 0; step < 2 * steps; step++) {
    memset(buffer, 0, gates * 4);
    bk_rows row = {int8 ? (void *)q : (void *)h, units, NULL, 1, NULL, units};
    if (int8) {
      kernels->quantized.f32_quantize_rows(1, units, h, units, q, units, &scale);
      bk_i8_product product = {1, gates, row, b, sums, kernels->i8_nr};
      bk_i8_f32_gemm_args args = {product, &scale, 0,         scales,  buffer,
                                  buffer,  gates,  -INFINITY, INFINITY};
      kernels->gemm.i8_f32_gemm(&args);
    } else {
      bk_float_gemm_args args = {1,      gates, row,       b,        buffer,
                                 buffer, gates, -INFINITY, INFINITY, kernels->f32_nr};
      kernels->gemm.f32_gemm(&args);
    }
    kernels->recurrent.f32_lstm_cell(units, units, buffer, c, h);
  }
}

int bench(void) {
  sequence s = {7};
  float *w = random_floats(&s, gates * units, 0.1f), *scales = random_floats(&s, gates, 0.001f);
  int8_t *w8 = random_weights(&s, gates * units), *b8 = zeroed(gates * units);
  float *b = zeroed(gates * units * 4);
  int32_t *sums = zeroed(gates * 4);
  float *buffer = zeroed(gates * 4), *c = zeroed(units * 4), *h = random_floats(&s, units, 1);
  for (size_t i = 0; bk_kernels_at(i); i++) {
    const bk_kernels *kernels = bk_kernels_at(i);
    bk_f32_pack(gates, units, w, 1, units, kernels->f32_nr, b);
    bk_i8_pack(gates, 1, units, w8, 1, units, kernels->i8_nr, b8, sums);
    for (int int8 = 0; int8 < 2; int8++) {
      double best = 1e9;
      for (int round = 0; round < 7; round++) {
        double start = now();
        run(kernels, int8, int8 ? (void *)b8 : (void *)b, scales, sums, buffer, c, h);
        double took = now() - start;
        best = took < best ? took : best;
      }
      printf("bench %s %s %.3f ms\n", kernels->name, int8 ? "int8" : "float32", best);
    }
  }
  return 0;
}
