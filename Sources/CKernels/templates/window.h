// Questions about windows that the spatial kernels ask alike.
#ifndef BRAMBLE_WINDOW_H
#define BRAMBLE_WINDOW_H

#include "../include/bk_spatial.h"
#include "vector.h"

typedef int16_t bk_i16x8 __attribute__((ext_vector_type(8)));

// A dense 3 x 3 window of which at most one column lies outside on each side, and never both.
BK_INLINE bool bk_window_is_3x3(const bk_window *w) {
  return w->kernel_height == 3 && w->kernel_width == 3 && w->dilation_height == 1 &&
         w->dilation_width == 1 && w->left <= 1 && w->width >= 3 && w->output_width > 1 &&
         (w->output_width - 1) * w->stride_width + 2 <= w->width + w->left;
}

// What of `kernel` positions from `start` on (which may be before 0) lies within [0, extent).
typedef struct {
  size_t first, last;
} bk_span;

BK_INLINE bk_span bk_inside(size_t output, size_t stride, size_t before, size_t kernel, size_t extent) {
  size_t start = output * stride, end = start + kernel;
  bk_span span = {start > before ? start - before : 0, end > before ? end - before : 0};
  if (span.last > extent) span.last = extent;
  if (span.first > span.last) span.first = span.last;
  return span;
}

#endif
