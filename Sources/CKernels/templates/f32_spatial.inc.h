// Depthwise convolution and pooling, NHWC: the window outside, eight channels at a time inside.
#include "vector.h"

// One output position of `count` channels from c on, with every tap checked.
BK_INLINE void BK_NAME(bk_depthwise_edge)(
    const bk_f32_depthwise_args *args, ptrdiff_t y0, ptrdiff_t x0, size_t c, size_t count,
    float *y) {
  const bk_window *w = &args->window;
  bk_f32x8 sum = args->bias ? bk_load_part(args->bias + c, count) : bk_splat(0);
  for (size_t ky = 0; ky < w->kernel_height; ky++)
    for (size_t kx = 0; kx < w->kernel_width; kx++) {
      ptrdiff_t row = y0 + (ptrdiff_t)(ky * w->dilation_height);
      ptrdiff_t column = x0 + (ptrdiff_t)(kx * w->dilation_width);
      if (row < 0 || row >= (ptrdiff_t)w->height) continue;
      if (column < 0 || column >= (ptrdiff_t)w->width) continue;
      const float *x = args->x + ((size_t)row * w->width + (size_t)column) * w->channels + c;
      const float *tap = args->weights + (ky * w->kernel_width + kx) * w->channels + c;
      if (count == 8)
        sum += bk_load(x) * bk_load(tap);
      else
        sum += bk_load_part(x, count) * bk_load_part(tap, count);
    }
  sum = bk_clamp(sum, args->low, args->high);
  if (count == 8)
    bk_store(y + c, sum);
  else
    bk_store_part(y + c, sum, count);
}

// Eight channels from c on for the output columns [first, last) of a row, all of whose columns and
// the taps of rows [top, bottom) lie inside the input.
BK_INLINE void BK_NAME(bk_depthwise_inside)(
    const bk_f32_depthwise_args *args, ptrdiff_t start, size_t first, size_t last, size_t top,
    size_t bottom, size_t c, float *y) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, row = w->dilation_height * w->width * channels;
  const size_t tap = w->dilation_width * channels, kw = w->kernel_width;
  bk_f32x8 bias = args->bias ? bk_load(args->bias + c) : bk_splat(0);
  for (size_t column = first; column < last; column++) {
    size_t skipped = top * row + column * w->stride_width * channels + c;
    const float *from = args->x + (start + (ptrdiff_t)skipped);
    const float *weights = args->weights + top * kw * channels + c;
    bk_f32x8 sum = bias;
    for (size_t ky = top; ky < bottom; ky++, weights += kw * channels, from += row)
#pragma clang loop unroll_count(3)
      for (size_t kx = 0; kx < kw; kx++)
        sum += bk_load(from + kx * tap) * bk_load(weights + kx * channels);
    bk_store(y + column * channels + c, bk_clamp(sum, args->low, args->high));
  }
}

// The same for a 3 x 3 window whose rows all lie inside: the weights stay in registers.
BK_INLINE void BK_NAME(bk_depthwise_3x3)(
    const bk_f32_depthwise_args *args, ptrdiff_t start, size_t first, size_t last, size_t c,
    float *y) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, row = w->dilation_height * w->width * channels;
  const size_t tap = w->dilation_width * channels;
  bk_f32x8 bias = args->bias ? bk_load(args->bias + c) : bk_splat(0), weights[9];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) weights[i] = bk_load(args->weights + i * channels + c);
  for (size_t column = first; column < last; column++) {
    const float *from = args->x + (start + (ptrdiff_t)(column * w->stride_width * channels + c));
    bk_f32x8 sum = bias;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 9; i++) sum += bk_load(from + i / 3 * row + i % 3 * tap) * weights[i];
    bk_store(y + column * channels + c, bk_clamp(sum, args->low, args->high));
  }
}

// The output columns whose taps all lie inside the input's width: [*first, *last).
BK_INLINE void BK_NAME(bk_inside_columns)(const bk_window *w, size_t *first, size_t *last) {
  size_t span = (w->kernel_width - 1) * w->dilation_width, end = w->width + w->left;
  *first = (w->left + w->stride_width - 1) / w->stride_width;
  *last = end > span ? (end - span - 1) / w->stride_width + 1 : 0;
  if (*last > w->output_width) *last = w->output_width;
  if (*first > *last) *first = *last;
}

