// Depthwise convolution, NHWC, eight channels at a time. A 3 x 3 window keeps its weights in
// registers while it goes along a row; any other window reads them at each position.
#include "window.h"

typedef struct {
  bk_f32x8 weights[9], bias;
  float low, high;
} BK_NAME(bk_f32_3x3);

// The first column's x in each of the three rows.
typedef struct {
  const float *row[3];
} BK_NAME(bk_f32_column);

// Three pointers that go on together. The compiler would otherwise keep one for each tap, more than
// there are registers.
BK_INLINE void BK_NAME(bk_f32_advance)(BK_NAME(bk_f32_column) *x, size_t step) {
  const float *top = x->row[0] + step, *middle = x->row[1] + step, *bottom = x->row[2] + step;
  __asm__("" : "+r"(top), "+r"(middle), "+r"(bottom));
  x->row[0] = top, x->row[1] = middle, x->row[2] = bottom;
}

// One position, of which the columns [from, to) of the window count.
BK_INLINE void BK_NAME(bk_f32_3x3_at)(
    const BK_NAME(bk_f32_3x3) *s, const BK_NAME(bk_f32_column) *x, size_t channels,
    const size_t from, const size_t to, float *y) {
#pragma clang fp contract(fast)
  bk_f32x8 sum = s->bias;
#pragma clang loop unroll(full)
  for (size_t ky = 0; ky < 3; ky++)
#pragma clang loop unroll(full)
    for (size_t kx = from; kx < to; kx++)
      sum += bk_load(x->row[ky] + (kx - from) * channels) * s->weights[3 * ky + kx];
  bk_store(y, bk_clamp(sum, s->low, s->high));
}

// Two neighbouring positions of stride 1: four columns are read once for both.
BK_INLINE void BK_NAME(bk_f32_3x3_pair)(
    const BK_NAME(bk_f32_3x3) *s, const BK_NAME(bk_f32_column) *x, size_t channels, float *y) {
#pragma clang fp contract(fast)
  bk_f32x8 left = s->bias, right = s->bias;
#pragma clang loop unroll(full)
  for (size_t ky = 0; ky < 3; ky++)
#pragma clang loop unroll(full)
    for (size_t kx = 0; kx < 4; kx++) {
      bk_f32x8 value = bk_load(x->row[ky] + kx * channels);
      if (kx < 3) left += value * s->weights[3 * ky + kx];
      if (kx > 0) right += value * s->weights[3 * ky + kx - 1];
    }
  bk_store(y, bk_clamp(left, s->low, s->high));
  bk_store(y + channels, bk_clamp(right, s->low, s->high));
}

// The input row that output row `row` reads at kernel row ky, or the row of zeros.
BK_INLINE const float *BK_NAME(bk_f32_input_row)(const bk_f32_depthwise_args *args, size_t row, size_t ky) {
  const bk_window *w = &args->window;
  size_t y = row * w->stride_height + ky * w->dilation_height;
  bool inside = y >= w->top && y - w->top < w->height;
  return inside ? args->x + (y - w->top) * w->width * w->channels : args->absent;
}

// One row of eight channels from c on, in a 3 x 3 window with at most one column outside on each side.
BK_INLINE void BK_NAME(bk_f32_3x3_row)(
    const bk_f32_depthwise_args *args, BK_NAME(bk_f32_column) x, size_t c, float *y) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, step = w->stride_width * channels;
  const bool cut = (w->output_width - 1) * w->stride_width + 3 > w->width + w->left;
  BK_NAME(bk_f32_3x3) s = {.low = args->low, .high = args->high};
  size_t left = cut ? w->output_width - 1 : w->output_width;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) s.weights[i] = bk_load(args->weights + i * channels + c);
  s.bias = args->bias ? bk_load(args->bias + c) : bk_splat(0);
  BK_NAME(bk_f32_advance)(&x, c);
  if (w->left) {
    BK_NAME(bk_f32_3x3_at)(&s, &x, channels, 1, 3, y);
    BK_NAME(bk_f32_advance)(&x, step - channels);
    y += channels, left--;
  }
  if (w->stride_width == 1)
    for (; left >= 2; left -= 2, y += 2 * channels, BK_NAME(bk_f32_advance)(&x, 2 * channels))
      BK_NAME(bk_f32_3x3_pair)(&s, &x, channels, y);
  for (; left > 0; left--, y += channels, BK_NAME(bk_f32_advance)(&x, step))
    BK_NAME(bk_f32_3x3_at)(&s, &x, channels, 0, 3, y);
  if (cut) BK_NAME(bk_f32_3x3_at)(&s, &x, channels, 0, 2, y);
}

