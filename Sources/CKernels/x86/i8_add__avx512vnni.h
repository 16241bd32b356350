// The sum of two int8 rows for AVX-512, 64 values at a time. Included by i8_quantized__avx512vnni.c.
//
// The operand with the larger scale is halved there, so 20 bits to the left and that are 19 bits to the left.
typedef struct {
  __m512i high, low, high_constant, low_constant, below, less, shift;
} add_scale;

BK_INLINE __m512i shifted(const add_scale *s, __m512i x) {
  x = _mm512_mask_sub_epi32(x, _mm512_cmplt_epi32_mask(x, s->below), x, s->less);
  return _mm512_srav_epi32(x, s->shift);
}

// As bk_i8_rescale_20, the zero point and half of what is divided by being part of the constants.
BK_INLINE __m512i scaled_20(const add_scale *s, __m512i q) {
  __m512i low = _mm512_add_epi32(_mm512_mullo_epi32(q, s->low), s->low_constant);
  __m512i high = _mm512_add_epi32(_mm512_mullo_epi32(q, s->high), s->high_constant);
  return shifted(s, _mm512_add_epi32(high, _mm512_srai_epi32(low, 11)));
}

// As `finished` of the products' results: with x + 2^31 for x.
BK_INLINE __m512i scaled_sum(const add_scale *s, __m512i x) {
  __m512i even = _mm512_add_epi64(_mm512_mul_epu32(x, s->high), s->high_constant);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), s->high);
  odd = _mm512_add_epi64(odd, s->high_constant);
  return shifted(s, _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB));
}

static size_t add_rows(
    const bk_i8_binary_plan__avx512vnni *plan, size_t count, const int8_t *a, const int8_t *b, int8_t *y) {
  const bk_i8_binary_args *args = plan->args;
  bk_scale_parts larger = plan->a, other = plan->b, sum = plan->y;
  int32_t larger_zero = args->a_zero, other_zero = args->b_zero;
  if (larger.multiplier != 1 << 30 || larger.right) {
    larger = plan->b, other = plan->a;
    larger_zero = args->b_zero, other_zero = args->a_zero;
    const int8_t *first = a;
    a = b, b = first;
  }
  // Any sum stays below 2^28, and what is added before the last shift below 2^30.
  if (larger.multiplier != 1 << 30 || larger.right || sum.left || sum.right > 21) return 0;
  const int32_t high = other.multiplier >> 11, low = other.multiplier & 2047;
  const add_scale scale = {
      _mm512_set1_epi32(high), _mm512_set1_epi32(low), _mm512_set1_epi32(other.half - other_zero * high),
      _mm512_set1_epi32(1024 - other_zero * low), _mm512_set1_epi32(other.half),
      _mm512_set1_epi32(-other.sign), _mm512_set1_epi32(other.right)};
  const uint64_t twice = (uint64_t)sum.multiplier << 1;
  const int32_t below = sum.half + args->y_zero * (1 << sum.right);
  const uint64_t constant = (1ull << 31) + ((uint64_t)below << 32) - (twice << 31);
  const add_scale last = {
      _mm512_set1_epi64((int64_t)twice), _mm512_setzero_si512(), _mm512_set1_epi64((int64_t)constant),
      _mm512_setzero_si512(), _mm512_set1_epi32(below), _mm512_set1_epi32(-sum.sign),
      _mm512_set1_epi32(sum.right)};
  const __m512i start = _mm512_set1_epi32((int32_t)((1u << 31) - ((uint32_t)larger_zero << 19)));
  const __m512i least = _mm512_set1_epi8((char)args->low), most = _mm512_set1_epi8((char)args->high);
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __m512i x[4];
#pragma clang loop unroll(full)
    for (size_t j = 0; j < 4; j++) {
      __m512i p = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(a + i + 16 * j)));
      __m512i q = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(b + i + 16 * j)));
      p = _mm512_add_epi32(_mm512_slli_epi32(p, 19), start);
      x[j] = scaled_sum(&last, _mm512_add_epi32(p, scaled_20(&scale, q)));
    }
    __m512i bytes = _mm512_packs_epi16(_mm512_packs_epi32(x[0], x[1]), _mm512_packs_epi32(x[2], x[3]));
    bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, least), most);
    _mm512_storeu_si512(y + i, _mm512_permutexvar_epi32(order, bytes));
  }
  return i;
}
