// Operators too rare for a version for each instruction set.
#ifndef BRAMBLE_BK_RARE_H
#define BRAMBLE_BK_RARE_H

#include <stdbool.h>

#include "bk_elementwise.h"
#include "bk_quantized.h"

// A walk over `rank` axes, outermost first, with the strides of three operands; y is written densely.
typedef struct {
  size_t rank;
  size_t extents[BK_MAX_RANK];
  ptrdiff_t strides[3][BK_MAX_RANK];
} bk_select_walk;

void bk_select_set(
    bk_select_walk *walk, size_t axis, size_t extent, ptrdiff_t condition, ptrdiff_t a, ptrdiff_t b);

// y = condition != 0 ? a : b. Element sizes 1 and 4.
void bk_select(
    const bk_select_walk *walk, size_t element_size, const float *condition, const void *a,
    const void *b, void *y);

// Images [height, width, channels]. Positions are mapped as TensorFlow's resizing defines it, in float.
typedef struct {
  size_t height, width, channels;
  size_t output_height, output_width;
  bool aligns_corners, centers_pixels;
} bk_resize;

void bk_resize_nearest(
    const bk_resize *resize, size_t element_size, const void *x, void *y);
void bk_f32_resize_bilinear(const bk_resize *resize, const float *x, float *y);
// Positions and shares have ten bits behind the point.
void bk_i8_resize_bilinear(const bk_resize *resize, const int8_t *x, int8_t *y);

// A quotient; or a comparison of both operands scaled, which writes 1 or 0 to `truths`. Where the divisor is 0 the
// quotient is the largest value, or the least for a negative dividend.
void bk_i8_rare_binary(const bk_i8_binary_args *args, float *truths);

// The largest of x[outer][reduced][inner]; scales and zero points play no part.
void bk_i8_maximum(const bk_i8_sum_args *args);

// Rows whose result has the scale 16/256 and the zero point 127; exps are those of bk_i8_softmax_table for `scale`.
void bk_i8_log_softmax(
    size_t rows, size_t columns, float scale, const float *exps, const int8_t *x, int8_t *y);

// Rows divided by their lengths, with the scale 1/128 and the zero point 0; at most 2^15 columns.
void bk_i8_l2_norm(size_t rows, size_t columns, int32_t zero, const int8_t *x, int8_t *y);

#endif
