#include "../include/CKernels.h"
#include "../templates/vector.h"
#include "tables.h"

static void store(const bk_f32_gemm_args *args, size_t m, size_t n, float y) {
  y = y < args->low ? args->low : y;
  args->c[m * args->c_stride + n] = y > args->high ? args->high : y;
}

static void row_of_four(const bk_f32_gemm_args *args, size_t m, size_t n0) {
  const float *a = args->a + m * args->a_stride, *b = args->b + n0 * args->k;
  float sums[4] = {0, 0, 0, 0};
  if (args->bias) memcpy(sums, args->bias + n0, sizeof sums);
  float s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (size_t k = 0; k < args->k; k++, b += 4) {
    float x = a[k];
    s0 += x * b[0];
    s1 += x * b[1];
    s2 += x * b[2];
    s3 += x * b[3];
  }
  float done[4] = {s0, s1, s2, s3};
  for (size_t i = 0; i < 4 && n0 + i < args->n; i++) store(args, m, n0 + i, done[i]);
}

static void row_of_any(const bk_f32_gemm_args *args, size_t m, size_t n0) {
  const float *a = args->a + m * args->a_stride, *b = args->b + n0 * args->k;
  for (size_t i = 0; i < args->nr && n0 + i < args->n; i++) {
    float sum = args->bias ? args->bias[n0 + i] : 0;
    for (size_t k = 0; k < args->k; k++) sum += a[k] * b[k * args->nr + i];
    store(args, m, n0 + i, sum);
  }
}

void bk_f32_gemm__scalar(const bk_f32_gemm_args *args) {
  for (size_t n0 = 0; n0 < args->n; n0 += args->nr)
    for (size_t m = 0; m < args->m; m++)
      if (args->nr == 4)
        row_of_four(args, m, n0);
      else
        row_of_any(args, m, n0);
}
