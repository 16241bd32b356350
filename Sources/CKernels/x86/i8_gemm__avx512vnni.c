#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__avx512vnni
#define BK_I8_NR 32
#define BK_I8_MR 6

// The instruction takes A unsigned: a + 128, made by flipping the sign bit, and 128 times each
// column's sum is taken off at the end.
BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  __m512i sum[BK_I8_MR][2];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) sum[r][0] = sum[r][1] = _mm512_setzero_si512();
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    for (size_t kk = 0; kk < run; kk += 4, b += 128) {
      __m512i w0 = _mm512_loadu_si512(b), w1 = _mm512_loadu_si512(b + 64);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        uint32_t x;
        memcpy(&x, a[r] + kk, 4);
        __m512i v = _mm512_set1_epi32((int32_t)(x ^ 0x80808080u));
        sum[r][0] = _mm512_dpbusd_epi32(sum[r][0], v, w0);
        sum[r][1] = _mm512_dpbusd_epi32(sum[r][1], v, w1);
      }
    }
  }
  for (size_t v = 0; v < 2; v++) {
    __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(p->b_sum + n0 + 16 * v), 7);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
      _mm512_storeu_si512(sums + r * BK_I8_NR + 16 * v, _mm512_sub_epi32(sum[r][v], offset));
  }
}

#include "../templates/i8_gemm.inc.h"
#pragma clang attribute pop
#endif
