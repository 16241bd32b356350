// int8 results of the products for AVX-512, sixteen columns at a time. Included by i8_gemm__avx512vnni.c.
//
// With x the sum and bias, M the multiplier and s the shift to the right, the high half of 2 * M * x + 2^31 is what
// the reference calls the doubling high multiplication. Products are of unsigned numbers, x + 2^31, as twice a
// multiplier has 32 bits; what that adds is taken off by the constant that adds 2^31. One less where that is below
// zero, as ties go away from zero, shifted by s - 1, plus one and halved is the result: no step overflows, whatever
// the bias, and the last is left to bytes in the making. Where product and shift are rounded at once, 2^31 and the
// one less fall away.
typedef struct {
  __m512i start, even, odd, even_constant, odd_constant, less, shift;
  __mmask16 columns;
  bool fits;
} finish;

BK_INLINE void finish_at(const bk_i8_i8_gemm_args *args, size_t n, finish *f) {
  const __m512i none = _mm512_setzero_si512(), one = _mm512_set1_epi32(1);
  const __m512i nudge = _mm512_set1_epi64(args->once ? 0 : 1ll << 31);
  const size_t columns = args->product.n - n;
  const __m512i bias = args->bias ? _mm512_loadu_si512(args->bias + n) : none;
  const __m512i multiplier = _mm512_loadu_si512(args->multiplier + n);
  const __m512i twice = _mm512_slli_epi32(multiplier, 1);
  // Less one. Nothing times anything is nothing, wherever it is shifted.
  const __m512i shift = _mm512_sub_epi32(_mm512_set1_epi32(-1), _mm512_loadu_si512(args->shift + n));
  f->shift = _mm512_maskz_mov_epi32(_mm512_test_epi32_mask(multiplier, multiplier), shift);
  f->start = _mm512_xor_si512(bias, _mm512_set1_epi32(INT32_MIN));
  f->even = _mm512_and_si512(twice, _mm512_set1_epi64(UINT32_MAX));
  f->odd = _mm512_srli_epi64(twice, 32);
  f->even_constant = _mm512_sub_epi64(nudge, _mm512_slli_epi64(f->even, 31));
  f->odd_constant = _mm512_sub_epi64(nudge, _mm512_slli_epi64(f->odd, 31));
  f->less = args->once ? none : one;
  f->columns = (__mmask16)(columns < 16 ? (1u << columns) - 1 : 0xffff);
  // Others, of scales from a half on, are too rare to be worth a way of their own.
  f->fits = !(_mm512_cmplt_epi32_mask(f->shift, none) & f->columns);
}

// Twice the result, with one bit of its fraction.
BK_INLINE __m512i finished_twice(const finish *f, __m512i x) {
  x = _mm512_add_epi32(x, f->start);
  __m512i even = _mm512_add_epi64(_mm512_mul_epu32(x, f->even), f->even_constant);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), f->odd);
  odd = _mm512_add_epi64(odd, f->odd_constant);
  x = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
  x = _mm512_mask_sub_epi32(x, _mm512_cmplt_epi32_mask(x, _mm512_setzero_si512()), x, f->less);
  return _mm512_srav_epi32(x, f->shift);
}

// Columns whose constants are made once for all rows.
#define MOST_KEPT 8

typedef struct {
  const bk_i8_i8_gemm_args *args;
  bool keeps;
  finish kept[MOST_KEPT];
} int8_results;

// Rows of `wide` vectors, `step` bytes from one to the next.
BK_INLINE void store_bytes(
    int8_t *c, size_t step, const __m128i parts[4], size_t rows, const size_t wide, const finish *f) {
#pragma clang loop unroll(full)
  for (size_t j = 0; j < 4; j++) {
    const size_t row = j / wide, vector = j % wide;
    if (row < rows) _mm_mask_storeu_epi8(c + row * step + 16 * vector, f[vector].columns, parts[j]);
  }
}

