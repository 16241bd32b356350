#if defined(__ARM_NEON)
#include <arm_neon.h>
#include <string.h>

#include "../portable/tables.h"
#include "../templates/i8_store.h"

// A panel of 16 columns on AArch64 and of 8 on ARMv7, which has half the registers.
#if defined(__aarch64__)
#define QUADS 4
#else
#define QUADS 2
#endif

// Adds two groups of four products for the four columns of a quad. Two products of [-127, 127] fit
// in int16, so the second group goes onto the first before both are widened; each lane of a sum
// holds half of a column.
BK_INLINE void dot(int32x4_t sum[2], int8x16_t w0, int8x16_t w1, int8x8_t a0, int8x8_t a1) {
  int16x8_t low = vmull_s8(vget_low_s8(w0), a0), high = vmull_s8(vget_high_s8(w0), a0);
  low = vmlal_s8(low, vget_low_s8(w1), a1);
  high = vmlal_s8(high, vget_high_s8(w1), a1);
  sum[0] = vpadalq_s16(sum[0], low);
  sum[1] = vpadalq_s16(sum[1], high);
}

BK_INLINE int8x8_t group(int8x8_t a, const int lane) {
  int32x2_t v = vreinterpret_s32_s8(a);
  return vreinterpret_s8_s32(lane ? vdup_lane_s32(v, 1) : vdup_lane_s32(v, 0));
}

BK_INLINE int32x4_t joined(const int32x4_t sum[2]) {
  int32x2_t low = vpadd_s32(vget_low_s32(sum[0]), vget_high_s32(sum[0]));
  int32x2_t high = vpadd_s32(vget_low_s32(sum[1]), vget_high_s32(sum[1]));
  return vcombine_s32(low, high);
}

BK_INLINE void tile(const bk_i8_gemm_args *args, size_t m0, size_t n0, size_t k, const int rows) {
  const int8_t *b = args->b + n0 * k;
  const int8_t *a = args->a + m0 * args->a_stride;
  int32x4_t sum[2][QUADS][2];
  memset(sum, 0, sizeof sum);
  for (size_t kk = 0; kk < k; kk += 8, b += 32 * QUADS) {
    int8x8_t x[2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) x[r] = vld1_s8(a + (size_t)r * args->a_stride + kk);
#pragma clang loop unroll(full)
    for (int q = 0; q < QUADS; q++) {
      int8x16_t w0 = vld1q_s8(b + 16 * q), w1 = vld1q_s8(b + 16 * (q + QUADS));
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) dot(sum[r][q], w0, w1, group(x[r], 0), group(x[r], 1));
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int q = 0; q < QUADS; q += 2) {
      int32x4_t low = joined(sum[r][q]), high = joined(sum[r][q + 1]);
      bk_i32x8 both;
      memcpy(&both, &low, sizeof low);
      memcpy((char *)&both + sizeof low, &high, sizeof high);
      bk_i8_store(args, m0 + (size_t)r, n0 + 4 * (size_t)q, both);
    }
}

void bk_i8_gemm__neon(const bk_i8_gemm_args *args) {
  size_t k = (args->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
  for (size_t n0 = 0; n0 < args->n; n0 += 4 * QUADS) {
    size_t m0 = 0;
    for (; m0 + 2 <= args->m; m0 += 2) tile(args, m0, n0, k, 2);
    if (m0 < args->m) tile(args, m0, n0, k, 1);
  }
}
#endif
