// Operators over height and width, NHWC.
#ifndef BRAMBLE_BK_SPATIAL_H
#define BRAMBLE_BK_SPATIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How output positions read an input of [height, width, channels]; `top` and `left` are zeros
// before the input, and whatever lies outside it counts as zero (or as absent, for pools).
typedef struct {
  size_t height, width, channels;
  size_t output_height, output_width;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t dilation_height, dilation_width;
  size_t top, left;
} bk_window;

// y[.., c * multiplier + j] = clamp(bias + sum x[.., c] * w[tap][c * multiplier + j]).
typedef struct {
  bk_window window;
  size_t multiplier;
  const float *x;
  const float *weights;
  const float *bias;
  float *y;
  float low, high;
} bk_f32_depthwise_args;

typedef struct {
  bk_window window;
  bool average;
  const float *x;
  float *y;
  float low, high;
} bk_f32_pool_args;

typedef struct {
  void (*f32_depthwise)(const bk_f32_depthwise_args *args);
  void (*f32_pool)(const bk_f32_pool_args *args);
} bk_spatial_kernels;

// Writes `count` rows, from output position `first` (row-major) on, of kernel_height * kernel_width *
// channels elements each, `row_stride` elements apart. Element sizes 1 and 4.
void bk_patches(
    const bk_window *window, size_t element_size, const void *x, size_t first, size_t count,
    void *rows, size_t row_stride);

// Adds columns [height * width][kernel_height * kernel_width * channels] of a transposed
// convolution into y [output_height, output_width, channels], which starts as `bias` (or zeros).
// Here height and width are the input's, channels the output's.
void bk_f32_scatter(
    const bk_window *window, const float *columns, const float *bias, float low, float high,
    float *y);

#endif
