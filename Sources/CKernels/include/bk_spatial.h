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

// y[.., c] = clamp(bias[c] + sum x[.., c] * weights[tap][c]) for the output rows [first, last).
// `absent` is a row of the input, width * channels elements, as it is read above and below it.
typedef struct {
  bk_window window;
  size_t first, last;
  const float *x, *absent;
  const float *weights, *bias;
  float *y;
  float low, high;
} bk_f32_depthwise_args;

// The same as TFLite defines it for int8: y = clamp(zero + requantized(bias + sum x * w), low, high),
// per channel. `bias` is folded: b - z_x * sum w, so `absent` and what is left and right of the
// input hold the input's zero point.
typedef struct {
  bk_window window;
  size_t first, last;
  const int8_t *x, *absent;
  const int8_t *weights;
  const int32_t *bias, *multiplier, *shift;
  int8_t *y;
  int32_t zero, low, high;
} bk_i8_depthwise_args;

// Over the output rows [first, last). An average counts only what lies inside the input.
typedef struct {
  bk_window window;
  size_t first, last;
  bool average;
  const float *x;
  float *y;
  float low, high;
} bk_f32_pool_args;

// The average rounds half away from zero, as TFLite does.
typedef struct {
  bk_window window;
  size_t first, last;
  bool average;
  const int8_t *x;
  int8_t *y;
  int32_t low, high;
} bk_i8_pool_args;

typedef struct {
  void (*f32_depthwise)(const bk_f32_depthwise_args *args);
  void (*i8_depthwise)(const bk_i8_depthwise_args *args);
  void (*f32_pool)(const bk_f32_pool_args *args);
  void (*i8_pool)(const bk_i8_pool_args *args);
  // y[r][c] = x[r][c] * scales[c]: int8 weights as floats.
  void (*i8_widen)(size_t rows, size_t columns, const int8_t *x, const float *scales, float *y);
} bk_spatial_kernels;

// Copies x [height, width, channels] into the middle of an image that is `padded_width` wide, and fills the rest with
// bytes of `fill`; y takes the `rows` rows of it from `first` on. `top` and `left` may lie beyond the padded
// extents. Element sizes 1 and 4.
void bk_pad_image(
    const bk_window *window, size_t element_size, int8_t fill, const void *x, size_t first, size_t rows,
    size_t padded_width, void *y);

// Writes, for `columns` output columns from `first` on and each of `rows` input rows from `top` rows above the input on, the
// kernel_width * channels elements that the column's window reads of that row, dilation taken out:
// y [columns][rows][kernel_width * channels]. A window is then kernel_height neighbouring rows.
void bk_window_columns(
    const bk_window *window, size_t element_size, int8_t fill, const void *x, size_t rows, size_t first,
    size_t columns, void *y);

// Flips the sign bit of each byte.
void bk_flip(size_t count, int8_t *x);

// y[p][c * times + j] = x[p][c]. Element sizes 1 and 4.
void bk_repeat_channels(
    size_t pixels, size_t channels, size_t times, size_t element_size, const void *x, void *y);

#endif
