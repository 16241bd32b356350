#if defined(__x86_64__)
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/window.h"

// A 3 x 3 depthwise convolution of sixteen channels at a time, whose weights stay in registers for all
// rows. At stride 1 two rows are made together, so that the two input rows between them are read once for
// both. Everything else is left to AVX2, which adds in the same order.
#define LANES 16

typedef float floats __attribute__((ext_vector_type(LANES)));

typedef struct {
  floats weights[9], bias;
  float low, high;
} constants;

BK_INLINE floats load(const float *p) {
  floats v;
  memcpy(&v, p, sizeof v);
  return v;
}

BK_INLINE void store(const constants *s, float *y, floats v) {
  v = v < s->low ? (floats)(s->low) : v;
  v = v > s->high ? (floats)(s->high) : v;
  memcpy(y, &v, sizeof v);
}

// A column of the window in the input rows of `pair` output rows.
typedef struct {
  floats rows[4];
} column;

BK_INLINE column column_at(const float *const x[4], ptrdiff_t offset, const size_t pair) {
  column c;
#pragma clang loop unroll(full)
  for (size_t ky = 0; ky < 2 + pair; ky++) c.rows[ky] = load(x[ky] + offset);
  return c;
}

// One position in each of `pair` rows of stride 1, of which the columns [from, to) of the window count.
BK_INLINE void position(
    const constants *s, const column window[3], const size_t pair, const size_t from, const size_t to,
    float *y, size_t y_row) {
#pragma clang fp contract(fast)
  floats sum[2] = {s->bias, s->bias};
#pragma clang loop unroll(full)
  for (size_t ky = 0; ky < 3; ky++)
#pragma clang loop unroll(full)
    for (size_t kx = from; kx < to; kx++)
#pragma clang loop unroll(full)
      for (size_t r = 0; r < pair; r++)
        sum[r] += window[kx].rows[ky + r] * s->weights[3 * ky + kx];
  store(s, y, sum[0]);
  if (pair > 1) store(s, y + y_row, sum[1]);
}

// At stride 1 every column of the input is read once, ahead of the results before it: a load that follows a
// store to the same place of another page waits for it.
BK_INLINE void rows(
    const constants *s, const bk_window *w, const float *const x[4], const size_t pair,
    const bool every_column, float *y) {
  const size_t channels = w->channels, y_row = w->output_width * channels;
  const bool cut = (w->output_width - 1) * w->stride_width + 3 > w->width + w->left;
  const ptrdiff_t one = (ptrdiff_t)channels, step = (ptrdiff_t)w->stride_width * one;
  float *const end = y + y_row - (cut ? channels : 0);
  ptrdiff_t at = -(ptrdiff_t)w->left * one;
  column c[3];
  if (w->left) {
    c[1] = column_at(x, at + one, pair), c[2] = column_at(x, at + 2 * one, pair);
    position(s, c, pair, 1, 3, y, y_row);
    at += step, y += channels;
  } else if (every_column) {
    c[1] = column_at(x, at, pair), c[2] = column_at(x, at + one, pair);
  }
  for (; y < end; y += channels, at += step) {
    if (every_column) {
      c[0] = c[1], c[1] = c[2];
    } else {
      c[0] = column_at(x, at, pair), c[1] = column_at(x, at + one, pair);
    }
    c[2] = column_at(x, at + 2 * one, pair);
    position(s, c, pair, 0, 3, y, y_row);
  }
  if (!cut) return;
  if (!every_column) c[1] = column_at(x, at, pair), c[2] = column_at(x, at + one, pair);
  c[0] = c[1], c[1] = c[2];
  position(s, c, pair, 0, 2, y, y_row);
}

static void block(const bk_f32_depthwise_args *args, size_t c) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  constants s = {.low = args->low, .high = args->high};
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) s.weights[i] = load(args->weights + i * channels + c);
  s.bias = args->bias ? load(args->bias + c) : (floats)(0.0f);
  for (size_t row = args->first; row < args->last;) {
    const float *x[4];
#pragma clang loop unroll(full)
    for (size_t ky = 0; ky < 4; ky++) {
      const size_t at = row * w->stride_height + ky;
      const bool inside = at >= w->top && at - w->top < w->height;
      x[ky] = (inside ? args->x + (at - w->top) * w->width * channels : args->absent) + c;
    }
    float *y = args->y + row * w->output_width * channels + c;
    const bool every_column = w->stride_width == 1;
    if (every_column && w->stride_height == 1 && row + 2 <= args->last) {
      rows(&s, w, x, 2, true, y);
      row += 2;
      continue;
    }
    if (every_column)
      rows(&s, w, x, 1, true, y);
    else
      rows(&s, w, x, 1, false, y);
    row++;
  }
}

void bk_f32_depthwise__avx512vnni(const bk_f32_depthwise_args *args) {
  const size_t channels = args->window.channels;
  if (!bk_window_is_3x3(&args->window) || channels < LANES) {
    bk_f32_depthwise__avx2(args);
    return;
  }
  // The last block overlaps the one before where the channels are no multiple of sixteen.
  for (size_t c = 0; c < channels; c += LANES)
    block(args, c + LANES <= channels ? c : channels - LANES);
}

#pragma clang attribute pop
#endif
