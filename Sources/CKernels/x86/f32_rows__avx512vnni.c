// Rows of floats in sixteen lanes: softmax, layer normalization, and quantization, which gives the same bits as
// every other version.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "../portable/tables.h"
#include "f32_power__avx512vnni.h"

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

// Rows that are worked on together, as what is summed up in one of them has to wait for itself.
#define ROWS 4
#define EACH_ROW(row) _Pragma("clang loop unroll(full)") for (size_t row = 0; row < rows; row++)

BK_WIDE static inline __attribute__((always_inline)) void softmax_rows(
    bool whole, const size_t rows, size_t columns, float beta, const float *x, float *y) {
  const __m512 lowest = _mm512_set1_ps(-INFINITY);
  const __m512 scale = _mm512_set1_ps(beta * 1.44269504088896341f);
  // Below this the result is zero, also for infinite operands.
  const __m512 vanishing = _mm512_set1_ps(-150.0f);
  // The last vector stays in a register: what is stored with a mask is slow to be read again.
  __m512 top[ROWS], total[ROWS], last[ROWS];
  EACH_ROW(row) top[row] = lowest, total[row] = _mm512_setzero_ps();
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    EACH_ROW(row)
      top[row] = _mm512_max_ps(
          _mm512_mask_mov_ps(lowest, mask, load(whole, mask, x + row * columns + i)), top[row]);
  }
  EACH_ROW(row) top[row] = _mm512_set1_ps(_mm512_reduce_max_ps(top[row]));
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    EACH_ROW(row) {
      __m512 v = _mm512_sub_ps(load(whole, mask, x + row * columns + i), top[row]);
      v = power_of_two(_mm512_max_ps(vanishing, _mm512_mul_ps(v, scale)));
      total[row] = _mm512_mask_add_ps(total[row], mask, total[row], v);
      if (i + 16 < columns) store(whole, mask, y + row * columns + i, v);
      last[row] = v;
    }
  }
  EACH_ROW(row) total[row] = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(total[row]));
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    EACH_ROW(row) {
      float *to = y + row * columns + i;
      __m512 v = i + 16 < columns ? load(true, mask, to) : last[row];
      store(whole, mask, to, _mm512_mul_ps(v, total[row]));
    }
  }
}

BK_WIDE void bk_f32_softmax__avx512vnni(
    size_t rows, size_t columns, float beta, const float *x, float *y) {
  const bool whole = columns % 16 == 0;
  size_t row = 0;
  for (; whole && row + ROWS <= rows; row += ROWS)
    softmax_rows(true, ROWS, columns, beta, x + row * columns, y + row * columns);
  for (; row < rows; row++)
    softmax_rows(false, 1, columns, beta, x + row * columns, y + row * columns);
}

BK_WIDE static inline __attribute__((always_inline)) void layer_norm_rows(
    bool whole, const size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y) {
  const float share = 1.0f / (float)columns;
  __m512 mean[ROWS], squares[ROWS];
  EACH_ROW(row) mean[row] = squares[row] = _mm512_setzero_ps();
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    EACH_ROW(row) mean[row] = _mm512_add_ps(mean[row], load(whole, mask, x + row * columns + i));
  }
  EACH_ROW(row) mean[row] = _mm512_set1_ps(_mm512_reduce_add_ps(mean[row]) * share);
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    EACH_ROW(row) {
      __m512 d = _mm512_maskz_sub_ps(mask, load(whole, mask, x + row * columns + i), mean[row]);
      squares[row] = _mm512_fmadd_ps(d, d, squares[row]);
    }
  }
  __m512 inverse[ROWS];
  EACH_ROW(row)
    inverse[row] =
        _mm512_set1_ps(1.0f / sqrtf(_mm512_reduce_add_ps(squares[row]) * share + epsilon));
  for (size_t i = 0; i < columns; i += 16) {
    __mmask16 mask = whole ? 0xffff : lanes(columns, i);
    __m512 factor = gamma ? load(whole, mask, gamma + i) : _mm512_set1_ps(1.0f);
    __m512 offset = beta ? load(whole, mask, beta + i) : _mm512_setzero_ps();
    EACH_ROW(row) {
      __m512 v = _mm512_sub_ps(load(whole, mask, x + row * columns + i), mean[row]);
      v = _mm512_mul_ps(_mm512_mul_ps(v, inverse[row]), factor);
      store(whole, mask, y + row * columns + i, _mm512_add_ps(v, offset));
    }
  }
}

