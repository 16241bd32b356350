#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "../templates/i8_store.h"

// The panel is already in the order that the instruction wants: four values of k for each of four columns.
BK_INLINE void tile(const bk_i8_gemm_args *args, size_t m0, size_t n0, size_t k, const int rows) {
  const int8_t *b = args->b + n0 * k;
  const int8_t *a = args->a + m0 * args->a_stride;
  int32x4_t sum[4][4];
  memset(sum, 0, sizeof sum);
  for (size_t kk = 0; kk < k; kk += 8, b += 128) {
    int8x8_t x[4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) x[r] = vld1_s8(a + (size_t)r * args->a_stride + kk);
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) {
      int8x16_t w0 = vld1q_s8(b + 16 * q), w1 = vld1q_s8(b + 16 * q + 64);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        sum[r][q] = vdotq_lane_s32(sum[r][q], w0, x[r], 0);
        sum[r][q] = vdotq_lane_s32(sum[r][q], w1, x[r], 1);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q += 2) {
      bk_i32x8 both;
      memcpy(&both, &sum[r][q], 2 * sizeof(int32x4_t));
      bk_i8_store(args, m0 + (size_t)r, n0 + 4 * (size_t)q, both);
    }
}

void bk_i8_gemm__dotprod(const bk_i8_gemm_args *args) {
  size_t k = (args->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
  for (size_t n0 = 0; n0 < args->n; n0 += 16) {
    size_t m0 = 0;
    for (; m0 + 4 <= args->m; m0 += 4) tile(args, m0, n0, k, 4);
    for (; m0 < args->m; m0++) tile(args, m0, n0, k, 1);
  }
}

#pragma clang attribute pop
#endif
