// The int8 products around a tile of an instruction set. The including file defines
//   BK_I8_NR    columns of a panel
//   BK_I8_MR    rows of a tile: 2, 4 or 8
//   BK_I8_TILE_TO_F32 (if it has one) what computes a whole tile of dynamic range over flipped rows
//   BK_I8_LANES columns that are finished at once: 8 or 16
//   BK_I8_OWN_RUN where it walks over the tiles and finishes int8 results by itself: bk_i8_product_run, which
//               the including file defines afterwards, and bk_i8_i8_gemm
// and, before the inclusion,
//
//   BK_INLINE void BK_NAME(bk_i8_tile)(const bk_i8_product *p, size_t m0, size_t n0, size_t run,
//                                      const size_t rows, int32_t *sums);
//
// which writes the exact sums of `rows` (a constant) rows and one panel to sums[row][BK_I8_NR].
// What becomes of the sums is the same code for all, so a tile is compiled once for three results.
#include "gemm_rows.h"
#include "requantize.h"

#ifndef BK_I8_LANES
#define BK_I8_LANES 8
#endif

typedef void (*BK_NAME(bk_i8_sink))(
    const void *args, size_t m0, size_t n0, size_t rows, const int32_t *sums);
typedef float BK_NAME(bk_i8_floats) __attribute__((ext_vector_type(BK_I8_LANES)));
typedef int32_t BK_NAME(bk_i8_ints) __attribute__((ext_vector_type(BK_I8_LANES)));
typedef int8_t BK_NAME(bk_i8_bytes) __attribute__((ext_vector_type(BK_I8_LANES)));
#define BK_FLOATS BK_NAME(bk_i8_floats)
#define BK_INTS BK_NAME(bk_i8_ints)

BK_INLINE BK_FLOATS BK_NAME(bk_i8_load_floats)(const float *p) {
  BK_FLOATS v;
  memcpy(&v, p, sizeof v);
  return v;
}

BK_INLINE BK_INTS BK_NAME(bk_i8_load_ints)(const int32_t *p) {
  BK_INTS v;
  memcpy(&v, p, sizeof v);
  return v;
}

// Copies what exists of BK_I8_LANES elements.
BK_INLINE void BK_NAME(bk_i8_put)(void *to, const void *lanes, size_t size, size_t columns) {
  if (columns >= BK_I8_LANES)
    memcpy(to, lanes, BK_I8_LANES * size);
  else
    memcpy(to, lanes, columns * size);
}

// Columns of the panel at n0 that exist.
BK_INLINE size_t BK_NAME(bk_i8_columns)(const bk_i8_product *p, size_t n0) {
  return p->n - n0 < BK_I8_NR ? p->n - n0 : BK_I8_NR;
}

static void BK_NAME(bk_i8_to_f32)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_f32_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += BK_I8_LANES) {
    BK_FLOATS b_scale = BK_NAME(bk_i8_load_floats)(args->b_scale + n0 + i);
    BK_FLOATS bias =
        args->bias ? BK_NAME(bk_i8_load_floats)(args->bias + n0 + i) : (BK_FLOATS)(0.0f);
    for (size_t r = 0; r < rows; r++) {
      BK_FLOATS scale = b_scale * args->a_scale[(m0 + r) * args->a_scale_stride];
      BK_INTS sum = BK_NAME(bk_i8_load_ints)(sums + r * BK_I8_NR + i);
      BK_FLOATS y = __builtin_convertvector(sum, BK_FLOATS) * scale + bias;
      y = y < args->low ? (BK_FLOATS)(args->low) : y;
      y = y > args->high ? (BK_FLOATS)(args->high) : y;
      float *c = args->c + (m0 + r) * args->c_stride + n0 + i;
      BK_NAME(bk_i8_put)(c, &y, sizeof *c, columns - i);
    }
  }
}

#ifndef BK_I8_OWN_RUN
// The product and the shift rounded together. An offset keeps the shift unsigned, which all instruction sets have.
BK_INLINE BK_INTS BK_NAME(bk_i8_requantize_once)(BK_INTS x, BK_INTS multiplier, BK_INTS shift) {
  typedef int64_t wide __attribute__((ext_vector_type(BK_I8_LANES)));
  typedef uint64_t offsets __attribute__((ext_vector_type(BK_I8_LANES)));
  offsets count = __builtin_convertvector(31 - shift, offsets), offset = (offsets)(1ull << 62);
  wide product = __builtin_convertvector(x, wide) * __builtin_convertvector(multiplier, wide);
  offsets sum = (offsets)product + ((offsets)(1ull) << (count - 1)) + offset;
  return __builtin_convertvector((sum >> count) - (offset >> count), BK_INTS);
}

