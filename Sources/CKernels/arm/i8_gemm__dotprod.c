#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__dotprod
#define BK_I8_NR 16
#define BK_I8_MR 4

// The panel is already in the order that the instruction wants: four values of k for each of four columns.
BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  int32x4_t sum[BK_I8_MR][4];
  memset(sum, 0, sizeof sum);
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    for (size_t kk = 0; kk < run; kk += 8, b += 128) {
      BK_LOOP_OF_TILE("i8", rows, BK_I8_NR);
      int8x8_t x[BK_I8_MR];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) x[r] = vld1_s8(a[r] + kk);
#pragma clang loop unroll(full)
      for (int q = 0; q < 4; q++) {
        int8x16_t w0 = vld1q_s8(b + 16 * q), w1 = vld1q_s8(b + 16 * q + 64);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          sum[r][q] = vdotq_lane_s32(sum[r][q], w0, x[r], 0);
          sum[r][q] = vdotq_lane_s32(sum[r][q], w1, x[r], 1);
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) memcpy(sums + r * BK_I8_NR, sum[r], sizeof sum[r]);
}

#include "../templates/i8_gemm.inc.h"
#pragma clang attribute pop
#endif
