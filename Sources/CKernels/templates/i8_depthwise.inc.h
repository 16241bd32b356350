// Depthwise convolution of int8, NHWC, eight channels at a time: products of two taps fit in int16
// together, so they are added there before they are widened.
#include "requantize.h"
#include "window.h"

BK_INLINE bk_i8x8 BK_NAME(bk_i8_load)(const int8_t *p, size_t count) {
  bk_i8x8 v = 0;
  if (count == 8)
    memcpy(&v, p, 8);
  else
    memcpy(&v, p, count);
  return v;
}

// Products of [-128, 127] and [-127, 127] and sums of two of them lie within int16.
BK_INLINE bk_i16x8 BK_NAME(bk_i8_products)(bk_i8x8 x, bk_i8x8 w) {
  return __builtin_convertvector(x, bk_i16x8) * __builtin_convertvector(w, bk_i16x8);
}

// What belongs to eight channels, `count` of which exist.
typedef struct {
  bk_i32x8 bias, multiplier, shift;
  int32_t zero, low, high;
  size_t count;
} BK_NAME(bk_i8_channels);

BK_INLINE bk_i32x8 BK_NAME(bk_i32_part)(const int32_t *p, size_t count) {
  bk_i32x8 v = 0;
  if (count == 8)
    memcpy(&v, p, sizeof v);
  else
    memcpy(&v, p, count * sizeof(int32_t));
  return v;
}

BK_INLINE BK_NAME(bk_i8_channels) BK_NAME(bk_i8_channels_at)(
    const bk_i8_depthwise_args *args, size_t c, size_t count) {
  BK_NAME(bk_i8_channels) s = {
      BK_NAME(bk_i32_part)(args->bias + c, count), BK_NAME(bk_i32_part)(args->multiplier + c, count),
      BK_NAME(bk_i32_part)(args->shift + c, count), args->zero, args->low, args->high, count};
  return s;
}

BK_INLINE bk_i8x8 BK_NAME(bk_i8_finished)(const BK_NAME(bk_i8_channels) *s, bk_i32x8 sum) {
  bk_i32x8 v = bk_requantize(sum, s->multiplier, s->shift) + s->zero;
  v = v < s->low ? (bk_i32x8)(s->low) : v;
  v = v > s->high ? (bk_i32x8)(s->high) : v;
  return __builtin_convertvector(v, bk_i8x8);
}

BK_INLINE const int8_t *BK_NAME(bk_i8_input_row)(const bk_i8_depthwise_args *args, size_t row, size_t ky) {
  const bk_window *w = &args->window;
  size_t y = row * w->stride_height + ky * w->dilation_height;
  bool inside = y >= w->top && y - w->top < w->height;
  return inside ? args->x + (y - w->top) * w->width * w->channels : args->absent;
}

// A position of a 3 x 3 window, of whose columns [from, to) lie inside; `x` has where the window's first
// column begins in each row.
BK_INLINE bk_i8x8 BK_NAME(bk_i8_3x3_at)(
    const BK_NAME(bk_i8_channels) *s, const int8_t *const x[3], size_t offset, size_t channels,
    const int8_t *absent, const bk_i8x8 weights[9], const size_t from, const size_t to) {
  bk_i32x8 sum = s->bias;
  bk_i16x8 pair = 0;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) {
    const size_t kx = i % 3;
    const int8_t *tap = kx >= from && kx < to ? x[i / 3] + offset + kx * channels : absent;
    bk_i16x8 product = BK_NAME(bk_i8_products)(BK_NAME(bk_i8_load)(tap, 8), weights[i]);
    pair = i % 2 ? pair + product : product;
    if (i % 2 || i == 8) sum += __builtin_convertvector(pair, bk_i32x8);
  }
  return BK_NAME(bk_i8_finished)(s, sum);
}

// One row of eight channels from c on, with at most one column outside on each side and never both.
BK_INLINE void BK_NAME(bk_i8_3x3_row)(
    const BK_NAME(bk_i8_channels) *s, const bk_i8_depthwise_args *args, const bk_i8x8 weights[9],
    size_t row, size_t c) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, step = w->stride_width * channels, outputs = w->output_width;
  const bool cut = (outputs - 1) * w->stride_width + 3 > w->width + w->left;
  const int8_t *const absent = args->absent;
  const int8_t *x[3];
  int8_t *y = args->y + row * outputs * channels + c, *const end = y + (outputs - cut) * channels;