// Four vectors of sums become one of bytes; packing works within lanes of 128 bits, so its words are put in order
// at the end.
BK_INLINE void store_int8(
    const bk_i8_i8_gemm_args *args, const finish *f, size_t m0, size_t n0, size_t rows, const size_t wide,
    const int32_t *sums) {
  const __m512i rounding = _mm512_set1_epi16((short)(2 * args->zero + 1));
  const __m512i low = _mm512_set1_epi8((char)args->low), high = _mm512_set1_epi8((char)args->high);
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const size_t group = 4 / wide, step = args->c_stride;
  const bool full = f[wide - 1].columns == 0xffff;
  int8_t *c = args->c + m0 * step + n0;
  for (size_t row = 0; row < rows; row += group, c += group * step, sums += group * BK_I8_NR) {
    const size_t left = rows - row < group ? rows - row : group;
    __m512i x[4];
#pragma clang loop unroll(full)
    for (size_t j = 0; j < 4; j++) {
      const size_t from = j / wide < left ? j / wide * BK_I8_NR : 0;
      x[j] = finished_twice(&f[j % wide], _mm512_load_si512(sums + from + j % wide * 16));
    }
    __m512i first = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), rounding);
    __m512i second = _mm512_adds_epi16(_mm512_packs_epi32(x[2], x[3]), rounding);
    __m512i bytes = _mm512_packs_epi16(_mm512_srai_epi16(first, 1), _mm512_srai_epi16(second, 1));
    bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, low), high);
    bytes = _mm512_permutexvar_epi32(order, bytes);
    if (wide == 1 && full && left == 4 && step == 16) {
      _mm512_storeu_si512(c, bytes);
    } else if (wide == 2 && full && left == 2) {
      _mm256_storeu_si256((__m256i *)c, _mm512_castsi512_si256(bytes));
      _mm256_storeu_si256((__m256i *)(c + step), _mm512_extracti64x4_epi64(bytes, 1));
    } else {
      const __m128i parts[4] = {
          _mm512_castsi512_si128(bytes), _mm512_extracti32x4_epi32(bytes, 1),
          _mm512_extracti32x4_epi32(bytes, 2), _mm512_extracti32x4_epi32(bytes, 3)};
      store_bytes(c, step, parts, left, wide, f);
    }
  }
}

// The same for a few rows, from constants that never leave the registers.
BK_INLINE bool store_few(
    const bk_i8_i8_gemm_args *args, size_t m0, size_t n, size_t rows, const int32_t *sums) {
  const __m512i rounding = _mm512_set1_epi32(2 * args->zero + 1);
  const __m512i low = _mm512_set1_epi32(args->low), high = _mm512_set1_epi32(args->high);
  // More than any int8, and what may be added to.
  const __m512i least = _mm512_set1_epi32(-(1 << 20)), most = _mm512_set1_epi32(1 << 20);
  finish f;
  finish_at(args, n, &f);
  if (!f.fits) return false;
  for (size_t r = 0; r < rows; r++) {
    __m512i x = finished_twice(&f, _mm512_load_si512(sums + r * BK_I8_NR));
    x = _mm512_min_epi32(_mm512_max_epi32(x, least), most);
    x = _mm512_srai_epi32(_mm512_add_epi32(x, rounding), 1);
    x = _mm512_min_epi32(_mm512_max_epi32(x, low), high);
    _mm_mask_storeu_epi8(
        args->c + (m0 + r) * args->c_stride + n, f.columns, _mm512_cvtepi32_epi8(x));
  }
  return true;
}

static void to_int8(const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const int8_results *results = p;
  const bk_i8_i8_gemm_args *args = results->args;
  const size_t n = args->product.n, wide = n - n0 > 16 ? 2 : 1;
  const finish *f = results->kept + n0 / 16;
  if (results->keeps && f[0].fits && f[wide - 1].fits) {
    if (wide == 2)
      store_int8(args, f, m0, n0, rows, 2, sums);
    else
      store_int8(args, f, m0, n0, rows, 1, sums);
    return;
  }
  for (size_t v = 0; v < wide; v++, n0 += 16, sums += 16) {
    if (store_few(args, m0, n0, rows, sums)) continue;
    const size_t columns = n - n0 < 16 ? n - n0 : 16;
    for (size_t r = 0; r < rows; r++)
      for (size_t i = 0; i < columns; i++)
        bk_i8_sum_to_i8(args, m0 + r, n0 + i, sums[r * BK_I8_NR + i]);
  }
}

#include "i8_gemm_narrow__avx512vnni.h"

void BK_NAME(bk_i8_i8_gemm)(const bk_i8_i8_gemm_args *args) {
  if (narrow_product(args)) return;
  int8_results results;
  results.args = args;
  results.keeps = args->product.m > BK_I8_MR && args->product.n <= 16 * MOST_KEPT;
  if (results.keeps)
    for (size_t n = 0; n < args->product.n; n += 16) finish_at(args, n, &results.kept[n / 16]);
  BK_NAME(bk_i8_product_run)(&args->product, to_int8, &results);
}
