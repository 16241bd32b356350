#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../templates/i8_store.h"

// |a| and w with a's sign: their products in pairs stay within int16, as both lie in [-127, 127].
BK_INLINE __m256i dot(__m256i sum, __m256i magnitude, __m256i a, __m256i w) {
  __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(w, a));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

BK_INLINE void tile(const bk_i8_gemm_args *args, size_t m0, size_t n0, size_t k, const int rows) {
  const int8_t *b = args->b + n0 * k;
  const int8_t *a0 = args->a + m0 * args->a_stride;
  const int8_t *a1 = rows > 1 ? a0 + args->a_stride : a0;
  __m256i sum[2][4];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) sum[0][i] = sum[1][i] = _mm256_setzero_si256();
  for (size_t kk = 0; kk < k; kk += 4, b += 128) {
    int32_t x0, x1;
    memcpy(&x0, a0 + kk, 4);
    memcpy(&x1, a1 + kk, 4);
    __m256i v0 = _mm256_set1_epi32(x0), v1 = _mm256_set1_epi32(x1);
    __m256i u0 = _mm256_abs_epi8(v0), u1 = _mm256_abs_epi8(v1);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
      __m256i w = _mm256_loadu_si256((const __m256i *)(b + 32 * i));
      sum[0][i] = dot(sum[0][i], u0, v0, w);
      if (rows > 1) sum[1][i] = dot(sum[1][i], u1, v1, w);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
    for (size_t i = 0; i < 4; i++)
      bk_i8_store(args, m0 + (size_t)r, n0 + 8 * i, (bk_i32x8)sum[r][i]);
}

void bk_i8_gemm__avx2(const bk_i8_gemm_args *args) {
  size_t k = (args->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
  for (size_t n0 = 0; n0 < args->n; n0 += 32) {
    size_t m0 = 0;
    for (; m0 + 2 <= args->m; m0 += 2) tile(args, m0, n0, k, 2);
    if (m0 < args->m) tile(args, m0, n0, k, 1);
  }
}

#pragma clang attribute pop
#endif