static void BK_NAME(bk_f32_depthwise_3x3)(const bk_f32_depthwise_args *args) {
  const size_t channels = args->window.channels;
  for (size_t row = args->first; row < args->last; row++) {
    BK_NAME(bk_f32_column) x;
    for (size_t ky = 0; ky < 3; ky++) x.row[ky] = BK_NAME(bk_f32_input_row)(args, row, ky);
    float *y = args->y + row * args->window.output_width * channels;
    // The last block overlaps the one before where the channels are no multiple of eight.
    for (size_t block = 0; block < channels; block += 8) {
      const size_t c = block + 8 <= channels ? block : channels - 8;
      BK_NAME(bk_f32_3x3_row)(args, x, c, y + c);
    }
  }
}

// `vectors` vectors of one position; x of the window's first column is columns[0], and so on.
BK_INLINE void BK_NAME(bk_f32_depthwise_at)(
    const bk_f32_depthwise_args *args, size_t row, size_t column, size_t c, const size_t vectors,
    size_t count) {
#pragma clang fp contract(fast)
  const bk_window *w = &args->window;
  const bool whole = count >= 8 * vectors;
  const float *weights = args->weights + c;
  bk_f32x8 sum[4];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    const float *bias = args->bias + c + 8 * v;
    sum[v] = !args->bias ? bk_splat(0) : whole ? bk_load(bias) : bk_load_part(bias, count);
  }
  for (size_t ky = 0; ky < w->kernel_height; ky++) {
    const float *x = BK_NAME(bk_f32_input_row)(args, row, ky) + c;
    for (size_t kx = 0; kx < w->kernel_width; kx++, weights += w->channels) {
      size_t at = column * w->stride_width + kx * w->dilation_width;
      if (at < w->left || at - w->left >= w->width) continue;
      const float *from = x + (at - w->left) * w->channels;
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++)
        sum[v] += whole ? bk_load(from + 8 * v) * bk_load(weights + 8 * v)
                        : bk_load_part(from, count) * bk_load_part(weights, count);
    }
  }
  float *y = args->y + (row * w->output_width + column) * w->channels + c;
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    sum[v] = bk_clamp(sum[v], args->low, args->high);
    if (whole)
      bk_store(y + 8 * v, sum[v]);
    else
      bk_store_part(y, sum[v], count);
  }
}

void BK_NAME(bk_f32_depthwise)(const bk_f32_depthwise_args *args) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  if (bk_window_is_3x3(w) && channels >= 8) {
    BK_NAME(bk_f32_depthwise_3x3)(args);
    return;
  }
  for (size_t row = args->first; row < args->last; row++)
    for (size_t column = 0; column < w->output_width; column++) {
      size_t c = 0;
      for (; c + 32 <= channels; c += 32)
        BK_NAME(bk_f32_depthwise_at)(args, row, column, c, 4, 32);
      for (; c + 8 <= channels; c += 8) BK_NAME(bk_f32_depthwise_at)(args, row, column, c, 1, 8);
      if (c < channels) BK_NAME(bk_f32_depthwise_at)(args, row, column, c, 1, channels - c);
    }
}
