// From the sums of blocks to their bytes. Included inside the target attribute of AVX-512.
#ifndef BRAMBLE_I8_DEPTHWISE_FINISH_AVX512VNNI_H
#define BRAMBLE_I8_DEPTHWISE_FINISH_AVX512VNNI_H

#include "i8_depthwise_block__avx512vnni.h"

// Blocks that are made before they are finished.
#define MOST_BLOCKS 16

// Blocks whose sums are made, one after the other `step` bytes apart. Many are finished at once, so that
// their scales stay in registers.
typedef struct {
  group sums[MOST_BLOCKS];
  size_t count, step;
  int8_t *y;
} made_blocks;

BK_INLINE void finish(const block_constants *s, made_blocks *m, size_t bytes, const bool is_rare) {
  bk_used_scales scales[4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) scales[i] = bk_used_scales_of(&s->scales[i]);
  const __m512i rounding = s->rounding, low = s->low, high = s->high;
  int8_t *y = m->y;
  for (size_t block = 0; block < m->count; block++, y += m->step) {
    __m512i twice[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++)
      twice[i] = bk_requantized_twice(&scales[i], is_rare ? &s->shift.v[i] : NULL, m->sums[block].v[i]);
    const __m512i results = bk_narrowed(twice, rounding, low, high);
    const size_t size = block + 1 < m->count ? m->step : bytes;
    if (size >= BLOCK)
      _mm512_storeu_si512(y, results);
    else
      _mm512_mask_storeu_epi8(y, (UINT64_C(1) << size) - 1, results);
  }
  m->y = y;
  m->count = 0;
}

// Finishes the blocks that are made; of the last one there are `bytes` bytes.
static __attribute__((noinline)) void finish_blocks(
    const block_constants *s, made_blocks *m, size_t bytes) {
  if (s->is_rare)
    finish(s, m, bytes, true);
  else
    finish(s, m, bytes, false);
}

BK_INLINE void add_block(const block_constants *s, made_blocks *m, group sum) {
  if (m->count == MOST_BLOCKS) finish_blocks(s, m, BLOCK);
  m->sums[m->count++] = sum;
}

#endif
