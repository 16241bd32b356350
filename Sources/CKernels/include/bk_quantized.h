// Between float and int8 at run time, and operators on int8.
#ifndef BRAMBLE_BK_QUANTIZED_H
#define BRAMBLE_BK_QUANTIZED_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  // Symmetric, per row: scale = max|x| / 127, q = round_half_away(x * (127 / max|x|)); a row of zeros has scale 0.
  // Writes zeros from k to q_stride.
  void (*f32_quantize_rows)(
      size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
      float *scales);
} bk_quantized_kernels;

#endif
