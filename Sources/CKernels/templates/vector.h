// Eight float lanes as every instruction set's compiler lowers them, and the elementary functions
// over them. Included by one file per instruction set, inside its target attribute.
//
// Multiplications and additions are never contracted here, so that every instruction set gives the
// same bits (NEON of ARMv7 flushes denormals to zero; that is the one difference).
#ifndef BRAMBLE_VECTOR_H
#define BRAMBLE_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#ifndef BK_INLINE
#define BK_INLINE static inline __attribute__((always_inline, unused))
#endif

typedef float bk_f32x8 __attribute__((ext_vector_type(8)));
typedef int32_t bk_i32x8 __attribute__((ext_vector_type(8)));
typedef int8_t bk_i8x8 __attribute__((ext_vector_type(8)));

BK_INLINE bk_f32x8 bk_load(const float *p) {
  bk_f32x8 v;
  memcpy(&v, p, sizeof v);
  return v;
}

BK_INLINE void bk_store(float *p, bk_f32x8 v) { memcpy(p, &v, sizeof v); }

BK_INLINE bk_f32x8 bk_load_part(const float *p, size_t count) {
  float lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  memcpy(lanes, p, count * sizeof(float));
  return bk_load(lanes);
}

BK_INLINE void bk_store_part(float *p, bk_f32x8 v, size_t count) {
  float lanes[8];
  bk_store(lanes, v);
  memcpy(p, lanes, count * sizeof(float));
}

BK_INLINE bk_f32x8 bk_splat(float x) { return (bk_f32x8)(x); }

// Not-a-number stays what it is in the first operand.
BK_INLINE bk_f32x8 bk_min(bk_f32x8 a, bk_f32x8 b) { return a > b ? b : a; }
BK_INLINE bk_f32x8 bk_max(bk_f32x8 a, bk_f32x8 b) { return a < b ? b : a; }
BK_INLINE bk_f32x8 bk_clamp(bk_f32x8 x, float low, float high) {
  return bk_min(bk_max(x, bk_splat(low)), bk_splat(high));
}
BK_INLINE bk_f32x8 bk_abs(bk_f32x8 x) { return (bk_f32x8)((bk_i32x8)x & 0x7fffffff); }

// The lanes added in one order for every instruction set.
BK_INLINE float bk_total(bk_f32x8 v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

BK_INLINE float bk_largest(bk_f32x8 v) {
  float largest = v[0];
  for (int lane = 1; lane < 8; lane++) largest = v[lane] > largest ? v[lane] : largest;
  return largest;
}

// tanh as the rational function of degree 13 over 6 that Eigen uses; absolute error below 3e-7. For
// vectors of any width, with the clamp that belongs to them.
#define BK_DEFINE_TANH(vector, tanh, sigmoid, clamp)                 \
  BK_INLINE vector tanh(vector x) {                                  \
    vector v = clamp(x, -7.90531110763549805f, 7.90531110763549805f); \
    vector s = v * v;                                                \
    vector p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;   \
    p = p * s + -8.60467152213735e-11f;                              \
    p = p * s + 5.12229709037114e-08f;                               \
    p = p * s + 1.48572235717979e-05f;                               \
    p = p * s + 6.37261928875436e-04f;                               \
    p = p * s + 4.89352455891786e-03f;                               \
    vector q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;    \
    q = q * s + 2.26843463243900e-03f;                               \
    q = q * s + 4.89352518554385e-03f;                               \
    return clamp(v * p / q, -1.0f, 1.0f);                            \
  }                                                                  \
  BK_INLINE vector sigmoid(vector x) { return tanh(x * 0.5f) * 0.5f + 0.5f; }

BK_DEFINE_TANH(bk_f32x8, bk_tanh, bk_sigmoid, bk_clamp)

// exp by Cephes' reduction and polynomial of degree 5: relative error below 2e-7.
BK_INLINE bk_f32x8 bk_exp(bk_f32x8 x) {
  bk_f32x8 v = bk_clamp(x, -87.3f, 88.3f);
  bk_f32x8 n = (v * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  bk_f32x8 r = (v - n * 0.693359375f) - n * -2.12194440e-4f;
  bk_f32x8 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  bk_i32x8 scale = (__builtin_convertvector(n, bk_i32x8) + 127) << 23;
  bk_f32x8 y = p * (bk_f32x8)scale;
  y = x < -87.3f ? bk_splat(0.0f) : y;
  return x > 88.3f ? bk_splat(__builtin_inff()) : y;
}

// erf as a rational function of degree 13 over 8; absolute error below 3e-7.
BK_INLINE bk_f32x8 bk_erf(bk_f32x8 x) {
  bk_f32x8 v = bk_clamp(x, -4.0f, 4.0f);
  bk_f32x8 s = v * v;
  bk_f32x8 p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * s + -2.10102402082508e-06f;
  p = p * s + -5.69250639462346e-05f;
  p = p * s + -7.34990630326855e-04f;
  p = p * s + -2.95459980854025e-03f;
  p = p * s + -1.60960333262415e-02f;
  bk_f32x8 q = s * -1.45660718464996e-05f + -2.13374055278905e-04f;
  q = q * s + -1.68282697438203e-03f;
  q = q * s + -7.37332916720468e-03f;
  q = q * s + -1.42647390514189e-02f;
  return v * p / q;
}

#endif
