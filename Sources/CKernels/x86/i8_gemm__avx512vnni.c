#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__avx512vnni
#define BK_I8_NR 32
#define BK_I8_MR 8
#define BK_I8_LANES 16
#define BK_I8_REQUANTIZE requantize
#define BK_I8_REQUANTIZE_ONCE requantize_once
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

// The product and the shift rounded together, half up.
BK_INLINE ints requantize_once(ints value, ints multiplier, ints shift) {
  __m512i x = (__m512i)value, m = (__m512i)multiplier;
  __m512i count = _mm512_sub_epi32(_mm512_set1_epi32(31), (__m512i)shift);
  __m512i even_count = _mm512_and_si512(count, _mm512_set1_epi64(63));
  __m512i odd_count = _mm512_srli_epi64(count, 32), half = _mm512_set1_epi64(1);
  __m512i even_half = _mm512_srli_epi64(_mm512_sllv_epi64(half, even_count), 1);
  __m512i odd_half = _mm512_srli_epi64(_mm512_sllv_epi64(half, odd_count), 1);
  __m512i even = _mm512_mul_epi32(x, m);
  __m512i odd = _mm512_mul_epi32(_mm512_srli_epi64(x, 32), _mm512_srli_epi64(m, 32));
  even = _mm512_srav_epi64(_mm512_add_epi64(even, even_half), even_count);
  odd = _mm512_srav_epi64(_mm512_add_epi64(odd, odd_half), odd_count);
  return (ints)_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
}

// The instruction takes A unsigned: a + 128, made by flipping the sign bit, and 128 times each
// column's sum is taken off at the end.
BK_INLINE __m512i unsigned_group(const int8_t *a, const bool flipped) {
  uint32_t x;
  memcpy(&x, a, 4);
  const __m512i group = _mm512_set1_epi32((int32_t)x);
  return flipped ? group : _mm512_xor_si512(group, _mm512_set1_epi8(-128));
}

// A single row has four sums for each vector and two rows have two, to hide the latency. Of the panel's
// two vectors of columns only `vectors` exist.
BK_INLINE void tile_of(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows,
    const size_t vectors, const bool flipped, int32_t *sums) {
  const size_t several = rows == 1 ? 4 : rows == 2 ? 2 : 1, step = 4 * several;
  const int8_t *b = p->b + n0 * p->a.segments * run;
  BK_LOOP_OF_TILE("i8", rows, 16 * vectors);
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
        __m512i w0 = _mm512_loadu_si512(b), w1;
        if (vectors > 1) w1 = _mm512_loadu_si512(b + 64);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          __m512i v = unsigned_group(a[r] + kk + 4 * u, flipped);
          sum[r][0][u] = _mm512_dpbusd_epi32(sum[r][0][u], v, w0);
          if (vectors > 1) sum[r][1][u] = _mm512_dpbusd_epi32(sum[r][1][u], v, w1);
        }
      }
    for (; several > 2 && kk < run; kk += 4, b += 128)
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        __m512i v = unsigned_group(a[r] + kk, flipped);
        sum[r][0][0] = _mm512_dpbusd_epi32(sum[r][0][0], v, _mm512_loadu_si512(b));
        if (vectors > 1)
          sum[r][1][0] = _mm512_dpbusd_epi32(sum[r][1][0], v, _mm512_loadu_si512(b + 64));
      }
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
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

BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const bool both = p->n - n0 > 16;
  if (both && p->a.flipped)
    tile_of(p, m0, n0, run, rows, 2, true, sums);
  else if (both)
    tile_of(p, m0, n0, run, rows, 2, false, sums);
  else if (p->a.flipped)
    tile_of(p, m0, n0, run, rows, 1, true, sums);
  else
    tile_of(p, m0, n0, run, rows, 1, false, sums);
}

// What the rows of a vector of columns share in requantizing.
typedef struct {
  __m512i bias, multiplier, odd_multiplier, left, right, half, half_below, most;
  __mmask16 columns;
} store_constants;

BK_INLINE store_constants constants_at(const bk_i8_i8_gemm_args *args, size_t n) {
  const __m512i zero = _mm512_setzero_si512(), one = _mm512_set1_epi32(1);
  const size_t left = args->product.n - n;
  store_constants s;
  __m512i shift = _mm512_loadu_si512(args->shift + n);
  s.bias = args->bias ? _mm512_loadu_si512(args->bias + n) : zero;
  s.multiplier = _mm512_loadu_si512(args->multiplier + n);
  s.odd_multiplier = _mm512_srli_epi64(s.multiplier, 32);
  s.left = _mm512_max_epi32(shift, zero);
  s.right = _mm512_sub_epi32(s.left, shift);
  // What is added before the shift to the right: half the divisor, and one less below zero; nothing for
  // a divisor of one.
  s.half = _mm512_srli_epi32(_mm512_sllv_epi32(one, s.right), 1);
  s.half_below = _mm512_max_epi32(_mm512_sub_epi32(s.half, one), zero);
  // What lies above gives more than an int8 holds either way, and would leave int32.
  s.most = _mm512_sub_epi32(_mm512_set1_epi32(INT32_MAX), s.half);
  s.columns = (__mmask16)(left < 16 ? (1u << left) - 1 : 0xffff);
  return s;
}