BK_WIDE void bk_f32_layer_norm__avx512vnni(
    size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y) {
  const bool whole = columns % 16 == 0;
  size_t row = 0;
  for (; whole && row + ROWS <= rows; row += ROWS)
    layer_norm_rows(
        true, ROWS, columns, epsilon, x + row * columns, gamma, beta, y + row * columns);
  for (; row < rows; row++)
    layer_norm_rows(false, 1, columns, epsilon, x + row * columns, gamma, beta, y + row * columns);
}

// Half away from zero: what is just below a half is added in the value's direction, then cut off.
BK_WIDE static inline __m512i quantized(__m512 v) {
  const __m512i half = _mm512_castps_si512(_mm512_set1_ps(0x1.fffffep-2f));
  enum { A_AND_B_OR_C = 0xea };
  __m512i signed_half = _mm512_ternarylogic_epi32(
      _mm512_castps_si512(v), _mm512_set1_epi32(INT32_MIN), half, A_AND_B_OR_C);
  return _mm512_cvttps_epi32(_mm512_add_ps(v, _mm512_castsi512_ps(signed_half)));
}

BK_WIDE static float range_of(size_t k, const float *x) {
  __m512 largest[4];
  for (int j = 0; j < 4; j++) largest[j] = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + 64 <= k; i += 64)
    for (int j = 0; j < 4; j++)
      largest[j] = _mm512_max_ps(_mm512_abs_ps(_mm512_loadu_ps(x + i + 16 * j)), largest[j]);
  for (; i < k; i += 16)
    largest[0] = _mm512_max_ps(_mm512_abs_ps(_mm512_maskz_loadu_ps(lanes(k, i), x + i)), largest[0]);
  largest[0] = _mm512_max_ps(largest[0], largest[1]);
  return _mm512_reduce_max_ps(_mm512_max_ps(largest[0], _mm512_max_ps(largest[2], largest[3])));
}

BK_WIDE void bk_f32_quantize_rows__avx512vnni(
    size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
    float *scales) {
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  for (size_t row = 0; row < rows; row++, x += x_stride, q += q_stride) {
    float range = range_of(k, x);
    scales[row] = range / 127.0f;
    const __m512 inverse = _mm512_set1_ps(range > 0 ? 127.0f / range : 0);
    size_t i = 0;
    // Four vectors become one of bytes; packing works within lanes of 128 bits, so its words are put in
    // order at the end.
    for (; i + 64 <= k; i += 64) {
      __m512i v[4];
      for (int j = 0; j < 4; j++)
        v[j] = quantized(_mm512_mul_ps(_mm512_loadu_ps(x + i + 16 * j), inverse));
      __m512i bytes =
          _mm512_packs_epi16(_mm512_packs_epi32(v[0], v[1]), _mm512_packs_epi32(v[2], v[3]));
      _mm512_storeu_si512(q + i, _mm512_permutexvar_epi32(order, bytes));
    }
    for (; i < k; i += 16) {
      __mmask16 mask = lanes(k, i);
      __m512i v = quantized(_mm512_mul_ps(_mm512_maskz_loadu_ps(mask, x + i), inverse));
      _mm_mask_storeu_epi8(q + i, mask, _mm512_cvtsepi32_epi8(v));
    }
    if (q_stride > k) memset(q + k, 0, q_stride - k);
  }
}
#endif
