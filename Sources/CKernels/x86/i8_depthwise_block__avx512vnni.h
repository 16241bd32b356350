// Sixty-four bytes of a depthwise convolution: 64 channels of a position, or all channels of as many
// neighbouring positions as fit. Included inside the target attribute of AVX-512 with VNNI.
//
// The instruction multiplies groups of four bytes, here four taps of one channel, the input unsigned:
// x + 128, made by flipping the sign bit; 128 times the sum of the weights is taken off with the bias.
// Bytes of four taps are put together by unpacking within 128 bits: of four vectors of sums, the first
// has the channels 0 to 3 of each sixteen, the second 4 to 7 and so on.
#ifndef BRAMBLE_I8_DEPTHWISE_BLOCK_AVX512VNNI_H
#define BRAMBLE_I8_DEPTHWISE_BLOCK_AVX512VNNI_H

#include "../templates/window.h"
#include "i8_requantize__avx512vnni.h"

#define BLOCK 64
// Groups of four taps that a window has at most.
#define MOST_GROUPS 16

typedef struct {
  __m512i v[4];
} group;

typedef struct {
  group weights[MOST_GROUPS], bias, outside;
  bk_channel_scales scales[4];
  group shift;
  bool is_rare;
  __m512i rounding, low, high;
} block_constants;

// Bytes of a block: `positions` positions of `channels` channels from the first on.
typedef struct {
  size_t first, channels, positions;
} block_shape;

BK_INLINE __m512i flipped(__m512i x) { return _mm512_xor_si512(x, _mm512_set1_epi8(-128)); }

BK_INLINE group grouped(__m512i x0, __m512i x1, __m512i x2, __m512i x3) {
  __m512i a = _mm512_unpacklo_epi8(x0, x1), b = _mm512_unpacklo_epi8(x2, x3);
  __m512i c = _mm512_unpackhi_epi8(x0, x1), d = _mm512_unpackhi_epi8(x2, x3);
  group x = {{_mm512_unpacklo_epi16(a, b), _mm512_unpackhi_epi16(a, b),
              _mm512_unpacklo_epi16(c, d), _mm512_unpackhi_epi16(c, d)}};
  return x;
}

// What belongs to the block's channels, `size` bytes each, once for every position.
static __attribute__((noinline)) const void *spread(
    const block_shape *b, const void *from, size_t size, char *scratch) {
  const char *start = (const char *)from + b->first * size;
  if (b->channels == BLOCK) return start;
  memset(scratch, 0, BLOCK * size);
#pragma clang loop unroll(disable)
  for (size_t i = 0; i < b->positions; i++)
    memcpy(scratch + i * b->channels * size, start, b->channels * size);
  return scratch;
}

// Words of the block in the order of the sums: a transposition of 4 x 4 parts of 128 bits.
BK_INLINE group in_order(const block_shape *b, const int32_t *from) {
  char scratch[BLOCK * sizeof *from];
  const char *p = spread(b, from, sizeof *from, scratch);
  const __m512i v0 = _mm512_loadu_si512(p), v1 = _mm512_loadu_si512(p + 64);
  const __m512i v2 = _mm512_loadu_si512(p + 128), v3 = _mm512_loadu_si512(p + 192);
  const __m512i a = _mm512_shuffle_i32x4(v0, v1, 0x44), c = _mm512_shuffle_i32x4(v2, v3, 0x44);
  const __m512i d = _mm512_shuffle_i32x4(v0, v1, 0xee), e = _mm512_shuffle_i32x4(v2, v3, 0xee);
  group x = {{_mm512_shuffle_i32x4(a, c, 0x88), _mm512_shuffle_i32x4(a, c, 0xdd),
              _mm512_shuffle_i32x4(d, e, 0x88), _mm512_shuffle_i32x4(d, e, 0xdd)}};
  return x;
}

// The weights of four taps; those of one past the last are zero.
static __attribute__((noinline)) void weights_at(
    const bk_i8_depthwise_args *args, const block_shape *b, size_t first, size_t step, group *weights) {
  const size_t taps = args->window.kernel_height * args->window.kernel_width;
  char scratch[BLOCK];
  __m512i w[4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    const int8_t *from = args->weights + (first + i * step) * args->window.channels;
    w[i] = _mm512_setzero_si512();
    if (first + i * step < taps) w[i] = _mm512_loadu_si512(spread(b, from, 1, scratch));
  }
  *weights = grouped(w[0], w[1], w[2], w[3]);
}

// All but the weights, of which there are `groups`.
static __attribute__((noinline)) void scales_at(
    const bk_i8_depthwise_args *args, const block_shape *b, size_t groups, block_constants *s) {
  const group bias = in_order(b, args->bias), multiplier = in_order(b, args->multiplier);
  const group shift = in_order(b, args->shift);
  group sum = {{_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                _mm512_setzero_si512()}};
  for (size_t j = 0; j < groups; j++)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++)
      sum.v[i] = _mm512_dpbusd_epi32(sum.v[i], _mm512_set1_epi8(1), s->weights[j].v[i]);
  s->is_rare = false;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    const __m512i folded = _mm512_sub_epi32(bias.v[i], _mm512_slli_epi32(sum.v[i], 7));
    s->bias.v[i] = _mm512_add_epi32(folded, _mm512_set1_epi32(BK_SUM_OFFSET));
    s->scales[i] = bk_scales_of(multiplier.v[i], shift.v[i]);
    s->is_rare |= bk_is_rare(shift.v[i]);
  }
  s->shift = shift;
  s->rounding = _mm512_set1_epi16((short)(2 * args->zero + 1));
  s->low = _mm512_set1_epi8((char)args->low);
  s->high = _mm512_set1_epi8((char)args->high);
}

BK_INLINE group dot(group sum, group x, group w) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) sum.v[i] = _mm512_dpbusd_epi32(sum.v[i], x.v[i], w.v[i]);
  return sum;
}

// Constants that are read from memory each time, and such as stay in registers. Left to itself the compiler
// keeps others, and moves what changes to memory.
BK_INLINE const block_constants *in_memory(const block_constants *s) {
  __asm__("" : "+r"(s));
  return s;
}

BK_INLINE group in_registers(group x) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) __asm__("" : "+v"(x.v[i]));
  return x;
}

#endif