static void BK_NAME(bk_depthwise_row)(const bk_f32_depthwise_args *args, size_t row, float *y) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  ptrdiff_t y0 = (ptrdiff_t)(row * w->stride_height) - (ptrdiff_t)w->top;
  size_t top = 0, bottom = w->kernel_height, first, last;
  while (top < bottom && y0 + (ptrdiff_t)(top * w->dilation_height) < 0) top++;
  while (bottom > top && y0 + (ptrdiff_t)((bottom - 1) * w->dilation_height) >= (ptrdiff_t)w->height)
    bottom--;
  BK_NAME(bk_inside_columns)(w, &first, &last);
  // Where the window's first tap would lie for column 0; only columns inside are read through it.
  ptrdiff_t start = (y0 * (ptrdiff_t)w->width - (ptrdiff_t)w->left) * (ptrdiff_t)channels;
  for (size_t c = 0; c < channels; c += 8) {
    size_t count = channels - c < 8 ? channels - c : 8, from = first, to = last;
    if (count < 8)
      from = to = 0;
    else if (w->kernel_height == 3 && w->kernel_width == 3 && top == 0 && bottom == 3)
      BK_NAME(bk_depthwise_3x3)(args, start, from, to, c, y);
    else
      BK_NAME(bk_depthwise_inside)(args, start, from, to, top, bottom, c, y);
    for (size_t column = 0; column < w->output_width; column++) {
      if (column == from && to > from) column = to;
      if (column >= w->output_width) break;
      ptrdiff_t x0 = (ptrdiff_t)(column * w->stride_width) - (ptrdiff_t)w->left;
      BK_NAME(bk_depthwise_edge)(args, y0, x0, c, count, y + column * channels);
    }
  }
}

// Any multiplier, one output channel at a time.
BK_INLINE void BK_NAME(bk_depthwise_any)(
    const bk_f32_depthwise_args *args, ptrdiff_t y0, ptrdiff_t x0, float *y) {
  const bk_window *w = &args->window;
  size_t outputs = w->channels * args->multiplier;
  for (size_t o = 0; o < outputs; o++) {
    float sum = args->bias ? args->bias[o] : 0;
    for (size_t ky = 0; ky < w->kernel_height; ky++)
      for (size_t kx = 0; kx < w->kernel_width; kx++) {
        ptrdiff_t row = y0 + (ptrdiff_t)(ky * w->dilation_height);
        ptrdiff_t column = x0 + (ptrdiff_t)(kx * w->dilation_width);
        if (row < 0 || row >= (ptrdiff_t)w->height) continue;
        if (column < 0 || column >= (ptrdiff_t)w->width) continue;
        size_t pixel = (size_t)row * w->width + (size_t)column;
        sum += args->x[pixel * w->channels + o / args->multiplier] *
               args->weights[(ky * w->kernel_width + kx) * outputs + o];
      }
    sum = sum < args->low ? args->low : sum;
    y[o] = sum > args->high ? args->high : sum;
  }
}

static void BK_NAME(bk_f32_depthwise)(const bk_f32_depthwise_args *args) {
  const bk_window *w = &args->window;
  const size_t outputs = w->channels * args->multiplier;
  for (size_t row = 0; row < w->output_height; row++) {
    float *y = args->y + row * w->output_width * outputs;
    if (args->multiplier == 1) {
      BK_NAME(bk_depthwise_row)(args, row, y);
      continue;
    }
    ptrdiff_t y0 = (ptrdiff_t)(row * w->stride_height) - (ptrdiff_t)w->top;
    for (size_t column = 0; column < w->output_width; column++) {
      ptrdiff_t x0 = (ptrdiff_t)(column * w->stride_width) - (ptrdiff_t)w->left;
      BK_NAME(bk_depthwise_any)(args, y0, x0, y + column * outputs);
    }
  }
}

static void BK_NAME(bk_f32_pool)(const bk_f32_pool_args *args) {
  const bk_window *w = &args->window;
  float *y = args->y;
  for (size_t row = 0; row < w->output_height; row++)
    for (size_t column = 0; column < w->output_width; column++, y += w->channels) {
      ptrdiff_t y0 = (ptrdiff_t)(row * w->stride_height) - (ptrdiff_t)w->top;
      ptrdiff_t x0 = (ptrdiff_t)(column * w->stride_width) - (ptrdiff_t)w->left;
      ptrdiff_t y1 = y0 + (ptrdiff_t)w->kernel_height, x1 = x0 + (ptrdiff_t)w->kernel_width;
      if (y0 < 0) y0 = 0;
      if (x0 < 0) x0 = 0;
      if (y1 > (ptrdiff_t)w->height) y1 = (ptrdiff_t)w->height;
      if (x1 > (ptrdiff_t)w->width) x1 = (ptrdiff_t)w->width;
      ptrdiff_t taps = y1 > y0 && x1 > x0 ? (y1 - y0) * (x1 - x0) : 0;
      for (size_t c = 0; c < w->channels; c += 8) {
        size_t count = w->channels - c < 8 ? w->channels - c : 8;
        bk_f32x8 sum = args->average ? bk_splat(0) : bk_splat(-__builtin_inff());
        for (ptrdiff_t iy = y0; iy < y1; iy++)
          for (ptrdiff_t ix = x0; ix < x1; ix++) {
            const float *x = args->x + ((size_t)iy * w->width + (size_t)ix) * w->channels + c;
            bk_f32x8 v = count == 8 ? bk_load(x) : bk_load_part(x, count);
            sum = args->average ? sum + v : bk_max(sum, v);
          }
        if (args->average) sum = sum / (float)(taps > 0 ? taps : 1);
        sum = bk_clamp(sum, args->low, args->high);
        if (count == 8)
          bk_store(y + c, sum);
        else
          bk_store_part(y + c, sum, count);
      }
    }
}
