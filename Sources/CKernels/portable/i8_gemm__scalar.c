#include "../include/CKernels.h"
#include "../templates/vector.h"
#include "tables.h"

static void store(const bk_i8_gemm_args *args, size_t m, size_t n, int32_t sum) {
  float scale = args->b_scale[n] * args->a_scale[m * args->a_scale_stride];
  float y = (float)sum * scale;
  y = y + (args->bias ? args->bias[n] : 0.0f);
  y = y < args->low ? args->low : y;
  args->c[m * args->c_stride + n] = y > args->high ? args->high : y;
}

// Four columns, two groups of k at a time: what ARMv6 has registers for.
static void row_of_four(const bk_i8_gemm_args *args, size_t m, size_t n0, size_t groups) {
  const int8_t *a = args->a + m * args->a_stride, *b = args->b + n0 * groups * BK_I8_KR;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (size_t g = 0; g < groups; g++, a += 4, b += 16) {
    int32_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
    s0 += a0 * b[0] + a1 * b[1] + a2 * b[2] + a3 * b[3];
    s1 += a0 * b[4] + a1 * b[5] + a2 * b[6] + a3 * b[7];
    s2 += a0 * b[8] + a1 * b[9] + a2 * b[10] + a3 * b[11];
    s3 += a0 * b[12] + a1 * b[13] + a2 * b[14] + a3 * b[15];
  }
  int32_t sums[4] = {s0, s1, s2, s3};
  for (size_t i = 0; i < 4 && n0 + i < args->n; i++) store(args, m, n0 + i, sums[i]);
}

static void row_of_any(const bk_i8_gemm_args *args, size_t m, size_t n0, size_t groups) {
  const int8_t *a = args->a + m * args->a_stride, *b = args->b + n0 * groups * BK_I8_KR;
  for (size_t i = 0; i < args->nr && n0 + i < args->n; i++) {
    int32_t sum = 0;
    for (size_t g = 0; g < groups; g++) {
      const int8_t *column = b + (g * args->nr + i) * BK_I8_KR;
      for (size_t j = 0; j < BK_I8_KR; j++) sum += (int32_t)a[g * BK_I8_KR + j] * column[j];
    }
    store(args, m, n0 + i, sum);
  }
}

void bk_i8_gemm__scalar(const bk_i8_gemm_args *args) {
  size_t k = (args->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
  for (size_t n0 = 0; n0 < args->n; n0 += args->nr)
    for (size_t m = 0; m < args->m; m++)
      if (args->nr == 4)
        row_of_four(args, m, n0, k / BK_I8_KR);
      else
        row_of_any(args, m, n0, k / BK_I8_KR);
}