static void BK_NAME(bk_i8_to_i8)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_i8_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += BK_I8_LANES) {
    BK_INTS bias = args->bias ? BK_NAME(bk_i8_load_ints)(args->bias + n0 + i) : (BK_INTS)(0);
    BK_INTS multiplier = BK_NAME(bk_i8_load_ints)(args->multiplier + n0 + i);
    BK_INTS shift = BK_NAME(bk_i8_load_ints)(args->shift + n0 + i);
    for (size_t r = 0; r < rows; r++) {
      BK_INTS y = BK_NAME(bk_i8_load_ints)(sums + r * BK_I8_NR + i) + bias;
      y = args->once ? BK_NAME(bk_i8_requantize_once)(y, multiplier, shift)
                     : bk_requantize(y, multiplier, shift);
      y += args->zero;
      y = y < args->low ? (BK_INTS)(args->low) : y;
      y = y > args->high ? (BK_INTS)(args->high) : y;
      BK_NAME(bk_i8_bytes) bytes = __builtin_convertvector(y, BK_NAME(bk_i8_bytes));
      int8_t *c = args->c + (m0 + r) * args->c_stride + n0 + i;
      BK_NAME(bk_i8_put)(c, &bytes, sizeof *c, columns - i);
    }
  }
}
#endif

static void BK_NAME(bk_i8_to_i32)(
    const void *p, size_t m0, size_t n0, size_t rows, const int32_t *sums) {
  const bk_i8_i32_gemm_args *args = p;
  const size_t columns = BK_NAME(bk_i8_columns)(&args->product, n0);
  for (size_t i = 0; i < columns; i += BK_I8_LANES) {
    BK_INTS bias = args->bias ? BK_NAME(bk_i8_load_ints)(args->bias + n0 + i) : (BK_INTS)(0);
    for (size_t r = 0; r < rows; r++) {
      BK_INTS y = BK_NAME(bk_i8_load_ints)(sums + r * BK_I8_NR + i) + bias;
      int32_t *c = args->c + (m0 + r) * args->c_stride + n0 + i;
      BK_NAME(bk_i8_put)(c, &y, sizeof *c, columns - i);
    }
  }
}

// The rows [m0, end) times the panel at n0; the first row of p is row `first` of the result.
BK_INLINE void BK_NAME(bk_i8_column)(
    const bk_i8_product *p, size_t first, size_t m0, size_t end, size_t n0,
    BK_NAME(bk_i8_sink) sink, const void *args) {
  const size_t run = bk_i8_run(p->a.k);
  int32_t sums[BK_I8_MR * BK_I8_NR] __attribute__((aligned(64)));
  while (m0 < end) {
    size_t rows = 1;
#ifdef BK_I8_TILE_TO_F32
    if (p->a.flipped && sink == BK_NAME(bk_i8_to_f32) && m0 + BK_I8_MR <= end &&
        p->n - n0 >= BK_I8_NR) {
      BK_I8_TILE_TO_F32(p, args, first, m0, n0, run);
      m0 += BK_I8_MR;
      continue;
    }
#endif
    if (m0 + BK_I8_MR <= end) {
      rows = BK_I8_MR;
      BK_NAME(bk_i8_tile)(p, m0, n0, run, BK_I8_MR, sums);
#if BK_I8_MR > 4
    } else if (m0 + 4 <= end) {
      rows = 4;
      BK_NAME(bk_i8_tile)(p, m0, n0, run, 4, sums);
#endif
#if BK_I8_MR > 2
    } else if (m0 + 2 <= end) {
      rows = 2;
      BK_NAME(bk_i8_tile)(p, m0, n0, run, 2, sums);
#endif
    } else {
      BK_NAME(bk_i8_tile)(p, m0, n0, run, 1, sums);
    }
    sink(args, first + m0, n0, rows, sums);
    m0 += rows;
  }
}

#ifdef BK_I8_OWN_RUN
static void BK_NAME(bk_i8_product_run)(
    const bk_i8_product *p, BK_NAME(bk_i8_sink) sink, const void *args);
#else
// In the order of the float product: weights of the first-level cache once for each tile of rows.
// Not inlined, so that the tiles stand once for three results.
static __attribute__((noinline)) void BK_NAME(bk_i8_product_run)(
    const bk_i8_product *p, BK_NAME(bk_i8_sink) sink, const void *args) {
  size_t weights = p->a.segments * bk_i8_run(p->a.k) * p->n;
  size_t block = weights <= BK_CLOSE_WEIGHTS ? BK_I8_MR : p->m;
  for (size_t m0 = 0; m0 < p->m; m0 += block)
    for (size_t n0 = 0; n0 < p->n; n0 += BK_I8_NR)
      BK_NAME(bk_i8_column)(p, 0, m0, m0 + block < p->m ? m0 + block : p->m, n0, sink, args);
}

void BK_NAME(bk_i8_i8_gemm)(const bk_i8_i8_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_i8), args);
}
#endif

void BK_NAME(bk_i8_f32_gemm)(const bk_i8_f32_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_f32), args);
}

void BK_NAME(bk_i8_i32_gemm)(const bk_i8_i32_gemm_args *args) {
  BK_NAME(bk_i8_product_run)(&args->product, BK_NAME(bk_i8_to_i32), args);
}
