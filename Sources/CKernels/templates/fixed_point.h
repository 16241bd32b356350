// Fixed-point arithmetic as gemmlowp and TFLite define it, on one value.
#ifndef BRAMBLE_FIXED_POINT_H
#define BRAMBLE_FIXED_POINT_H

#include <stdint.h>

#include "../include/bk_quantized.h"

#define BK_FIXED static inline __attribute__((unused))

// The high half of the doubled product, rounded half up.
BK_FIXED int32_t bk_high_product(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

// Divided by 2^bits, ties away from zero; bits from 0 to 31.
BK_FIXED int32_t bk_round_shift(int32_t x, int32_t bits) {
  int32_t mask = (int32_t)(((int64_t)1 << bits) - 1), threshold = (mask >> 1) + (x < 0);
  return (x >> bits) + ((x & mask) > threshold);
}

BK_FIXED int32_t bk_rescaled(int32_t x, bk_scale scale) {
  int32_t shifted = scale.shift > 0 ? (int32_t)((uint32_t)x << scale.shift) : x;
  return bk_round_shift(bk_high_product(shifted, scale.multiplier), scale.shift < 0 ? -scale.shift : 0);
}

BK_FIXED int32_t bk_clamped(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : x > high ? high : x;
}

// Shifted left, saturating.
BK_FIXED int32_t bk_saturated_shift(int32_t x, int32_t bits) {
  int64_t wide = (int64_t)x * ((int64_t)1 << bits);
  return wide < INT32_MIN ? INT32_MIN : wide > INT32_MAX ? INT32_MAX : (int32_t)wide;
}

#endif
