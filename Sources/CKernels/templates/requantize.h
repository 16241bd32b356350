// From an int32 sum to the scale of the result, as TFLite's reference kernels round: shift to the
// left first, a saturating rounding doubling high multiply, then a rounding shift to the right with
// ties away from zero (MultiplyByQuantizedMultiplier with two roundings).
#ifndef BRAMBLE_REQUANTIZE_H
#define BRAMBLE_REQUANTIZE_H

#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include "vector.h"

// (x * multiplier * 2 + 2^31) >> 32. The reference's truncation of a nudged product is the same
// number; only INT32_MIN times itself saturates, and multipliers are not negative.
BK_INLINE int32_t bk_doubling_high_multiply_one(int32_t x, int32_t multiplier) {
  return (int32_t)(((int64_t)x * multiplier + (1 << 30)) >> 31);
}

BK_INLINE int32_t bk_rounding_shift_one(int32_t x, int32_t count) {
  int32_t mask = (int32_t)((1u << count) - 1);
  return (x >> count) + ((x & mask) > (mask >> 1) + (x < 0));
}

// The shift lies in [-31, 30]; bits that a left shift pushes out are lost, as in the reference.
BK_INLINE int32_t bk_requantize_one(int32_t x, int32_t multiplier, int32_t shift) {
  int32_t left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  x = (int32_t)((uint32_t)x << left);
  return bk_rounding_shift_one(bk_doubling_high_multiply_one(x, multiplier), right);
}

// The product and the shift rounded together, half up.
BK_INLINE int32_t bk_requantize_once_one(int32_t x, int32_t multiplier, int32_t shift) {
  return (int32_t)(((int64_t)x * multiplier + ((int64_t)1 << (30 - shift))) >> (31 - shift));
}

BK_INLINE bk_i32x8 bk_load_i32(const int32_t *p) {
  bk_i32x8 v;
  memcpy(&v, p, sizeof v);
  return v;
}

BK_INLINE bk_i32x8 bk_doubling_high_multiply(bk_i32x8 x, bk_i32x8 multiplier) {
#if defined(__ARM_NEON)
  int32x4_t v[2], m[2];
  memcpy(v, &x, sizeof v);
  memcpy(m, &multiplier, sizeof m);
  v[0] = vqrdmulhq_s32(v[0], m[0]);
  v[1] = vqrdmulhq_s32(v[1], m[1]);
  memcpy(&x, v, sizeof v);
  return x;
#elif defined(__x86_64__)
  // There is a product of the even lanes only; so the odd ones are a product of their own.
  typedef int64_t bk_i64x4 __attribute__((ext_vector_type(4)));
  typedef uint64_t bk_u64x4 __attribute__((ext_vector_type(4)));
  bk_i64x4 xs = (bk_i64x4)x, ms = (bk_i64x4)multiplier;
  bk_i64x4 even = (xs << 32 >> 32) * (ms << 32 >> 32) + (1 << 30);
  bk_i64x4 odd = (xs >> 32) * (ms >> 32) + (1 << 30);
  bk_i32x8 low = (bk_i32x8)((bk_u64x4)even >> 31), high = (bk_i32x8)((bk_u64x4)odd << 1);
  return __builtin_shufflevector(low, high, 0, 9, 2, 11, 4, 13, 6, 15);
#else
  // Only bits 31 to 62 are kept, so it does not matter that this shift fills with zeros.
  typedef int64_t bk_i64x8 __attribute__((ext_vector_type(8)));
  typedef uint64_t bk_u64x8 __attribute__((ext_vector_type(8)));
  bk_i64x8 product =
      __builtin_convertvector(x, bk_i64x8) * __builtin_convertvector(multiplier, bk_i64x8);
  return __builtin_convertvector((bk_u64x8)(product + (1 << 30)) >> 31, bk_i32x8);
#endif
}

BK_INLINE bk_i32x8 bk_rounding_shift(bk_i32x8 x, bk_i32x8 count) {
#if defined(__ARM_NEON)
  // The instruction rounds half up: a negative value, less one, is rounded half away from zero.
  int32x4_t v[2], right[2];
  bk_i32x8 negated = -count;
  memcpy(v, &x, sizeof v);
  memcpy(right, &negated, sizeof right);
  for (int i = 0; i < 2; i++) {
    int32x4_t less = vshrq_n_s32(vandq_s32(v[i], right[i]), 31);
    v[i] = vrshlq_s32(vqaddq_s32(v[i], less), right[i]);
  }
  memcpy(&x, v, sizeof v);
  return x;
#else
  bk_i32x8 mask = ~((bk_i32x8)(-1) << count);
  bk_i32x8 threshold = (mask >> 1) - (x < 0);
  return (x >> count) - ((x & mask) > threshold);
#endif
}

// Eight values, each with its own multiplier and shift.
BK_INLINE bk_i32x8 bk_requantize(bk_i32x8 x, bk_i32x8 multiplier, bk_i32x8 shift) {
  bk_i32x8 left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  return bk_rounding_shift(bk_doubling_high_multiply(x << left, multiplier), right);
}

#endif
