#if defined(__aarch64__)
#include <arm_neon.h>

#include "../portable/tables.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "../templates/vector.h"

#define BK_NAME(name) name##__dotprod
#define BK_I4_QUADS 4

typedef struct {
  int8x16_t near, far;
} bk_i4_rows;

BK_INLINE bk_i4_rows bk_i4_load(const int8_t *a) {
  return (bk_i4_rows){vld1q_s8(a), vld1q_s8(a + 16)};
}

#define FOUR_OF_K(j)                                                                       \
  bytes = vld1q_u8(b + 16 * BK_I4_QUADS * j);                                              \
  near = vdotq_laneq_s32(                                                                  \
      near, vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(15))), a.near, j);              \
  far = vdotq_laneq_s32(far, vreinterpretq_s8_u8(vshrq_n_u8(bytes, 4)), a.far, j);

BK_INLINE int32x4_t bk_i4_quad(const uint8_t *b, bk_i4_rows a) {
  int32x4_t near = vdupq_n_s32(0), far = vdupq_n_s32(0);
  uint8x16_t bytes;
  FOUR_OF_K(0)
  FOUR_OF_K(1)
  FOUR_OF_K(2)
  FOUR_OF_K(3)
  return vaddq_s32(near, far);
}

#include "i4_gemm.inc.h"
#pragma clang attribute pop
#endif
