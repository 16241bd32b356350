// Windows of any shape. Included inside the target attribute of AVX-512 with VNNI.
#ifndef BRAMBLE_I8_DEPTHWISE_ANY_AVX512VNNI_H
#define BRAMBLE_I8_DEPTHWISE_ANY_AVX512VNNI_H

#include "i8_depthwise_rows__avx512vnni.h"

// Where the taps of a window are read, from the last on the same again up to a multiple of four.
typedef struct {
  const int8_t *rows[4 * MOST_GROUPS];
  ptrdiff_t offsets[4 * MOST_GROUPS];
  size_t groups;
  ptrdiff_t first, last, end;
  __m512i every_other;
  bool strided;
  int8_t absent;
} tap_places;

// One block whose first position's window begins at `start`; `whole` where no tap reaches past the row.
BK_INLINE group block_at(
    const block_constants *s, const tap_places *t, ptrdiff_t start, const bool whole) {
  group sum = s->bias;
  for (size_t j = 0; j < t->groups; j++) {
    __m512i x[4];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const ptrdiff_t at = start + t->offsets[4 * j + i];
      const int8_t *row = t->rows[4 * j + i];
      x[i] = whole ? _mm512_loadu_si512(row + at) : row_part(row, t->absent, at, t->end);
      if (t->strided) {
        const __m512i next = whole ? _mm512_loadu_si512(row + at + BLOCK)
                                   : row_part(row, t->absent, at + BLOCK, t->end);
        x[i] = _mm512_permutex2var_epi64(x[i], t->every_other, next);
      }
      x[i] = flipped(x[i]);
    }
    sum = dot(sum, grouped(x[0], x[1], x[2], x[3]), s->weights[j]);
  }
  return sum;
}

static void places_of(const bk_i8_depthwise_args *args, const block_shape *b, tap_places *t) {
  const bk_window *w = &args->window;
  const size_t taps = w->kernel_height * w->kernel_width;
  const ptrdiff_t channels = (ptrdiff_t)w->channels;
  t->groups = (taps + 3) / 4;
  for (size_t i = 0; i < 4 * t->groups; i++) {
    const size_t tap = i < taps ? i : taps - 1;
    t->offsets[i] = (ptrdiff_t)b->first +
        ((ptrdiff_t)(tap % w->kernel_width * w->dilation_width) - (ptrdiff_t)w->left) * channels;
  }
  t->strided = b->positions > 1 && w->stride_width == 2;
  if (t->strided) t->every_other = order_of(0, w->channels / 8, w->channels / 4);
  t->absent = *args->absent;
  t->end = (ptrdiff_t)w->width * channels;
  t->first = -t->offsets[0];
  t->last = t->end - t->offsets[taps - 1] - (t->strided ? 2 * BLOCK : BLOCK);
}

BK_INLINE void rows_of(const bk_i8_depthwise_args *args, size_t row, tap_places *t) {
  size_t i = 0;
  for (size_t ky = 0; ky < args->window.kernel_height; ky++) {
    const int8_t *from = input_row(args, row, ky);
    for (size_t kx = 0; kx < args->window.kernel_width; kx++) t->rows[i++] = from;
  }
  for (; i < 4 * t->groups; i++) t->rows[i] = t->rows[i - 1];
}

// Any window, four taps in a group in their order.
static void any_window(const bk_i8_depthwise_args *args, const block_shape *b) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  block_constants s;
  made_blocks made;
  made.count = 0, made.step = b->positions * channels;
  tap_places t;
  places_of(args, b, &t);
  for (size_t j = 0; j < t.groups; j++) weights_at(args, b, 4 * j, 1, &s.weights[j]);
  scales_at(args, b, t.groups, &s);
  for (size_t row = args->first; row < args->last; row++) {
    rows_of(args, row, &t);
    if (!made.count) made.y = args->y + row * w->output_width * channels + b->first;
    for (size_t column = 0; column < w->output_width; column += b->positions) {
      const ptrdiff_t start = (ptrdiff_t)(column * w->stride_width * channels);
      group sum;
      if (start >= t.first && start <= t.last)
        sum = block_at(in_memory(&s), &t, start, true);
      else
        sum = block_at(in_memory(&s), &t, start, false);
      add_block(&s, &made, sum);
    }
    // Neighbouring positions follow each other from row to row.
    if (b->positions > 1 || row + 1 == args->last)
      finish_blocks(&s, &made, ((w->output_width - 1) % b->positions + 1) * b->channels);
  }
}

// The rows of a single column as the columns of a single row.
static bk_i8_depthwise_args as_row(const bk_i8_depthwise_args *args) {
  const bk_window *w = &args->window;
  bk_i8_depthwise_args row = *args;
  row.first = 0, row.last = 1;
  row.y += args->first * w->channels;
  row.window.height = row.window.output_height = row.window.kernel_height = 1;
  row.window.width = w->height, row.window.output_width = args->last - args->first;
  row.window.kernel_width = w->kernel_height, row.window.dilation_width = w->dilation_height;
  row.window.stride_width = w->stride_height;
  row.window.left = w->top - args->first * w->stride_height;
  row.window.top = w->left;
  return row;
}

#endif
