// Rows of floats in sixteen lanes: softmax, layer normalization, and quantization, which gives the same bits as
// every other version.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "../portable/tables.h"

#define BK_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,fma")))

// The lanes of `count` elements from position i on.
static inline __mmask16 lanes(size_t count, size_t i) {
  return count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
}

// Sixteen values, or as many as the mask has; `whole` is known where it is called, and spares the mask, which costs
// stores several times their time.
BK_WIDE static inline __attribute__((always_inline)) __m512 load(
    bool whole, __mmask16 mask, const float *p) {
  return whole ? _mm512_loadu_ps(p) : _mm512_maskz_loadu_ps(mask, p);
}

BK_WIDE static inline __attribute__((always_inline)) void store(
    bool whole, __mmask16 mask, float *p, __m512 v) {
  if (whole)
    _mm512_storeu_ps(p, v);
  else
    _mm512_mask_storeu_ps(p, mask, v);
}

// exp of x <= 0 by the reduction and polynomial of vector.h; below -87.3 it gives a denormal or zero.
BK_WIDE static inline __m512 exp_not_positive(__m512 x) {
  __m512 n = _mm512_roundscale_ps(
      _mm512_mul_ps(x, _mm512_set1_ps(1.44269504088896341f)), _MM_FROUND_TO_NEAREST_INT);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
  __m512 p = _mm512_fmadd_ps(
      r, _mm512_set1_ps(1.9875691500e-4f), _mm512_set1_ps(1.3981999507e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(8.3334519073e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(4.1665795894e-2f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.6666665459e-1f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.0000001201e-1f));
  p = _mm512_fmadd_ps(p, _mm512_mul_ps(r, r), r);
  return _mm512_scalef_ps(_mm512_add_ps(p, _mm512_set1_ps(1.0f)), n);
}

BK_WIDE static inline __attribute__((always_inline)) void softmax(
    bool whole, size_t rows, size_t columns, float beta, const float *x, float *y) {
  const __m512 lowest = _mm512_set1_ps(-INFINITY), scale = _mm512_set1_ps(beta);
  // Below this exp is zero, also for infinite operands.
  const __m512 vanishing = _mm512_set1_ps(-104.0f);
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    __m512 top = lowest;
    for (size_t i = 0; i < columns; i += 16)
      top = _mm512_max_ps(_mm512_mask_mov_ps(lowest, whole ? 0xffff : lanes(columns, i), load(whole, whole ? 0xffff : lanes(columns, i), x + i)), top);
    __m512 largest = _mm512_set1_ps(_mm512_reduce_max_ps(top)), total = _mm512_setzero_ps();
    for (size_t i = 0; i < columns; i += 16) {
      __mmask16 mask = whole ? 0xffff : lanes(columns, i);
      __m512 v = _mm512_mul_ps(
          _mm512_sub_ps(load(whole, mask, x + i), largest), scale);
      v = exp_not_positive(_mm512_max_ps(vanishing, v));
      total = _mm512_mask_add_ps(total, mask, total, v);
      store(whole, mask, y + i, v);
    }
    __m512 share = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(total));
    for (size_t i = 0; i < columns; i += 16) {
      __mmask16 mask = whole ? 0xffff : lanes(columns, i);
      store(
          whole, mask, y + i, _mm512_mul_ps(load(whole, mask, y + i), share));
    }
  }
}

BK_WIDE void bk_f32_softmax__avx512vnni(
    size_t rows, size_t columns, float beta, const float *x, float *y) {
  if (columns % 16 == 0)
    softmax(true, rows, columns, beta, x, y);
  else
    softmax(false, rows, columns, beta, x, y);
}

BK_WIDE static inline __attribute__((always_inline)) void layer_norm(
    bool whole, size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y) {
  const float share = 1.0f / (float)columns;
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    __m512 sum = _mm512_setzero_ps(), squares = _mm512_setzero_ps();
    for (size_t i = 0; i < columns; i += 16)
      sum = _mm512_add_ps(sum, load(whole, whole ? 0xffff : lanes(columns, i), x + i));
    __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) * share);
    for (size_t i = 0; i < columns; i += 16) {
      __mmask16 mask = whole ? 0xffff : lanes(columns, i);
      __m512 d = _mm512_maskz_sub_ps(mask, load(whole, mask, x + i), mean);
      squares = _mm512_fmadd_ps(d, d, squares);
    }
    __m512 inverse =
        _mm512_set1_ps(1.0f / sqrtf(_mm512_reduce_add_ps(squares) * share + epsilon));
    for (size_t i = 0; i < columns; i += 16) {
      __mmask16 mask = whole ? 0xffff : lanes(columns, i);
      __m512 v = _mm512_mul_ps(
          _mm512_sub_ps(load(whole, mask, x + i), mean), inverse);
      if (gamma) v = _mm512_mul_ps(v, load(whole, mask, gamma + i));
      if (beta) v = _mm512_add_ps(v, load(whole, mask, beta + i));
      store(whole, mask, y + i, v);
    }
  }
}

BK_WIDE void bk_f32_layer_norm__avx512vnni(
    size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y) {
  if (columns % 16 == 0)
    layer_norm(true, rows, columns, epsilon, x, gamma, beta, y);
  else
    layer_norm(false, rows, columns, epsilon, x, gamma, beta, y);
}

// Half away from zero: what is just below a half is added in the value's direction, then cut off.
BK_WIDE static inline __m128i quantized(__m512 v) {
  const __m512i half = _mm512_castps_si512(_mm512_set1_ps(0x1.fffffep-2f));
  enum { A_AND_B_OR_C = 0xea };
  __m512i signed_half = _mm512_ternarylogic_epi32(
      _mm512_castps_si512(v), _mm512_set1_epi32(INT32_MIN), half, A_AND_B_OR_C);
  v = _mm512_add_ps(v, _mm512_castsi512_ps(signed_half));
  return _mm512_cvtsepi32_epi8(_mm512_cvttps_epi32(v));
}

BK_WIDE void bk_f32_quantize_rows__avx512vnni(
    size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
    float *scales) {
  for (size_t row = 0; row < rows; row++, x += x_stride, q += q_stride) {
    __m512 largest = _mm512_setzero_ps();
    for (size_t i = 0; i < k; i += 16)
      largest = _mm512_max_ps(
          _mm512_abs_ps(_mm512_maskz_loadu_ps(lanes(k, i), x + i)), largest);
    float range = _mm512_reduce_max_ps(largest);
    scales[row] = range / 127.0f;
    const __m512 inverse = _mm512_set1_ps(range > 0 ? 127.0f / range : 0);
    size_t i = 0;
    // A store of sixteen bytes; one with a mask takes several times as long.
    for (; i + 16 <= k; i += 16)
      _mm_storeu_si128(
          (__m128i *)(q + i), quantized(_mm512_mul_ps(_mm512_loadu_ps(x + i), inverse)));
    if (i < k)
      _mm_mask_storeu_epi8(
          q + i, lanes(k, i),
          quantized(_mm512_mul_ps(_mm512_maskz_loadu_ps(lanes(k, i), x + i), inverse)));
    if (q_stride > k) memset(q + k, 0, q_stride - k);
  }
}
#endif
