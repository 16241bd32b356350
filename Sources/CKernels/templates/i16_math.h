// Sixteen int16 values in fixed point, and the functions of an LSTM's gates over them, exactly as gemmlowp defines
// them: sums wrap, products are the high half of the doubled product rounded half up.
#ifndef BRAMBLE_I16_MATH_H
#define BRAMBLE_I16_MATH_H

#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include "vector.h"

typedef int16_t bk_i16x16 __attribute__((ext_vector_type(16)));
typedef int32_t bk_i32x16 __attribute__((ext_vector_type(16)));

BK_INLINE bk_i16x16 bk_i16_load(const int16_t *p, size_t count) {
  bk_i16x16 v = (bk_i16x16)(int16_t)0;
  if (count == 16)
    memcpy(&v, p, sizeof v);
  else
    memcpy(&v, p, count * sizeof *p);
  return v;
}

BK_INLINE void bk_i16_store(int16_t *p, bk_i16x16 v, size_t count) {
  if (count == 16)
    memcpy(p, &v, sizeof v);
  else
    memcpy(p, &v, count * sizeof *p);
}

// Not for two operands of -2^15.
BK_INLINE bk_i16x16 bk_i16_product(bk_i16x16 a, bk_i16x16 b) {
#if defined(__ARM_NEON)
  int16x8_t x[2], y[2];
  memcpy(x, &a, sizeof x);
  memcpy(y, &b, sizeof y);
  x[0] = vqrdmulhq_s16(x[0], y[0]);
  x[1] = vqrdmulhq_s16(x[1], y[1]);
  memcpy(&a, x, sizeof a);
  return a;
#elif defined(BK_I16_PRODUCT)
  return (bk_i16x16)BK_I16_PRODUCT((__m256i)a, (__m256i)b);
#else
  bk_i32x16 wide = __builtin_convertvector(a, bk_i32x16) * __builtin_convertvector(b, bk_i32x16);
  return __builtin_convertvector((wide + (1 << 14)) >> 15, bk_i16x16);
#endif
}

BK_INLINE bk_i16x16 bk_i16_times(bk_i16x16 a, int16_t b) {
  return bk_i16_product(a, (bk_i16x16)b);
}

// Shifted left, saturating.
BK_INLINE bk_i16x16 bk_i16_widen(bk_i16x16 x, int bits) {
  int16_t limit = (int16_t)(32767 >> bits);
  bk_i16x16 y = x << (int16_t)bits;
  y = x > limit ? (bk_i16x16)(int16_t)32767 : y;
  return x < (int16_t)(-limit - 1) ? (bk_i16x16)(int16_t)-32768 : y;
}

// Divided by 2^bits, ties away from zero; for magnitudes below 2^14.
BK_INLINE bk_i16x16 bk_i16_narrow(bk_i16x16 x, int bits) {
  return (x + (int16_t)(1 << (bits - 1)) + (x >> (int16_t)15)) >> (int16_t)bits;
}

// exp(x) in Q0.15 for x <= 0 with `whole` bits before the point.
BK_INLINE bk_i16x16 bk_i16_exp(bk_i16x16 x, int whole) {
  static const int16_t powers[7] = {25520, 19875, 12055, 4435, 600, 11, 0};
  const int16_t quarter = (int16_t)(1 << (13 - whole));
  bk_i16x16 fraction = (x & (int16_t)(quarter - 1)) - quarter, rest = fraction - x;
  // Taylor's series around -1/8.
  bk_i16x16 a = bk_i16_widen(fraction, whole) + (int16_t)(1 << 12);
  bk_i16x16 a2 = bk_i16_product(a, a), a3 = bk_i16_product(a2, a), a4 = bk_i16_product(a2, a2);
  bk_i16x16 series = bk_i16_times(bk_i16_narrow(a4, 2) + a3, 10923) + a2;
  bk_i16x16 y = bk_i16_times(a + bk_i16_narrow(series, 1), 28918) + (int16_t)28918;
  for (int i = 0; i < 7 && i < whole + 2; i++) {
    bk_i16x16 bit = rest & (int16_t)(quarter << i);
    y = bit != (int16_t)0 ? bk_i16_times(y, powers[i]) : y;
  }
  if (whole > 5) y = x < (int16_t)(-(1 << (20 - whole))) ? (bk_i16x16)(int16_t)0 : y;
  return x == (int16_t)0 ? (bk_i16x16)(int16_t)32767 : y;
}

// 2 / (1 + x) in Q2.13 for x from 0 to 1 in Q0.15: three steps of Newton and Raphson from 48/17 - 32/17 d.
BK_INLINE bk_i16x16 bk_i16_two_over_one_plus(bk_i16x16 x) {
  // (x + 32767 + 1) / 2 without leaving int16; x is not negative.
  bk_i16x16 half = (x >> (int16_t)1) + (int16_t)16384;
  bk_i16x16 y = bk_i16_times(half, -15420) + (int16_t)23130;
  for (int i = 0; i < 3; i++) {
    bk_i16x16 rest = (int16_t)8192 - bk_i16_product(half, y);
    y = y + bk_i16_widen(bk_i16_product(y, rest), 2);
  }
  return y;
}

// The logistic function of Q3.12 in Q0.15.
BK_INLINE bk_i16x16 bk_i16_sigmoid(bk_i16x16 x) {
  bk_i16x16 below = x > (int16_t)0 ? -x : x;
  bk_i16x16 y = bk_i16_widen(bk_i16_two_over_one_plus(bk_i16_exp(below, 3)), 1);
  y = x > (int16_t)0 ? y : (int16_t)32767 - y;
  return x == (int16_t)0 ? (bk_i16x16)(int16_t)16384 : y;
}

// tanh of a value with `whole` bits before the point, in Q0.15.
BK_INLINE bk_i16x16 bk_i16_tanh(bk_i16x16 x, int whole) {
  bk_i16x16 below = x < (int16_t)0 ? x : -x;
  bk_i16x16 y = bk_i16_two_over_one_plus(bk_i16_exp(below, whole + 1)) - (int16_t)8192;
  y = bk_i16_widen(y, 2);
  y = x < (int16_t)0 ? -y : y;
  return x == (int16_t)0 ? (bk_i16x16)(int16_t)0 : y;
}

#endif
