#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__avx512vnni
#define BK_I8_NR 32
#define BK_I8_MR 8
#define BK_I8_LANES 16
#define BK_I8_REQUANTIZE requantize
#define MOST_SUMS 4

typedef int32_t ints __attribute__((ext_vector_type(16)));

// templates/requantize.h for sixteen values: products of the even and of the odd ones.
BK_INLINE ints requantize(ints value, ints multiplier, ints shift) {
  const __m512i nudge = _mm512_set1_epi64(1 << 30), one = _mm512_set1_epi32(1);
  __m512i m = (__m512i)multiplier, left = _mm512_max_epi32((__m512i)shift, _mm512_setzero_si512());
  __m512i right = _mm512_sub_epi32(left, (__m512i)shift);
  __m512i x = _mm512_sllv_epi32((__m512i)value, left);
  __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, m), nudge);
  __m512i odd = _mm512_mul_epi32(_mm512_srli_epi64(x, 32), _mm512_srli_epi64(m, 32));
  odd = _mm512_slli_epi64(_mm512_add_epi64(odd, nudge), 1);
  x = _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 31), odd);
  // Less one where negative, then half up: ties away from zero. A shift by zero leaves x as it is.
  __m512i rounds = _mm512_min_epi32(right, one);
  __m512i t = _mm512_sub_epi32(x, _mm512_and_si512(_mm512_srli_epi32(x, 31), rounds));
  __m512i half = _mm512_and_si512(_mm512_srav_epi32(t, _mm512_sub_epi32(right, one)), rounds);
  return (ints)_mm512_add_epi32(_mm512_srav_epi32(t, right), half);
}

// The instruction takes A unsigned: a + 128, made by flipping the sign bit, and 128 times each
// column's sum is taken off at the end.
BK_INLINE __m512i unsigned_group(const int8_t *a) {
  uint32_t x;
  memcpy(&x, a, 4);
  return _mm512_xor_si512(_mm512_set1_epi32((int32_t)x), _mm512_set1_epi8(-128));
}

// A single row has four sums for each vector and two rows have two, to hide the latency.
BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const size_t several = rows == 1 ? 4 : rows == 2 ? 2 : 1, step = 4 * several;
  const int8_t *b = p->b + n0 * p->a.segments * run;
  __m512i sum[BK_I8_MR][2][MOST_SUMS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t u = 0; u < several; u++) sum[r][0][u] = sum[r][1][u] = _mm512_setzero_si512();
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    size_t kk = 0;
    for (; kk + step <= run; kk += step)
#pragma clang loop unroll(full)
      for (size_t u = 0; u < several; u++, b += 128) {
        __m512i w0 = _mm512_loadu_si512(b), w1 = _mm512_loadu_si512(b + 64);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          __m512i v = unsigned_group(a[r] + kk + 4 * u);
          sum[r][0][u] = _mm512_dpbusd_epi32(sum[r][0][u], v, w0);
          sum[r][1][u] = _mm512_dpbusd_epi32(sum[r][1][u], v, w1);
        }
      }
    for (; several > 2 && kk < run; kk += 4, b += 128)
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        __m512i v = unsigned_group(a[r] + kk);
        sum[r][0][0] = _mm512_dpbusd_epi32(sum[r][0][0], v, _mm512_loadu_si512(b));
        sum[r][1][0] = _mm512_dpbusd_epi32(sum[r][1][0], v, _mm512_loadu_si512(b + 64));
      }
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < 2; v++) {
    __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(p->b_sum + n0 + 16 * v), 7);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      __m512i total = _mm512_sub_epi32(sum[r][v][0], offset);
#pragma clang loop unroll(full)
      for (size_t u = 1; u < several; u++) total = _mm512_add_epi32(total, sum[r][v][u]);
      _mm512_storeu_si512(sums + r * BK_I8_NR + 16 * v, total);
    }
  }
}

#include "../templates/i8_gemm.inc.h"
#pragma clang attribute pop
#endif
