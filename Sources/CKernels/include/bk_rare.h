// Operators too rare for a version for each instruction set.
#ifndef BRAMBLE_BK_RARE_H
#define BRAMBLE_BK_RARE_H

#include <stdbool.h>

#include "bk_elementwise.h"

// A walk over `rank` axes, outermost first, with the strides of three operands; y is written densely.
typedef struct {
  size_t rank;
  size_t extents[BK_MAX_RANK];
  ptrdiff_t strides[3][BK_MAX_RANK];
} bk_select_walk;

void bk_select_set(
    bk_select_walk *walk, size_t axis, size_t extent, ptrdiff_t condition, ptrdiff_t a, ptrdiff_t b);

// y = condition != 0 ? a : b.
void bk_f32_select(
    const bk_select_walk *walk, const float *condition, const float *a, const float *b, float *y);

// Images [height, width, channels]. Positions are mapped as TensorFlow's resizing defines it, in float.
typedef struct {
  size_t height, width, channels;
  size_t output_height, output_width;
  bool aligns_corners, centers_pixels;
} bk_resize;

void bk_resize_nearest(
    const bk_resize *resize, size_t element_size, const void *x, void *y);
void bk_f32_resize_bilinear(const bk_resize *resize, const float *x, float *y);

#endif
