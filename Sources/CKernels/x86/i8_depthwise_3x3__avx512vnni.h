// Windows of 3 x 3, whose columns are the groups of taps: its three rows, and a fourth weight of zero.
// Included inside the target attribute of AVX-512 with VNNI.
#ifndef BRAMBLE_I8_DEPTHWISE_3X3_AVX512VNNI_H
#define BRAMBLE_I8_DEPTHWISE_3X3_AVX512VNNI_H

#include "i8_depthwise_rows__avx512vnni.h"

// The three rows of a column in one group; its fourth weight is zero.
BK_INLINE group column_at(const int8_t *const rows[3], size_t offset) {
  return grouped(
      flipped(_mm512_loadu_si512(rows[0] + offset)), flipped(_mm512_loadu_si512(rows[1] + offset)),
      flipped(_mm512_loadu_si512(rows[2] + offset)), _mm512_setzero_si512());
}

// A 3 x 3 window over 64 channels from `start` on, in all rows. A column is put together once for all windows
// that it lies in.
BK_INLINE void columns_3x3(const bk_i8_depthwise_args *args, size_t start, const bool every_column) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  const block_shape b = {start, BLOCK, 1};
  block_constants s;
  made_blocks made;
  made.count = 0, made.step = channels;
  made.y = args->y + args->first * w->output_width * channels + start;
  for (size_t kx = 0; kx < 3; kx++) weights_at(args, &b, kx, 3, &s.weights[kx]);
  scales_at(args, &b, 3, &s);
  const int8_t *const nothing[3] = {args->absent, args->absent, args->absent};
  s.outside = column_at(nothing, 0);
  const group w0 = in_registers(s.weights[0]), w1 = in_registers(s.weights[1]);
  const group w2 = in_registers(s.weights[2]);
  for (size_t row = args->first; row < args->last; row++) {
    const int8_t *rows[3];
    for (size_t ky = 0; ky < 3; ky++) rows[ky] = input_row(args, row, ky) + start;
    size_t at = 0 - w->left;
    group left = s.outside, middle;
    if (!w->left) left = column_at(rows, 0);
    at++;
    if (every_column) middle = column_at(rows, at++ * channels);
    for (size_t column = 0; column < w->output_width; column++) {
      if (!every_column) middle = column_at(rows, at++ * channels);
      const block_constants *constants = in_memory(&s);
      group right = constants->outside;
      if (at < w->width) right = column_at(rows, at * channels);
      at++;
      add_block(&s, &made, dot(dot(dot(constants->bias, left, w0), middle, w1), right, w2));
      if (every_column)
        left = middle, middle = right;
      else
        left = right;
    }
  }
  finish_blocks(&s, &made, BLOCK);
}

// Windows of 3 x 3 over 8, 16 or 32 channels: a row is one run of bytes, and a column of the window lies as
// many channels further on in the sums' order, where a position of 16 channels is 128 bits of each vector.
typedef struct {
  const int8_t *rows[3];
  ptrdiff_t end;
  int8_t absent;
} run_rows;

BK_INLINE group run_at(const run_rows *r, ptrdiff_t at) {
  if (at >= 0 && at + BLOCK <= r->end) return column_at(r->rows, (size_t)at);
  return grouped(
      flipped(row_part(r->rows[0], r->absent, at, r->end)),
      flipped(row_part(r->rows[1], r->absent, at, r->end)),
      flipped(row_part(r->rows[2], r->absent, at, r->end)), _mm512_setzero_si512());
}

BK_INLINE group chosen(group x, __m512i order, group next) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) x.v[i] = _mm512_permutex2var_epi64(x.v[i], order, next.v[i]);
  return x;
}

BK_INLINE void runs_3x3(const bk_i8_depthwise_args *args, const bool strided, const bool eights) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, run = eights ? 2 : channels / 8;
  const block_shape b = {0, channels, BLOCK / channels};
  const __m512i by_one = order_of(run, 8, 0), by_two = order_of(2 * run, 8, 0);
  const __m512i even = order_of(0, run, 2 * run), odd = order_of(run, run, 2 * run);
  const ptrdiff_t length = (ptrdiff_t)(w->output_width * channels);
  block_constants s;
  made_blocks made;
  made.count = 0, made.step = BLOCK;
  for (size_t kx = 0; kx < 3; kx++) weights_at(args, &b, kx, 3, &s.weights[kx]);
  scales_at(args, &b, 3, &s);
  const group w0 = in_registers(s.weights[0]), w1 = in_registers(s.weights[1]);
  const group w2 = in_registers(s.weights[2]);
  for (size_t row = args->first; row < args->last; row++) {
    run_rows r = {.end = (ptrdiff_t)(w->width * channels), .absent = *args->absent};
    for (size_t ky = 0; ky < 3; ky++) r.rows[ky] = input_row(args, row, ky);
    made.y = args->y + row * (size_t)length;
    ptrdiff_t at = -(ptrdiff_t)(w->left * channels);
    group x = run_at(&r, at), middle, next, right;
    if (strided) {
      next = run_at(&r, at + BLOCK);
      middle = chosen(x, odd, next);
      x = chosen(x, even, next);
    }
    for (ptrdiff_t done = 0; done < length; done += BLOCK) {
      group sum = dot(in_memory(&s)->bias, x, w0);
      if (strided) {
        at += 2 * BLOCK;
        const group a = run_at(&r, at), b = run_at(&r, at + BLOCK);
        sum = dot(sum, middle, w1);
        middle = chosen(a, odd, b);
        next = chosen(a, even, b);
        right = chosen(x, by_one, next);
      } else {
        at += BLOCK;
        next = run_at(&r, at);
        // Two positions of 32 channels are one vector.
        right = next;
        if (eights || run < 4) right = chosen(x, eights ? by_one : by_two, next);
        middle = chosen(x, by_one, next);
        if (eights) {
          const group halves = {{x.v[2], x.v[3], right.v[0], right.v[1]}};
          middle = halves;
        }
        sum = dot(sum, middle, w1);
      }
      add_block(&s, &made, dot(sum, right, w2));
      x = next;
    }
    finish_blocks(&s, &made, ((size_t)length - 1) % BLOCK + 1);
  }
}

#endif
