// Pooling, NHWC: the positions that a window covers are found once, then channels go by, several
// vectors at a time so that the sums of a large window do not wait for each other.
#include "window.h"

BK_INLINE void BK_NAME(bk_f32_pool_block)(
    const bk_f32_pool_args *args, bk_span rows, bk_span columns, size_t c, const size_t vectors,
    size_t count, const bool average, float *y) {
  const bk_window *w = &args->window;
  const bool whole = count >= 8;
  const size_t taps = (rows.last - rows.first) * (columns.last - columns.first);
  bk_f32x8 value[4];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++)
    value[v] = bk_splat(average ? 0 : -__builtin_inff());
  for (size_t iy = rows.first; iy < rows.last; iy++) {
    const float *x = args->x + (iy * w->width + columns.first) * w->channels + c;
    for (size_t ix = columns.first; ix < columns.last; ix++, x += w->channels)
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        bk_f32x8 next = whole ? bk_load(x + 8 * v) : bk_load_part(x, count);
        value[v] = average ? value[v] + next : bk_max(value[v], next);
      }
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    if (average) value[v] = value[v] / (float)(taps ? taps : 1);
    value[v] = bk_clamp(value[v], args->low, args->high);
    if (whole)
      bk_store(y + c + 8 * v, value[v]);
    else
      bk_store_part(y + c, value[v], count);
  }
}

BK_INLINE void BK_NAME(bk_f32_pool_of)(const bk_f32_pool_args *args, const bool average) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  float *y = args->y + args->first * w->output_width * channels;
  for (size_t row = args->first; row < args->last; row++) {
    bk_span rows = bk_inside(row, w->stride_height, w->top, w->kernel_height, w->height);
    for (size_t column = 0; column < w->output_width; column++, y += channels) {
      bk_span columns = bk_inside(column, w->stride_width, w->left, w->kernel_width, w->width);
      size_t c = 0;
      for (; c + 32 <= channels; c += 32)
        BK_NAME(bk_f32_pool_block)(args, rows, columns, c, 4, 32, average, y);
      for (; c + 8 <= channels; c += 8)
        BK_NAME(bk_f32_pool_block)(args, rows, columns, c, 1, 8, average, y);
      if (c < channels)
        BK_NAME(bk_f32_pool_block)(args, rows, columns, c, 1, channels - c, average, y);
    }
  }
}

static void BK_NAME(bk_f32_pool)(const bk_f32_pool_args *args) {
  if (args->average)
    BK_NAME(bk_f32_pool_of)(args, true);
  else
    BK_NAME(bk_f32_pool_of)(args, false);
}

BK_INLINE bk_i32x8 BK_NAME(bk_i8_pool_load)(const int8_t *p, size_t count) {
  bk_i8x8 v = 0;
  if (count == 8)
    memcpy(&v, p, 8);
  else
    memcpy(&v, p, count);
  return __builtin_convertvector(v, bk_i32x8);
}

// Sums are exact in float32 up to 2^24, and so is the whole part of their quotients: 65,536 positions.
BK_INLINE bk_i32x8 BK_NAME(bk_i8_average)(bk_i32x8 sum, int32_t taps) {
  sum += sum > 0 ? (bk_i32x8)(taps / 2) : -(bk_i32x8)(taps / 2);
  if (taps < 1 << 16) {
    bk_f32x8 quotient = __builtin_convertvector(sum, bk_f32x8) / (float)taps;
    return __builtin_convertvector(quotient, bk_i32x8);
  }
  return sum / taps;
}

BK_INLINE void BK_NAME(bk_i8_pool_block)(
    const bk_i8_pool_args *args, bk_span rows, bk_span columns, size_t c, const size_t vectors,
    size_t count, const bool average, int8_t *y) {
  const bk_window *w = &args->window;
  const size_t taps = (rows.last - rows.first) * (columns.last - columns.first);
  bk_i32x8 value[2];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) value[v] = (bk_i32x8)(average ? 0 : -128);
  for (size_t iy = rows.first; iy < rows.last; iy++) {
    const int8_t *x = args->x + (iy * w->width + columns.first) * w->channels + c;
    for (size_t ix = columns.first; ix < columns.last; ix++, x += w->channels)
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        bk_i32x8 next = BK_NAME(bk_i8_pool_load)(x + 8 * v, count);
        value[v] = average ? value[v] + next : value[v] < next ? next : value[v];
      }
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    if (average) value[v] = BK_NAME(bk_i8_average)(value[v], taps ? (int32_t)taps : 1);
    value[v] = value[v] < args->low ? (bk_i32x8)(args->low) : value[v];
    value[v] = value[v] > args->high ? (bk_i32x8)(args->high) : value[v];
    bk_i8x8 bytes = __builtin_convertvector(value[v], bk_i8x8);
    memcpy(y + c + 8 * v, &bytes, count);
  }
}

typedef int8_t BK_NAME(bk_i8x16) __attribute__((ext_vector_type(16)));

// Sixteen channels' largest values, which need not be widened.
BK_INLINE void BK_NAME(bk_i8_maximum_block)(
    const bk_i8_pool_args *args, bk_span rows, bk_span columns, size_t c, int8_t *y) {
  const bk_window *w = &args->window;
  BK_NAME(bk_i8x16) value = (int8_t)args->low, next;
  for (size_t iy = rows.first; iy < rows.last; iy++) {
    const int8_t *x = args->x + (iy * w->width + columns.first) * w->channels + c;
    for (size_t ix = columns.first; ix < columns.last; ix++, x += w->channels) {
      memcpy(&next, x, sizeof next);
      value = __builtin_elementwise_max(value, next);
    }
  }
  value = __builtin_elementwise_min(value, (BK_NAME(bk_i8x16))(int8_t)args->high);
  memcpy(y + c, &value, sizeof value);
}

BK_INLINE void BK_NAME(bk_i8_pool_of)(const bk_i8_pool_args *args, const bool average) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  int8_t *y = args->y + args->first * w->output_width * channels;
  for (size_t row = args->first; row < args->last; row++) {
    bk_span rows = bk_inside(row, w->stride_height, w->top, w->kernel_height, w->height);
    for (size_t column = 0; column < w->output_width; column++, y += channels) {
      bk_span columns = bk_inside(column, w->stride_width, w->left, w->kernel_width, w->width);
      size_t c = 0;
      for (; c + 16 <= channels; c += 16)
        if (average)
          BK_NAME(bk_i8_pool_block)(args, rows, columns, c, 2, 8, true, y);
        else
          BK_NAME(bk_i8_maximum_block)(args, rows, columns, c, y);
      for (; c + 8 <= channels; c += 8)
        BK_NAME(bk_i8_pool_block)(args, rows, columns, c, 1, 8, average, y);
      if (c < channels)
        BK_NAME(bk_i8_pool_block)(args, rows, columns, c, 1, channels - c, average, y);
    }
  }
}

static void BK_NAME(bk_i8_pool)(const bk_i8_pool_args *args) {
  if (args->average)
    BK_NAME(bk_i8_pool_of)(args, true);
  else
    BK_NAME(bk_i8_pool_of)(args, false);
}
