#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

// Half of the second-level cache. A tile of eight rows reads 8 bytes of weights a cycle, which that delivers; and the rows
// of C are written one after the other. Panel by panel, a core that fetches the next rows ahead of their stores would
// take those at the border away from the thread that has them, in each panel anew.
#define BK_CLOSE_WEIGHTS (1 << 19)

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include "../portable/i8_sinks.h"
#include "../templates/gemm_rows.h"

#define BK_NAME(name) name##__avx512vnni
#define BK_I8_NR 32
#define BK_I8_MR 8
#define BK_I8_LANES 16
#define BK_I8_OWN_RUN
#define MOST_SUMS 4
#define AHEAD 1024

// The instruction takes A unsigned: a + 128, made by flipping the sign bit, and sums begin at -128 times
// that of their column.
BK_INLINE __m512i unsigned_group(const int8_t *a, const bool flipped) {
  uint32_t x;
  memcpy(&x, a, 4);
  const __m512i group = _mm512_set1_epi32((int32_t)x);
  return flipped ? group : _mm512_xor_si512(group, _mm512_set1_epi8(-128));
}

// A single row has four sums for each vector and two rows have two, to hide the latency. Of the panel's
// two vectors of columns only `vectors` exist.
BK_INLINE void totals_of(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows,
    const size_t vectors, const bool flipped, __m512i totals[BK_I8_MR][2]) {
  const size_t several = rows == 1 ? 4 : rows == 2 ? 2 : 1, step = 4 * several;
  const int8_t *b = p->b + n0 * p->a.segments * run;
  BK_LOOP_OF_TILE("i8", rows, 16 * vectors);
  __m512i sum[BK_I8_MR][2][MOST_SUMS];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    const __m512i columns = _mm512_slli_epi32(_mm512_loadu_si512(p->b_sum + n0 + 16 * v), 7);
    const __m512i begin = _mm512_sub_epi32(_mm512_setzero_si512(), columns);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (size_t u = 0; u < several; u++) sum[r][v][u] = u ? _mm512_setzero_si512() : begin;
  }
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    size_t kk = 0;
    for (; kk + step <= run; kk += step)
#pragma clang loop unroll(full)
      for (size_t u = 0; u < several; u++, b += 128) {
        // A single row waits for its weights.
        if (rows == 1) {
          _mm_prefetch((const char *)b + AHEAD, _MM_HINT_T0);
          _mm_prefetch((const char *)b + AHEAD + 64, _MM_HINT_T0);
        }
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
  for (size_t v = 0; v < vectors; v++)
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      __m512i total = sum[r][v][0];
#pragma clang loop unroll(full)
      for (size_t u = 1; u < several; u++) total = _mm512_add_epi32(total, sum[r][v][u]);
      totals[r][v] = total;
    }
}

BK_INLINE void tile_of(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows,
    const size_t vectors, const bool flipped, int32_t *sums) {
  __m512i totals[BK_I8_MR][2];
  totals_of(p, m0, n0, run, rows, vectors, flipped, totals);
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      _mm512_storeu_si512(sums + r * BK_I8_NR + 16 * v, totals[r][v]);
}

// A whole tile of dynamic range from its sums to its results in registers, in the arithmetic of the template.
static void tile_to_f32(
    const bk_i8_product *p, const bk_i8_f32_gemm_args *args, size_t first, size_t m0, size_t n0,
    size_t run) {
  __m512i totals[BK_I8_MR][2];
  totals_of(p, m0, n0, run, BK_I8_MR, 2, true, totals);
  m0 += first;
  const __m512 low = _mm512_set1_ps(args->low), high = _mm512_set1_ps(args->high);
#pragma clang loop unroll(full)
  for (size_t v = 0; v < 2; v++) {
    __m512 b_scale = _mm512_loadu_ps(args->b_scale + n0 + 16 * v), bias = _mm512_setzero_ps();
    if (args->bias) bias = _mm512_loadu_ps(args->bias + n0 + 16 * v);
    float *c = args->c + m0 * args->c_stride + n0 + 16 * v;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < BK_I8_MR; r++, c += args->c_stride) {
      __m512 scale =
          _mm512_mul_ps(b_scale, _mm512_set1_ps(args->a_scale[(m0 + r) * args->a_scale_stride]));
      __m512 y = _mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(totals[r][v]), scale), bias);
      // The second operand where one is not a number.
      _mm512_storeu_ps(c, _mm512_min_ps(high, _mm512_max_ps(low, y)));
    }
  }
}

#define BK_I8_TILE_TO_F32 tile_to_f32

BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  // Rows whose signs are not flipped yet are few: they do with one way.
  if (!p->a.flipped)
    tile_of(p, m0, n0, run, rows, 2, false, sums);
  else if (p->n - n0 > 16)
    tile_of(p, m0, n0, run, rows, 2, true, sums);
  else
    tile_of(p, m0, n0, run, rows, 1, true, sums);
}

#include "../templates/i8_gemm.inc.h"
#include "i8_results__avx512vnni.h"

// Rows that are flipped ahead of a tile, for all panels of weights.
#define MOST_FLIPPED 4096

BK_INLINE void flip(const bk_i8_product *p, size_t m0, size_t rows, size_t run, uint8_t *flipped) {
  const __m512i sign = _mm512_set1_epi8(-128);
  for (size_t r = 0; r < rows; r++, flipped += run) {
    const int8_t *a = (const int8_t *)p->a.a + bk_row_start(&p->a, m0 + r) + bk_segment_start(&p->a, 0);
    for (size_t i = 0; i < run; i += 64) {
      __mmask64 some = run - i < 64 ? (1ull << (run - i)) - 1 : ~0ull;
      __m512i x = _mm512_maskz_loadu_epi8(some, a + i);
      _mm512_storeu_si512(flipped + i, _mm512_xor_si512(x, sign));
    }
  }
}

// Weights that are near once for each tile of rows. Not inlined, so that the tiles stand once for three
// results.
static __attribute__((noinline)) void BK_NAME(bk_i8_product_run)(
    const bk_i8_product *p, BK_NAME(bk_i8_sink) sink, const void *args) {
  const size_t run = bk_i8_run(p->a.k), weights = p->a.segments * run * p->n;
  const size_t most = p->m < BK_I8_MR ? p->m : BK_I8_MR;
  const bool flips = !p->a.flipped && p->a.segments == 1 && most * run <= MOST_FLIPPED &&
                     (weights <= BK_CLOSE_WEIGHTS || p->m <= BK_I8_MR);
  const size_t block = flips || weights <= BK_CLOSE_WEIGHTS ? BK_I8_MR : p->m;
  uint8_t flipped[MOST_FLIPPED + 64] __attribute__((aligned(64)));
  bk_i8_product q = *p;
  if (flips) q.a = (bk_rows){flipped, run, NULL, 1, NULL, p->a.k, true};
  for (size_t m0 = 0; m0 < p->m; m0 += block) {
    const size_t rows = m0 + block < p->m ? block : p->m - m0, first = flips ? m0 : 0;
    if (flips) flip(p, m0, rows, run, flipped);
    for (size_t n0 = 0; n0 < p->n; n0 += BK_I8_NR)
      BK_NAME(bk_i8_column)(&q, first, m0 - first, m0 - first + rows, n0, sink, args);
  }
}

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
