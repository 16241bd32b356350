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

// 1 / sqrt(x) by Newton's method in fixed point, as TFLite has it; for 1 and below the largest factor.
BK_FIXED bk_scale bk_inverse_root(int32_t x) {
  if (x <= 1) return (bk_scale){INT32_MAX, 0};
  int32_t right = 11;
  while (x >= 1 << 29) x /= 4, right++;
  int32_t left = __builtin_clz((uint32_t)x) - 1, pairs = left / 2 - 1;
  right -= pairs;
  x = (x << 2 * pairs) >> 1;
  int32_t y = 1 << 28;
  int32_t half = bk_round_shift(x, 1), half_three = (1 << 28) + (1 << 27);
  for (int i = 0; i < 5; i++) {
    int32_t cube = bk_saturated_shift(bk_high_product(bk_high_product(y, y), y), 6);
    y = bk_saturated_shift(
        bk_high_product(half_three, y) - bk_high_product(half, cube), 3);
  }
  int32_t factor = bk_high_product(y, 1518500250);
  if (right < 0) return (bk_scale){bk_saturated_shift(factor, -right), 0};
  return (bk_scale){factor, -right};
}

#endif
