#if defined(__ARM_NEON)
#include <arm_neon.h>

#include "../portable/tables.h"
#include "../templates/vector.h"

#define BK_NAME(name) name##__neon
#if defined(__aarch64__)
#define BK_I4_QUADS 4
#else
#define BK_I4_QUADS 2
#endif

// Group g of four values, in both halves of an element.
typedef struct {
  int8x8_t groups[8];
} bk_i4_rows;

BK_INLINE bk_i4_rows bk_i4_load(const int8_t *a) {
  bk_i4_rows rows;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    int32x2_t eight = vreinterpret_s32_s8(vld1_s8(a + 8 * i));
    rows.groups[2 * i] = vreinterpret_s8_s32(vdup_lane_s32(eight, 0));
    rows.groups[2 * i + 1] = vreinterpret_s8_s32(vdup_lane_s32(eight, 1));
  }
  return rows;
}

// Unsigned fours times int8: eight products stay within int16.
BK_INLINE int32x4_t bk_i4_quad(const uint8_t *b, bk_i4_rows a) {
  int16x8_t low = vdupq_n_s16(0), high = vdupq_n_s16(0);
#pragma clang loop unroll(full)
  for (size_t j = 0; j < 4; j++, b += 16 * BK_I4_QUADS) {
    uint8x16_t bytes = vld1q_u8(b);
    int8x16_t near = vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(15)));
    int8x16_t far = vreinterpretq_s8_u8(vshrq_n_u8(bytes, 4));
    low = vmlal_s8(low, vget_low_s8(near), a.groups[j]);
    high = vmlal_s8(high, vget_high_s8(near), a.groups[j]);
    low = vmlal_s8(low, vget_low_s8(far), a.groups[4 + j]);
    high = vmlal_s8(high, vget_high_s8(far), a.groups[4 + j]);
  }
  int32x4_t first = vpaddlq_s16(low), second = vpaddlq_s16(high);
  return vcombine_s32(
      vpadd_s32(vget_low_s32(first), vget_high_s32(first)),
      vpadd_s32(vget_low_s32(second), vget_high_s32(second)));
}

#include "i4_gemm.inc.h"
#endif
