// The float products over panels of BK_NR columns. The including file defines
//   BK_LANES      floats of a vector, BK_NR a multiple of it
//   BK_MR         rows of a tile: 4, 6 or 8
//   BK_PANELS     panels of a tile: 1 or 2
//   BK_ROW_PANELS panels that a single row takes at once, where there are so many: as many as share a load
//                 of A where that is dear, one where reading the weights in one stream is worth more
//   BK_UNROLL     sums that a single row of one panel keeps, to hide the latency of a multiply
//   BK_A_BY_LANE  1 where a multiply can take a scalar out of a vector register, so that four values
//                 of A are loaded at once
//   BK_F32_GEMM   where the file wraps it, how the float32 product is declared
//   BK_HALF_LOAD  where there is one, the instruction that widens BK_LANES binary16 numbers at a place
#include "gemm_rows.h"

#define BK_VECTORS (BK_NR / BK_LANES)
#define BK_MOST_VECTORS (BK_ROW_PANELS * BK_VECTORS)

typedef float BK_NAME(bk_vec) __attribute__((ext_vector_type(BK_LANES)));
#define BK_VEC BK_NAME(bk_vec)

BK_INLINE BK_VEC BK_NAME(bk_vec_load)(const float *p) {
  BK_VEC v;
  memcpy(&v, p, sizeof v);
  return v;
}

// BK_LANES weights from the index on; `half` is a constant at each call.
BK_INLINE BK_VEC BK_NAME(bk_weights)(const void *b, size_t index, const bool half) {
#if defined(BK_HALF_LOAD)
  if (half) {
    BK_VEC v;
    __auto_type wide = BK_HALF_LOAD((const uint16_t *)b + index);
    memcpy(&v, &wide, sizeof v);
    return v;
  }
#endif
  return BK_NAME(bk_vec_load)((const float *)b + index);
}

// The rows of a tile of which not all columns exist; out of line, so that tiles keep their sums in registers.
static __attribute__((noinline)) void BK_NAME(bk_store_part)(
    const float *lanes, size_t width, size_t rows, float *c, size_t stride, size_t columns) {
  for (size_t i = 0; i < rows; i++, lanes += width, c += stride)
    memcpy(c, lanes, columns * sizeof *c);
}

typedef BK_VEC BK_NAME(bk_sums)[BK_MR][BK_MOST_VECTORS][BK_UNROLL];

// One value of k: x times the weights from b on, onto the sums at `u`.
BK_INLINE void BK_NAME(bk_float_multiply)(
    const void *weights, size_t b, size_t panel, const float *x, const size_t rows,
    const size_t panels, const size_t u, const bool half, BK_NAME(bk_sums) sum) {
#pragma clang fp contract(fast)
  BK_VEC w[BK_MOST_VECTORS];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < panels * BK_VECTORS; v++) {
    size_t index = b + v / BK_VECTORS * panel + v % BK_VECTORS * BK_LANES;
    w[v] = BK_NAME(bk_weights)(weights, index, half);
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < panels * BK_VECTORS; v++) sum[i][v][u] += w[v] * x[i];
}

// `rows` rows times `panels` panels with `sums` sums for each vector; all constants at each call, as is `half`.
BK_INLINE void BK_NAME(bk_float_tile)(
    const bk_float_gemm_args *args, size_t m0, size_t n0, const size_t rows, const size_t panels,
    const size_t sums, const bool half) {
  const size_t k = args->a.k, panel = args->a.segments * k * BK_NR;
  const size_t step = BK_A_BY_LANE && sums < 4 ? 4 : sums;
  const void *weights = args->b;
  size_t b = n0 * args->a.segments * k;
  BK_NAME(bk_sums) sum;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < panels * BK_VECTORS; v++)
#pragma clang loop unroll(full)
      for (size_t u = 0; u < sums; u++)
        sum[i][v][u] = u == 0 && args->bias
                           ? BK_NAME(bk_vec_load)(args->bias + n0 + v * BK_LANES)
                           : (BK_VEC)(0.0f);
  for (size_t segment = 0; segment < args->a.segments; segment++) {
    const float *start = (const float *)args->a.a + bk_segment_start(&args->a, segment), *a[BK_MR];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++) a[i] = start + bk_row_start(&args->a, m0 + i);
    size_t kk = 0;
    for (; kk + step <= k; kk += step, b += step * BK_NR) {
      if (half) BK_LOOP_OF_TILE("f16", rows, panels * BK_NR);
      else BK_LOOP_OF_TILE("f32", rows, panels * BK_NR);
#if BK_A_BY_LANE
      typedef float quad __attribute__((ext_vector_type(4)));
      quad values[BK_MR][(BK_UNROLL + 3) / 4];
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) memcpy(values[i], a[i] + kk, step * sizeof(float));
#endif
#pragma clang loop unroll(full)
      for (size_t u = 0; u < step; u++) {
        float x[BK_MR];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < rows; i++)
#if BK_A_BY_LANE
          x[i] = values[i][u / 4][u % 4];
