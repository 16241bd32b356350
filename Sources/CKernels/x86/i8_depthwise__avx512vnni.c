#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include "i8_depthwise_rows__avx512vnni.h"
#include "i8_depthwise_3x3__avx512vnni.h"
#include "i8_depthwise_any__avx512vnni.h"

void bk_i8_depthwise__avx512vnni(const bk_i8_depthwise_args *args) {
  const bk_window *w = &args->window;
  bk_i8_depthwise_args row;
  if (w->width == 1 && w->output_width == 1 && w->kernel_width == 1 && w->left == 0) {
    row = as_row(args);
    args = &row, w = &row.window;
  }
  const size_t channels = w->channels;
  if (w->kernel_height > 4 * MOST_GROUPS || w->kernel_width > 4 * MOST_GROUPS ||
      w->kernel_height * w->kernel_width > 4 * MOST_GROUPS) {
    bk_i8_depthwise__avx2(args);
    return;
  }
  const bool is3x3 = bk_window_is_3x3(w) && w->stride_width <= 2;
  if (is3x3 && w->stride_width == 1 && channels == 8) return runs_3x3(args, false, true);
  if (is3x3 && (channels == 16 || channels == 32))
    return w->stride_width == 1 ? runs_3x3(args, false, false) : runs_3x3(args, true, false);
  if (channels < BLOCK) {
    const bool together = w->stride_width == 1 || (w->stride_width == 2 && channels % 8 == 0);
    const block_shape b = {0, channels, together ? BLOCK / channels : 1};
    any_window(args, &b);
    return;
  }
  // The last block overlaps the one before where the channels are no multiple of its width.
  for (size_t c = 0; c < channels; c += BLOCK) {
    const size_t start = c + BLOCK <= channels ? c : channels - BLOCK;
    const block_shape b = {start, BLOCK, 1};
    if (!is3x3)
      any_window(args, &b);
    else if (w->stride_width == 1)
      columns_3x3(args, start, true);
    else
      columns_3x3(args, start, false);
  }
}

#pragma clang attribute pop
#endif
