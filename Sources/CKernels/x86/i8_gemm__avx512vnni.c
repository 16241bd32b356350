#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/i8_store.h"

typedef struct {
  bk_i32x8 half[2];
} halves;

// The instruction takes A unsigned: a + 128, made by flipping the sign bit, and 128 times each
// column's sum is taken off at the end.
BK_INLINE void tile(const bk_i8_gemm_args *args, size_t m0, size_t n0, size_t k, const int rows) {
  const int8_t *b = args->b + n0 * k;
  const int8_t *a = args->a + m0 * args->a_stride;
  __m512i sum[6][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = _mm512_setzero_si512();
  for (size_t kk = 0; kk < k; kk += 4, b += 128) {
    __m512i w0 = _mm512_loadu_si512(b), w1 = _mm512_loadu_si512(b + 64);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      uint32_t x;
      memcpy(&x, a + (size_t)r * args->a_stride + kk, 4);
      __m512i v = _mm512_set1_epi32((int32_t)(x ^ 0x80808080u));
      sum[r][0] = _mm512_dpbusd_epi32(sum[r][0], v, w0);
      sum[r][1] = _mm512_dpbusd_epi32(sum[r][1], v, w1);
    }
  }
  for (int v = 0; v < 2; v++) {
    __m512i offset = _mm512_loadu_si512(args->b_sum + n0 + 16 * v);
    offset = _mm512_slli_epi32(offset, 7);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512i exact = _mm512_sub_epi32(sum[r][v], offset);
      halves parts;
      memcpy(&parts, &exact, sizeof parts);
      bk_i8_store(args, m0 + (size_t)r, n0 + 16 * (size_t)v, parts.half[0]);
      bk_i8_store(args, m0 + (size_t)r, n0 + 16 * (size_t)v + 8, parts.half[1]);
    }
  }
}

// One row times four panels at once, to keep eight sums in flight.
BK_INLINE void row_of_four_panels(const bk_i8_gemm_args *args, size_t n0, size_t k) {
  const int8_t *b = args->b + n0 * k;
  __m512i sum[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) sum[i] = _mm512_setzero_si512();
  for (size_t kk = 0; kk < k; kk += 4, b += 128) {
    uint32_t x;
    memcpy(&x, args->a + kk, 4);
    __m512i v = _mm512_set1_epi32((int32_t)(x ^ 0x80808080u));
#pragma clang loop unroll(full)
    for (size_t p = 0; p < 4; p++) {
      const int8_t *w = b + p * 32 * k;
      sum[2 * p] = _mm512_dpbusd_epi32(sum[2 * p], v, _mm512_loadu_si512(w));
      sum[2 * p + 1] = _mm512_dpbusd_epi32(sum[2 * p + 1], v, _mm512_loadu_si512(w + 64));
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 8; i++) {
    __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(args->b_sum + n0 + 16 * i), 7);
    __m512i exact = _mm512_sub_epi32(sum[i], offset);
    halves parts;
    memcpy(&parts, &exact, sizeof parts);
    bk_i8_store(args, 0, n0 + 16 * i, parts.half[0]);
    bk_i8_store(args, 0, n0 + 16 * i + 8, parts.half[1]);
  }
}

void bk_i8_gemm__avx512vnni(const bk_i8_gemm_args *args) {
  size_t k = (args->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1), n0 = 0;
  if (args->m == 1)
    for (; n0 + 128 <= args->n; n0 += 128) row_of_four_panels(args, n0, k);
  for (; n0 < args->n; n0 += 32) {
    size_t m0 = 0;
    for (; m0 + 6 <= args->m; m0 += 6) tile(args, m0, n0, k, 6);
    for (; m0 + 2 <= args->m; m0 += 2) tile(args, m0, n0, k, 2);
    if (m0 < args->m) tile(args, m0, n0, k, 1);
  }
}

#pragma clang attribute pop
#endif
