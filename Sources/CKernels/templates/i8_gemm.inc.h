// The int8 products around a tile of an instruction set. The including file defines BK_NAME, BK_I8_NR
// (columns of a panel), BK_I8_MR (rows of a tile) and, before the inclusion,
//
//   BK_INLINE void BK_NAME(bk_i8_tile)(const bk_i8_product *p, size_t m0, size_t n0, size_t run,
//                                      const size_t rows, int32_t *sums);
//
// which writes the exact sums of `rows` (a constant) rows and one panel to sums[row][BK_I8_NR].
// What becomes of the sums is the same code for all, so a tile is compiled once for three results.
#include "gemm_rows.h"
#include "requantize.h"

typedef void (*BK_NAME(bk_i8_sink))(
    const void *args, size_t m0, size_t n0, size_t rows, const int32_t *sums);

// Columns of the panel at n0 that exist.
BK_INLINE size_t BK_NAME(bk_i8_columns)(const bk_i8_product *p, size_t n0) {
  return p->n - n0 < BK_I8_NR ? p->n - n0 : BK_I8_NR;
}

static void BK_NAME(bk_i8_to_f32)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_f32_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += 8) {
    bk_f32x8 b_scale = bk_load(args->b_scale + n0 + i);
    bk_f32x8 bias = args->bias ? bk_load(args->bias + n0 + i) : bk_splat(0);
    for (size_t r = 0; r < rows; r++) {
      bk_f32x8 scale = b_scale * args->a_scale[(m0 + r) * args->a_scale_stride];
      bk_i32x8 sum = bk_load_i32(sums + r * BK_I8_NR + i);
      bk_f32x8 y = __builtin_convertvector(sum, bk_f32x8) * scale + bias;
      y = bk_clamp(y, args->low, args->high);
      float *c = args->c + (m0 + r) * args->c_stride + n0 + i;
      if (i + 8 <= columns)
        bk_store(c, y);
      else
        bk_store_part(c, y, columns - i);
    }
  }
}

static void BK_NAME(bk_i8_to_i8)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_i8_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += 8) {
    bk_i32x8 bias = args->bias ? bk_load_i32(args->bias + n0 + i) : (bk_i32x8)(0);
    bk_i32x8 multiplier = bk_load_i32(args->multiplier + n0 + i);
    bk_i32x8 shift = bk_load_i32(args->shift + n0 + i);
    for (size_t r = 0; r < rows; r++) {
      bk_i32x8 y = bk_load_i32(sums + r * BK_I8_NR + i) + bias;
      y = bk_requantize(y, multiplier, shift) + args->zero;
      y = y < args->low ? (bk_i32x8)(args->low) : y;
      y = y > args->high ? (bk_i32x8)(args->high) : y;
      bk_i8x8 bytes = __builtin_convertvector(y, bk_i8x8);
      int8_t *c = args->c + (m0 + r) * args->c_stride + n0 + i;
      memcpy(c, &bytes, i + 8 <= columns ? 8 : columns - i);
    }
  }
}

static void BK_NAME(bk_i8_to_i32)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_i32_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += 8) {
    bk_i32x8 bias = args->bias ? bk_load_i32(args->bias + n0 + i) : (bk_i32x8)(0);
    for (size_t r = 0; r < rows; r++) {
      bk_i32x8 y = bk_load_i32(sums + r * BK_I8_NR + i) + bias;
      size_t count = i + 8 <= columns ? 8 : columns - i;
      memcpy(args->c + (m0 + r) * args->c_stride + n0 + i, &y, count * sizeof(int32_t));
    }
  }
}

static void BK_NAME(bk_i8_product_run)(
    const bk_i8_product *p, BK_NAME(bk_i8_sink) sink, const void *args) {
  const size_t run = bk_i8_run(p->a.k);
  int32_t sums[BK_I8_MR * BK_I8_NR] __attribute__((aligned(64)));
  for (size_t n0 = 0; n0 < p->n; n0 += BK_I8_NR) {
    size_t m0 = 0;
    for (; m0 + BK_I8_MR <= p->m; m0 += BK_I8_MR) {
      BK_NAME(bk_i8_tile)(p, m0, n0, run, BK_I8_MR, sums);
      sink(args, m0, n0, BK_I8_MR, sums);
    }
    size_t rows = p->m - m0;
    if (rows == 0) continue;
    switch (rows) {
#if BK_I8_MR > 5
    case 5: BK_NAME(bk_i8_tile)(p, m0, n0, run, 5, sums); break;
#endif
#if BK_I8_MR > 4
    case 4: BK_NAME(bk_i8_tile)(p, m0, n0, run, 4, sums); break;
#endif
#if BK_I8_MR > 3
    case 3: BK_NAME(bk_i8_tile)(p, m0, n0, run, 3, sums); break;
#endif
#if BK_I8_MR > 2
    case 2: BK_NAME(bk_i8_tile)(p, m0, n0, run, 2, sums); break;
#endif
    default: BK_NAME(bk_i8_tile)(p, m0, n0, run, 1, sums); break;
    }
    sink(args, m0, n0, rows, sums);
  }
}

void BK_NAME(bk_i8_f32_gemm)(const bk_i8_f32_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_f32), args);
}

void BK_NAME(bk_i8_i8_gemm)(const bk_i8_i8_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_i8), args);
}

void BK_NAME(bk_i8_i32_gemm)(const bk_i8_i32_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_i32), args);
}