BK_INLINE __m512i requantized(const store_constants *s, __m512i x) {
  const __m512i nudge = _mm512_set1_epi64(1 << 30);
  x = _mm512_sllv_epi32(_mm512_add_epi32(x, s->bias), s->left);
  __m512i even = _mm512_add_epi64(_mm512_mul_epi32(x, s->multiplier), nudge);
  __m512i odd = _mm512_mul_epi32(_mm512_srli_epi64(x, 32), s->odd_multiplier);
  odd = _mm512_add_epi64(odd, nudge);
  odd = _mm512_add_epi64(odd, odd);
  x = _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 31), odd);
  x = _mm512_min_epi32(x, s->most);
  __mmask16 below = _mm512_cmplt_epi32_mask(x, _mm512_setzero_si512());
  __m512i half = _mm512_mask_blend_epi32(below, s->half, s->half_below);
  return _mm512_srav_epi32(_mm512_add_epi32(x, half), s->right);
}

// Shifts to the right by more than this are too rare to be worth a way without overflow.
#define MOST_SHIFT 20

BK_INLINE bool shifts_little(const bk_i8_i8_gemm_args *args, size_t n) {
  __m512i shift = _mm512_loadu_si512(args->shift + n);
  return !_mm512_cmplt_epi32_mask(shift, _mm512_set1_epi32(-MOST_SHIFT));
}

// Four vectors of sums become one of bytes; packing works within lanes of 128 bits, so its words are
// put in order at the end.
BK_INLINE bool store_int8(
    const bk_i8_i8_gemm_args *args, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const size_t wide = args->product.n - n0 > 16 ? 2 : 1;
  if (args->once || !shifts_little(args, n0) || !shifts_little(args, n0 + 16 * (wide - 1))) return false;
  const store_constants s[2] = {
      constants_at(args, n0), wide > 1 ? constants_at(args, n0 + 16) : constants_at(args, n0)};
  const __m512i zero = _mm512_set1_epi16((short)args->zero);
  const __m512i low = _mm512_set1_epi8((char)args->low), high = _mm512_set1_epi8((char)args->high);
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  for (size_t i = 0; i < rows * wide; i += 4) {
    __m512i x[4];
#pragma clang loop unroll(full)
    for (size_t j = 0; j < 4; j++) {
      size_t at = i + j < rows * wide ? i + j : i;
      const int32_t *from = sums + at / wide * BK_I8_NR + at % wide * 16;
      x[j] = requantized(wide > 1 ? &s[j % 2] : &s[0], _mm512_load_si512(from));
    }
    __m512i first = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), zero);
    __m512i second = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), zero);
    __m512i bytes = _mm512_packs_epi16(first, second);
    bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, low), high);
    bytes = _mm512_permutexvar_epi32(order, bytes);
    const __m128i parts[4] = {
        _mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1),
        _mm512_extracti32x4_epi32(bytes, 2), _mm512_extracti32x4_epi32(bytes, 3)};
#pragma clang loop unroll(full)
    for (size_t j = 0; j < 4; j++)
      if (i + j < rows * wide) {
        int8_t *c = args->c + (m0 + (i + j) / wide) * args->c_stride + n0 + (i + j) % wide * 16;
        _mm_mask_storeu_epi8(c, s[wide > 1 ? j % 2 : 0].columns, parts[j]);
      }
  }
  return true;
}

#define BK_I8_STORE_I8 store_int8
#include "../templates/i8_gemm.inc.h"

#define BK_I4_MR 4
#define BK_I4_LANES 16
#define BK_I4_FLOATS BK_FLOATS
#define BK_I4_INTS BK_INTS

BK_INLINE __m512i signed_group(const int8_t *a) {
  int32_t x;
  memcpy(&x, a, 4);
  return _mm512_set1_epi32(x);
}

// The weights are the unsigned operand here. The upper four bits stay where they are, so their sums
// are 16 times what they should be.
BK_INLINE void BK_NAME(bk_i4_dot)(
    const uint8_t *values, const int8_t *const *a, const size_t rows, BK_INTS sums[BK_I4_MR][2]) {
  const __m512i mask = _mm512_set1_epi8(15);
  __m512i low[BK_I4_MR][2], high[BK_I4_MR][2];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
    low[r][0] = low[r][1] = high[r][0] = high[r][1] = _mm512_setzero_si512();
#pragma clang loop unroll(full)
  for (size_t j = 0; j < 4; j++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < 2; v++) {
      __m512i both = _mm512_loadu_si512(values + 128 * j + 64 * v);
      __m512i first = _mm512_and_si512(both, mask), second = _mm512_andnot_si512(mask, both);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        low[r][v] = _mm512_dpbusd_epi32(low[r][v], first, signed_group(a[r] + 4 * j));
        high[r][v] = _mm512_dpbusd_epi32(high[r][v], second, signed_group(a[r] + 16 + 4 * j));
      }
    }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < 2; v++)
      sums[r][v] = (BK_INTS)_mm512_add_epi32(low[r][v], _mm512_srai_epi32(high[r][v], 4));
}

#include "../templates/i4_gemm.inc.h"
#pragma clang attribute pop
#endif
