#if defined(__ARM_NEON)
#include <arm_neon.h>
#include <string.h>

#include "../portable/tables.h"
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__neon
// A panel of 16 columns on AArch64 and of 8 on ARMv7, which has half the registers.
#if defined(__aarch64__)
#define QUADS 4
#else
#define QUADS 2
#endif
#define BK_I8_NR (4 * QUADS)
#define BK_I8_MR 2

// Adds two groups of four products for the four columns of a quad. Two products of a weight of [-127, 127]
// fit in int16, so the second group goes onto the first before both are widened; each lane of a sum
// holds half of a column.
#if defined(__aarch64__)
// On the Cortex-A72 one of two pipes multiplies, eight products a cycle: all else goes beside it.
typedef int8x16_t bk_group;
BK_INLINE void dot(int32x4_t sum[2], int8x16_t w0, int8x16_t w1, bk_group a0, bk_group a1) {
  int16x8_t low = vmull_s8(vget_low_s8(w0), vget_low_s8(a0)), high = vmull_high_s8(w0, a0);
  low = vmlal_s8(low, vget_low_s8(w1), vget_low_s8(a1));
  high = vmlal_high_s8(high, w1, a1);
  sum[0] = vpadalq_s16(sum[0], low);
  sum[1] = vpadalq_s16(sum[1], high);
}

BK_INLINE bk_group group(int8x8_t a, const int lane) {
  int32x2_t v = vreinterpret_s32_s8(a);
  return vreinterpretq_s8_s32(lane ? vdupq_lane_s32(v, 1) : vdupq_lane_s32(v, 0));
}
#else
typedef int8x8_t bk_group;
BK_INLINE void dot(int32x4_t sum[2], int8x16_t w0, int8x16_t w1, bk_group a0, bk_group a1) {
  int16x8_t low = vmull_s8(vget_low_s8(w0), a0), high = vmull_s8(vget_high_s8(w0), a0);
  low = vmlal_s8(low, vget_low_s8(w1), a1);
  high = vmlal_s8(high, vget_high_s8(w1), a1);
  sum[0] = vpadalq_s16(sum[0], low);
  sum[1] = vpadalq_s16(sum[1], high);
}

BK_INLINE bk_group group(int8x8_t a, const int lane) {
  int32x2_t v = vreinterpret_s32_s8(a);
  return vreinterpret_s8_s32(lane ? vdup_lane_s32(v, 1) : vdup_lane_s32(v, 0));
}
#endif

BK_INLINE int32x4_t joined(const int32x4_t sum[2]) {
  int32x2_t low = vpadd_s32(vget_low_s32(sum[0]), vget_high_s32(sum[0]));
  int32x2_t high = vpadd_s32(vget_low_s32(sum[1]), vget_high_s32(sum[1]));
  return vcombine_s32(low, high);
}

BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  int32x4_t sum[BK_I8_MR][QUADS][2];
  memset(sum, 0, sizeof sum);
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    for (size_t kk = 0; kk < run; kk += 8, b += 32 * QUADS) {
      BK_LOOP_OF_TILE("i8", rows, BK_I8_NR);
      bk_group x[BK_I8_MR][2];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        int8x8_t eight = vld1_s8(a[r] + kk);
        x[r][0] = group(eight, 0), x[r][1] = group(eight, 1);
      }
#pragma clang loop unroll(full)
      for (int q = 0; q < QUADS; q++) {
        int8x16_t w0 = vld1q_s8(b + 16 * q), w1 = vld1q_s8(b + 16 * (q + QUADS));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) dot(sum[r][q], w0, w1, x[r][0], x[r][1]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t q = 0; q < QUADS; q++) vst1q_s32(sums + r * BK_I8_NR + 4 * q, joined(sum[r][q]));
}

#include "../templates/i8_gemm.inc.h"
#endif