#pragma clang loop unroll(full)
  for (size_t ky = 0; ky < 3; ky++)
    x[ky] = BK_NAME(bk_i8_input_row)(args, row, ky) + c - w->left * channels;
  bk_i8x8 bytes, next;
  if (w->left) {
    bytes = BK_NAME(bk_i8_3x3_at)(s, x, 0, channels, absent, weights, 1, 3);
    memcpy(y, &bytes, 8);
    y += channels, x[0] += step, x[1] += step, x[2] += step;
  }
  // Two at a time, which do not wait for each other.
  for (; y + channels < end; y += 2 * channels, x[0] += 2 * step, x[1] += 2 * step, x[2] += 2 * step) {
    bytes = BK_NAME(bk_i8_3x3_at)(s, x, 0, channels, absent, weights, 0, 3);
    next = BK_NAME(bk_i8_3x3_at)(s, x, step, channels, absent, weights, 0, 3);
    memcpy(y, &bytes, 8);
    memcpy(y + channels, &next, 8);
  }
  for (; y < end; y += channels, x[0] += step, x[1] += step, x[2] += step) {
    bytes = BK_NAME(bk_i8_3x3_at)(s, x, 0, channels, absent, weights, 0, 3);
    memcpy(y, &bytes, 8);
  }
  if (cut) {
    bytes = BK_NAME(bk_i8_3x3_at)(s, x, 0, channels, absent, weights, 0, 2);
    memcpy(y, &bytes, 8);
  }
}

static void BK_NAME(bk_i8_depthwise_3x3)(const bk_i8_depthwise_args *args) {
  const size_t channels = args->window.channels;
  for (size_t block = 0; block < channels; block += 8) {
    // The last block overlaps the one before where the channels are no multiple of eight.
    const size_t c = block + 8 <= channels ? block : channels - 8;
    const BK_NAME(bk_i8_channels) s = BK_NAME(bk_i8_channels_at)(args, c, 8);
    bk_i8x8 weights[9];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 9; i++)
      weights[i] = BK_NAME(bk_i8_load)(args->weights + i * channels + c, 8);
    for (size_t row = args->first; row < args->last; row++)
      BK_NAME(bk_i8_3x3_row)(&s, args, weights, row, c);
  }
}

BK_INLINE void BK_NAME(bk_i8_depthwise_at)(
    const bk_i8_depthwise_args *args, const BK_NAME(bk_i8_channels) *s, size_t row, size_t column,
    size_t c) {
  const bk_window *w = &args->window;
  const int8_t *weights = args->weights + c;
  bk_i32x8 sum = s->bias;
  bk_i16x8 held = 0;
  bool holds = false;
  for (size_t ky = 0; ky < w->kernel_height; ky++) {
    const int8_t *x = BK_NAME(bk_i8_input_row)(args, row, ky) + c;
    for (size_t kx = 0; kx < w->kernel_width; kx++, weights += w->channels) {
      size_t at = column * w->stride_width + kx * w->dilation_width - w->left;
      const int8_t *from = at < w->width ? x + at * w->channels : args->absent;
      bk_i16x8 product = BK_NAME(bk_i8_products)(
          BK_NAME(bk_i8_load)(from, s->count), BK_NAME(bk_i8_load)(weights, s->count));
      if (holds) sum += __builtin_convertvector(held + product, bk_i32x8);
      held = product;
      holds = !holds;
    }
  }
  if (holds) sum += __builtin_convertvector(held, bk_i32x8);
  const bk_i8x8 bytes = BK_NAME(bk_i8_finished)(s, sum);
  int8_t *y = args->y + (row * w->output_width + column) * w->channels + c;
  if (s->count == 8)
    memcpy(y, &bytes, 8);
  else
    memcpy(y, &bytes, s->count);
}

void BK_NAME(bk_i8_depthwise)(const bk_i8_depthwise_args *args) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  if (bk_window_is_3x3(w) && channels >= 8) {
    BK_NAME(bk_i8_depthwise_3x3)(args);
    return;
  }
  for (size_t c = 0; c < channels; c += 8) {
    const size_t count = channels - c < 8 ? channels - c : 8;
    const BK_NAME(bk_i8_channels) s = BK_NAME(bk_i8_channels_at)(args, c, count);
    for (size_t row = args->first; row < args->last; row++)
      for (size_t column = 0; column < w->output_width; column++) {
        if (count == 8)
          BK_NAME(bk_i8_depthwise_at)(args, &s, row, column, c);
        else
          BK_NAME(bk_i8_depthwise_at)(args, &s, row, column, c);
      }
  }
}

static void BK_NAME(bk_i8_widen)(
    size_t rows, size_t columns, const int8_t *x, const float *scales, float *y) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    size_t c = 0;
    for (; c + 8 <= columns; c += 8) {
      bk_i8x8 v = BK_NAME(bk_i8_load)(x + c, 8);
      bk_store(y + c, __builtin_convertvector(v, bk_f32x8) * bk_load(scales + c));
    }
    for (; c < columns; c++) y[c] = (float)x[c] * scales[c];
  }
}
