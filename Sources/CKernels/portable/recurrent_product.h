// Products of a recurrent layer: rows of floats times a packed matrix of any type of weights.
#ifndef BRAMBLE_RECURRENT_PRODUCT_H
#define BRAMBLE_RECURRENT_PRODUCT_H

#include "../include/CKernels.h"

// Rows of floats, and where their quantized form is or goes.
typedef struct {
  size_t count;
  const float *floats;
  size_t stride;
  int8_t *values;
  float *scales;
  int32_t *sums;
} bk_recurrent_rows;

// Values from one row of the quantized form to the next.
size_t bk_recurrent_stride(const bk_matrix *m);

// Quantizes the rows [first, last) where the weights take int8.
void bk_recurrent_quantize(
    const bk_kernels *kernels, const bk_matrix *m, bk_recurrent_rows a, size_t first, size_t last);

// Columns [n0, n0 + n) of A . B + bias, where n0 begins a panel and `c` is the whole row's beginning.
void bk_recurrent_multiply(
    const bk_kernels *kernels, const bk_matrix *m, bk_recurrent_rows a, const float *bias, size_t n0,
    size_t n, float *c, size_t c_stride);

#endif
