// An int8 product of eight columns, as first convolutions of small networks have: sums of one row fill 256 bits,
// and those of two rows are finished as one vector. Included by i8_gemm__avx512vnni.c.
#include "i8_requantize__avx512vnni.h"

#define NARROW 8

// The exact sums of eight rows, which begin at `begin`.
BK_INLINE void narrow_sums(const bk_i8_product *p, size_t m0, __m256i begin, __m256i sum[NARROW]) {
  const int8_t *b = p->b, *a[NARROW];
  const size_t run = bk_i8_run(p->a.k);
#pragma clang loop unroll(full)
  for (size_t r = 0; r < NARROW; r++) {
    a[r] = (const int8_t *)p->a.a + bk_row_start(&p->a, m0 + r);
    sum[r] = begin;
  }
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const ptrdiff_t start = bk_segment_start(&p->a, segment);
    for (ptrdiff_t k = start; k < start + (ptrdiff_t)run; k += 4, b += 4 * BK_I8_NR) {
      const __m256i w = _mm256_loadu_si256((const __m256i *)b);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < NARROW; r++) {
        int32_t x;
        memcpy(&x, a[r] + k, 4);
        sum[r] = _mm256_dpbusd_epi32(sum[r], _mm256_set1_epi32(x), w);
      }
    }
  }
}

BK_INLINE __m512i both(__m256i low, __m256i high) {
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

BK_INLINE __m256i eight(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

// False where it does not do the product.
static bool narrow_product(const bk_i8_i8_gemm_args *args) {
  const bk_i8_product *p = &args->product;
  if (p->n != NARROW || p->m < NARROW || !p->a.flipped || args->once) return false;
  const __m512i shift = both(eight(args->shift), eight(args->shift));
  if (bk_is_rare(shift)) return false;
  const __m512i multiplier = both(eight(args->multiplier), eight(args->multiplier));
  const bk_channel_scales kept = bk_scales_of(multiplier, shift);
  const bk_used_scales scales = bk_used_scales_of(&kept);
  __m256i begin = _mm256_sub_epi32(
      _mm256_set1_epi32(BK_SUM_OFFSET), _mm256_slli_epi32(eight(p->b_sum), 7));
  if (args->bias) begin = _mm256_add_epi32(begin, eight(args->bias));
  const __m512i rounding = _mm512_set1_epi16((short)(2 * args->zero + 1));
  const __m512i low = _mm512_set1_epi8((char)args->low), high = _mm512_set1_epi8((char)args->high);
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  for (size_t m = 0; m < p->m; m += NARROW) {
    // The last eight rows overlap those before.
    const size_t m0 = m + NARROW <= p->m ? m : p->m - NARROW;
    __m256i sum[NARROW];
    __m512i twice[4];
    narrow_sums(p, m0, begin, sum);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++)
      twice[i] = bk_requantized_twice(&scales, NULL, both(sum[2 * i], sum[2 * i + 1]));
    const __m512i bytes =
        _mm512_permutexvar_epi32(order, bk_narrowed(twice, rounding, low, high));
    int8_t rows[NARROW * NARROW], *c = args->c + m0 * args->c_stride;
    _mm512_storeu_si512(args->c_stride == NARROW ? c : rows, bytes);
    if (args->c_stride != NARROW)
      for (size_t r = 0; r < NARROW; r++) memcpy(c + r * args->c_stride, rows + r * NARROW, NARROW);
  }
  return true;
}
