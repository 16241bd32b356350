// Depthwise convolution and pooling, NHWC: the window outside, eight channels at a time inside.
#include "vector.h"

BK_INLINE void BK_NAME(bk_depthwise_wide)(
    const bk_f32_depthwise_args *args, ptrdiff_t y0, ptrdiff_t x0, float *y) {
  const bk_window *w = &args->window;
  for (size_t c = 0; c < w->channels; c += 8) {
    size_t count = w->channels - c < 8 ? w->channels - c : 8;
    bk_f32x8 sum = args->bias ? bk_load_part(args->bias + c, count) : bk_splat(0);
    const float *tap = args->weights + c;
    for (size_t ky = 0; ky < w->kernel_height; ky++) {
      ptrdiff_t row = y0 + (ptrdiff_t)(ky * w->dilation_height);
      if (row < 0 || row >= (ptrdiff_t)w->height) {
        tap += w->kernel_width * w->channels;
        continue;
      }
      for (size_t kx = 0; kx < w->kernel_width; kx++, tap += w->channels) {
        ptrdiff_t column = x0 + (ptrdiff_t)(kx * w->dilation_width);
        if (column < 0 || column >= (ptrdiff_t)w->width) continue;
        const float *x = args->x + ((size_t)row * w->width + (size_t)column) * w->channels + c;
        if (count == 8)
          sum += bk_load(x) * bk_load(tap);
        else
          sum += bk_load_part(x, count) * bk_load_part(tap, count);
      }
    }
    sum = bk_clamp(sum, args->low, args->high);
    if (count == 8)
      bk_store(y + c, sum);
    else
      bk_store_part(y + c, sum, count);
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
  float *y = args->y;
  for (size_t row = 0; row < w->output_height; row++)
    for (size_t column = 0; column < w->output_width; column++) {
      ptrdiff_t y0 = (ptrdiff_t)(row * w->stride_height) - (ptrdiff_t)w->top;
      ptrdiff_t x0 = (ptrdiff_t)(column * w->stride_width) - (ptrdiff_t)w->left;
      if (args->multiplier == 1)
        BK_NAME(bk_depthwise_wide)(args, y0, x0, y);
      else
        BK_NAME(bk_depthwise_any)(args, y0, x0, y);
      y += w->channels * args->multiplier;
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
        bk_store_part(y + c, bk_clamp(sum, args->low, args->high), count);
      }
    }
}
