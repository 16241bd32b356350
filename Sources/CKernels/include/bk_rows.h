// Kernels over rows of floats.
#ifndef BRAMBLE_BK_ROWS_H
#define BRAMBLE_BK_ROWS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  // exp(beta * (x - max)) / sum, for each row of `columns`.
  void (*f32_softmax)(size_t rows, size_t columns, float beta, const float *x, float *y);
  // y[outer][inner] = scale * sum of x[outer][reduced][inner].
  void (*f32_sum)(
      size_t outer, size_t reduced, size_t inner, float scale, const float *x, float *y);
  void (*f32_maximum)(size_t outer, size_t reduced, size_t inner, const float *x, float *y);
} bk_row_kernels;

#endif
