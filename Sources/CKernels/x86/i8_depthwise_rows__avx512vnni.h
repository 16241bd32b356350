// The rows that depthwise convolutions read. Included inside the target attribute of AVX-512.
#ifndef BRAMBLE_I8_DEPTHWISE_ROWS_AVX512VNNI_H
#define BRAMBLE_I8_DEPTHWISE_ROWS_AVX512VNNI_H

#include "i8_depthwise_finish__avx512vnni.h"

// The input row that an output row reads at kernel row ky, or the row of zero points.
BK_INLINE const int8_t *input_row(const bk_i8_depthwise_args *args, size_t row, size_t ky) {
  const bk_window *w = &args->window;
  size_t y = row * w->stride_height + ky * w->dilation_height;
  bool inside = y >= w->top && y - w->top < w->height;
  return inside ? args->x + (y - w->top) * w->width * w->channels : args->absent;
}

// What a row has from `at` on, and zero points before its beginning and past its end.
BK_INLINE __m512i row_part(const int8_t *row, int8_t absent, ptrdiff_t at, ptrdiff_t end) {
  __mmask64 inside = ~UINT64_C(0);
  if (at < 0) inside = at > -BLOCK ? inside << -at : 0;
  if (at + BLOCK > end) inside = at < end ? inside & (~UINT64_C(0) >> (at + BLOCK - end)) : 0;
  return _mm512_mask_loadu_epi8(_mm512_set1_epi8(absent), inside, row + at);
}

// Eights of bytes of two vectors, in runs of `run`: from `first` on, `step` apart.
static __m512i order_of(size_t first, size_t run, size_t step) {
  int64_t order[8];
#pragma clang loop unroll(disable) vectorize(disable)
  for (size_t i = 0; i < 8; i++) order[i] = (int64_t)(first + i / run * step + i % run);
  return _mm512_loadu_si512(order);
}

#endif
