#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__avx2
#define BK_I8_NR 32
#define BK_I8_MR 2

// |a| (unsigned, so that 128 fits) and w with a's sign: as w lies in [-127, 127], their products in
// pairs stay within int16.
BK_INLINE __m256i dot(__m256i sum, __m256i magnitude, __m256i a, __m256i w) {
  __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(w, a));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  __m256i sum[BK_I8_MR][4];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) sum[0][i] = sum[1][i] = _mm256_setzero_si256();
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    for (size_t kk = 0; kk < run; kk += 4, b += 128) {
      BK_LOOP_OF_TILE("i8", rows, BK_I8_NR);
      __m256i v[BK_I8_MR], u[BK_I8_MR];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        int32_t x;
        memcpy(&x, a[r] + kk, 4);
        v[r] = _mm256_set1_epi32(x);
        u[r] = _mm256_abs_epi8(v[r]);
      }
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) {
        __m256i w = _mm256_loadu_si256((const __m256i *)(b + 32 * i));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) sum[r][i] = dot(sum[r][i], u[r], v[r], w);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) memcpy(sums + r * BK_I8_NR, sum[r], sizeof sum[r]);
}

#include "../templates/i8_gemm.inc.h"

#define BK_I4_MR 2
#define BK_I4_LANES 8
#define BK_I4_FLOATS BK_FLOATS
#define BK_I4_INTS BK_INTS

BK_INLINE __m256i signed_group(const int8_t *a) {
  int32_t x;
  memcpy(&x, a, 4);
  return _mm256_set1_epi32(x);
}

// The weights, 0 to 15, are the unsigned operand. The 16 products that a lane of 16 bits takes up in a
// block stay below 30,720.
BK_INLINE void BK_NAME(bk_i4_dot)(
    const uint8_t *values, const int8_t *const *a, const size_t rows, BK_INTS sums[BK_I4_MR][4]) {
  const __m256i mask = _mm256_set1_epi8(15);
  __m256i sum[BK_I4_MR][4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < 4; v++) sum[r][v] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
  for (size_t j = 0; j < 4; j++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < 4; v++) {
      __m256i both = _mm256_loadu_si256((const __m256i *)(values + 128 * j + 32 * v));
      __m256i low = _mm256_and_si256(both, mask);
      __m256i high = _mm256_and_si256(_mm256_srli_epi16(both, 4), mask);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        __m256i first = _mm256_maddubs_epi16(low, signed_group(a[r] + 4 * j));
        __m256i second = _mm256_maddubs_epi16(high, signed_group(a[r] + 16 + 4 * j));
        sum[r][v] = _mm256_add_epi16(sum[r][v], _mm256_add_epi16(first, second));
      }
    }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < 4; v++)
      sums[r][v] = (BK_INTS)_mm256_madd_epi16(sum[r][v], _mm256_set1_epi16(1));
}

#include "../templates/i4_gemm.inc.h"
#pragma clang attribute pop
#endif
