// Eight int8 values at a time, widened to int32, and the rescaling of eight sums.
#ifndef BRAMBLE_I8_VECTOR_H
#define BRAMBLE_I8_VECTOR_H

#include "../include/bk_quantized.h"
#include "requantize.h"

// Kernels that the table of another file takes are visible there.
#ifndef BK_I8_LINKAGE
#define BK_I8_LINKAGE static
#endif

BK_INLINE bk_i32x8 bk_i8_load(const int8_t *p) {
  bk_i8x8 v;
  memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, bk_i32x8);
}

BK_INLINE bk_i32x8 bk_i8_load_part(const int8_t *p, size_t count) {
  int8_t lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  memcpy(lanes, p, count);
  return bk_i8_load(lanes);
}

BK_INLINE void bk_i8_store_part(int8_t *p, bk_i32x8 v, size_t count) {
  bk_i8x8 narrow = __builtin_convertvector(v, bk_i8x8);
  // The common count is known where it is compiled, and needs no call.
  if (count == 8)
    memcpy(p, &narrow, 8);
  else
    memcpy(p, &narrow, count);
}

BK_INLINE bk_i32x8 bk_i32_clamp(bk_i32x8 x, int32_t low, int32_t high) {
  x = __builtin_elementwise_max(x, (bk_i32x8)low);
  return __builtin_elementwise_min(x, (bk_i32x8)high);
}

// A scale taken apart once: the shift right rounds by adding `half`, one less for negative values.
typedef struct {
  int32_t multiplier, left, right, half, sign;
} bk_scale_parts;

BK_INLINE bk_scale_parts bk_parts(bk_scale scale) {
  int32_t right = scale.shift < 0 ? -scale.shift : 0;
  return (bk_scale_parts){
      .multiplier = scale.multiplier,
      .left = scale.shift > 0 ? scale.shift : 0,
      .right = right,
      .half = right ? 1 << (right - 1) : 0,
      .sign = right ? -1 : 0};
}

// For values that stay below 2^30 in magnitude, so that adding the half does not overflow.
BK_INLINE bk_i32x8 bk_i32_rescale(bk_i32x8 x, const bk_scale_parts *scale) {
  x = bk_doubling_high_multiply(x << scale->left, (bk_i32x8)scale->multiplier);
  return (x + scale->half + ((x >> 31) & scale->sign)) >> scale->right;
}

#endif