#else
          x[i] = a[i][kk + u];
#endif
        BK_NAME(bk_float_multiply)(
            weights, b + u * BK_NR, panel, x, rows, panels, u % sums, half, sum);
      }
    }
    for (; step > 1 && kk < k; kk++, b += BK_NR) {
      float x[BK_MR];
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) x[i] = a[i][kk];
      BK_NAME(bk_float_multiply)(weights, b, panel, x, rows, panels, 0, half, sum);
    }
  }
  const BK_VEC low = args->low, high = args->high;
  const size_t width = panels * BK_VECTORS * BK_LANES, stride = args->c_stride;
  float *c = args->c + m0 * stride + n0;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < panels * BK_VECTORS; v++) {
#pragma clang loop unroll(full)
      for (size_t u = 1; u < sums; u++) sum[i][v][0] += sum[i][v][u];
      sum[i][v][0] = sum[i][v][0] < low ? low : sum[i][v][0];
      sum[i][v][0] = sum[i][v][0] > high ? high : sum[i][v][0];
    }
  if (n0 + width <= args->n) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++, c += stride)
#pragma clang loop unroll(full)
      for (size_t v = 0; v < panels * BK_VECTORS; v++)
        memcpy(c + v * BK_LANES, &sum[i][v][0], sizeof(BK_VEC));
    return;
  }
  float lanes[BK_MR * BK_MOST_VECTORS * BK_LANES];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < panels * BK_VECTORS; v++)
      memcpy(lanes + i * width + v * BK_LANES, &sum[i][v][0], sizeof(BK_VEC));
  BK_NAME(bk_store_part)(lanes, width, rows, c, stride, args->n - n0);
}

// The rows [m0, end) times `panels` panels. Every tile adds in the order of k, so that a row's result
// does not depend on its place among others.
BK_INLINE void BK_NAME(bk_float_column)(
    const bk_float_gemm_args *args, size_t m0, size_t end, size_t n0, const size_t panels,
    const bool half) {
  for (; m0 + BK_MR <= end; m0 += BK_MR)
    BK_NAME(bk_float_tile)(args, m0, n0, BK_MR, panels, 1, half);
#if BK_MR > 4
  for (; m0 + 4 <= end; m0 += 4) BK_NAME(bk_float_tile)(args, m0, n0, 4, panels, 1, half);
#endif
  for (; m0 + 2 <= end; m0 += 2) BK_NAME(bk_float_tile)(args, m0, n0, 2, panels, 1, half);
  if (m0 < end) BK_NAME(bk_float_tile)(args, m0, n0, 1, panels, 1, half);
}

// A product of one row.
BK_INLINE void BK_NAME(bk_float_row)(const bk_float_gemm_args *args, const bool half) {
  size_t n0 = 0;
#if BK_ROW_PANELS > 1
  const size_t together = BK_ROW_PANELS * BK_NR;
  for (; n0 + together <= args->n; n0 += together)
    BK_NAME(bk_float_tile)(args, 0, n0, 1, BK_ROW_PANELS, BK_UNROLL / BK_ROW_PANELS, half);
#endif
  for (; n0 < args->n; n0 += BK_NR) BK_NAME(bk_float_tile)(args, 0, n0, 1, 1, BK_UNROLL, half);
}

// Every panel for the rows [m0, end).
BK_INLINE void BK_NAME(bk_float_rows)(
    const bk_float_gemm_args *args, size_t m0, size_t end, const bool half) {
  size_t n0 = 0;
#if BK_PANELS > 1
  for (; n0 + BK_NR < args->n; n0 += BK_PANELS * BK_NR)
    BK_NAME(bk_float_column)(args, m0, end, n0, BK_PANELS, half);
#endif
  for (; n0 < args->n; n0 += BK_NR) BK_NAME(bk_float_column)(args, m0, end, n0, 1, half);
}

// Weights that fit in the first-level cache are read again for each tile of rows, so that the rows
// of C are written through; others are read once, panel by panel.
BK_INLINE void BK_NAME(bk_float_gemm)(const bk_float_gemm_args *args, const bool half) {
  size_t weights = args->a.segments * args->a.k * args->n * (half ? 2 : 4);
  size_t block = weights <= BK_CLOSE_WEIGHTS ? BK_MR : args->m;
  if (args->m == 1) return BK_NAME(bk_float_row)(args, half);
  for (size_t m0 = 0; m0 < args->m; m0 += block)
    BK_NAME(bk_float_rows)(args, m0, m0 + block < args->m ? m0 + block : args->m, half);
}

#ifndef BK_F32_GEMM
#define BK_F32_GEMM void BK_NAME(bk_f32_gemm)
#endif
BK_F32_GEMM(const bk_float_gemm_args *args) {
  BK_NAME(bk_float_gemm)(args, false);
}

#if defined(BK_HALF_LOAD)
void BK_NAME(bk_f16_gemm)(const bk_float_gemm_args *args) {
  BK_NAME(bk_float_gemm)(args, true);
}
#endif
