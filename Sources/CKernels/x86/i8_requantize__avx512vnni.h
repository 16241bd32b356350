// Requantization of sixteen sums at a time, exactly as templates/requantize.h has it, for many sums of the
// same channels. Included inside the target attribute of AVX-512.
//
// With x the sum and m the multiplier, the high half of the doubled product is h = (2 x m + 2^31) >> 32. The
// sums carry 2^31 and are multiplied as unsigned, (x + 2^31) * 2 m, so that h + m is the upper word of the
// product: those of the even lanes move beside those of the odd ones in one instruction. The shift to the
// right by r, ties away from zero, is (((h - (h < 0)) >> (r - 1)) + 1) >> 1, whose last part is left to
// bk_narrowed, on half as many vectors.
#ifndef BRAMBLE_I8_REQUANTIZE_AVX512VNNI_H
#define BRAMBLE_I8_REQUANTIZE_AVX512VNNI_H

#include <immintrin.h>

#include "../templates/vector.h"

// What belongs to the channels of a vector: as it is kept, and as it is used for many sums.
typedef struct {
  __m512i multiplier, right;
} bk_channel_scales;
typedef struct {
  __m512i doubled, doubled_odd, multiplier, right;
} bk_used_scales;

// What sums have beside their bias.
#define BK_SUM_OFFSET INT32_MIN

BK_INLINE bk_channel_scales bk_scales_of(__m512i multiplier, __m512i shift) {
  const __m512i less = _mm512_sub_epi32(_mm512_set1_epi32(-1), shift);
  const bk_channel_scales s = {multiplier, _mm512_max_epi32(less, _mm512_setzero_si512())};
  return s;
}

BK_INLINE bk_used_scales bk_used_scales_of(const bk_channel_scales *from) {
  bk_used_scales s = {.multiplier = from->multiplier, .right = from->right};
  s.doubled = _mm512_add_epi32(s.multiplier, s.multiplier);
  s.doubled_odd = _mm512_srli_epi64(s.doubled, 32);
  __asm__("" : "+v"(s.doubled), "+v"(s.doubled_odd), "+v"(s.multiplier), "+v"(s.right));
  return s;
}

// Whether some of the channels are not shifted to the right.
BK_INLINE bool bk_is_rare(__m512i shift) {
  return _mm512_cmpge_epi32_mask(shift, _mm512_setzero_si512());
}

// Twice the result, with one bit of its fraction; `shift` is NULL where all channels are shifted to the right.
BK_INLINE __m512i bk_requantized_twice(
    const bk_used_scales *s, const __m512i *shift, __m512i x) {
  const __m512i zero = _mm512_setzero_si512(), minus_one = _mm512_set1_epi32(-1);
  const __m512i nudge = _mm512_set1_epi64(INT64_C(1) << 31), offset = _mm512_set1_epi32(BK_SUM_OFFSET);
  if (shift) {
    const __m512i left = _mm512_max_epi32(*shift, zero);
    x = _mm512_xor_si512(_mm512_sllv_epi32(_mm512_xor_si512(x, offset), left), offset);
  }
  __m512i even = _mm512_add_epi64(_mm512_mul_epu32(x, s->doubled), nudge);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), s->doubled_odd);
  odd = _mm512_add_epi64(odd, nudge);
  __m512i h = _mm512_mask_shuffle_epi32(odd, 0x5555, even, (_MM_PERM_ENUM)0xf5);
  h = _mm512_sub_epi32(h, s->multiplier);
  __mmask16 below = _mm512_cmplt_epi32_mask(h, zero);
  if (shift) {
    // A value that is not shifted stays as it is, and is doubled where that cannot overflow.
    const __m512i most = _mm512_set1_epi32(1 << 20), least = _mm512_set1_epi32(-(1 << 20));
    const __mmask16 stays = _mm512_cmpge_epi32_mask(*shift, zero);
    h = _mm512_mask_add_epi32(h, below & ~stays, h, minus_one);
    h = _mm512_srav_epi32(h, s->right);
    h = _mm512_max_epi32(_mm512_min_epi32(h, most), least);
    return _mm512_mask_add_epi32(h, stays, h, h);
  }
  h = _mm512_mask_add_epi32(h, below, h, minus_one);
  return _mm512_srav_epi32(h, s->right);
}

// Four vectors of those results as bytes, in the order in which packing within 128 bits leaves them: the
// first has the channels 0 to 3 of each sixteen, the second 4 to 7 and so on. `rounding` is 2 zero + 1.
BK_INLINE __m512i bk_narrowed(
    const __m512i twice[4], __m512i rounding, __m512i low, __m512i high) {
  __m512i first = _mm512_adds_epi16(_mm512_packs_epi32(twice[0], twice[1]), rounding);
  __m512i second = _mm512_adds_epi16(_mm512_packs_epi32(twice[2], twice[3]), rounding);
  __m512i bytes = _mm512_packs_epi16(_mm512_srai_epi16(first, 1), _mm512_srai_epi16(second, 1));
  return _mm512_min_epi8(_mm512_max_epi8(bytes, low), high);
}

#endif
