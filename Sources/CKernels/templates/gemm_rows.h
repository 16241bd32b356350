// Where a row of A and its runs begin, in elements from `a`.
#ifndef BRAMBLE_GEMM_ROWS_H
#define BRAMBLE_GEMM_ROWS_H

#include "../include/bk_gemm.h"
#include "loop.h"
#include "vector.h"

// Float kernels take so many columns of a single row together, or a divisor of it, and add in another order where
// fewer are left: who cuts columns for threads cuts at multiples of this.
#define BK_ROW_COLUMNS 64

// Weights of so many bytes are read again for each tile of rows, from a cache that is near enough: the first-level
// cache of every core, unless the instruction set says otherwise.
#ifndef BK_CLOSE_WEIGHTS
#define BK_CLOSE_WEIGHTS 24576
#endif

BK_INLINE ptrdiff_t bk_row_start(const bk_rows *a, size_t row) {
  return a->rows ? (ptrdiff_t)a->rows[row] : (ptrdiff_t)(row * a->stride);
}

BK_INLINE ptrdiff_t bk_segment_start(const bk_rows *a, size_t segment) {
  return a->segment_offsets ? (ptrdiff_t)a->segment_offsets[segment] : 0;
}

// k of one run as int8 panels hold it.
BK_INLINE size_t bk_i8_run(size_t k) {
  return (k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
}

#endif
