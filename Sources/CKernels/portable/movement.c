#include <string.h>

#include "../include/CKernels.h"
#include "../templates/vector.h"
#include "walk.h"

void bk_copy_set(bk_copy *copy, size_t axis, size_t extent, ptrdiff_t source, ptrdiff_t target) {
  copy->extents[axis] = extent;
  copy->source_strides[axis] = source;
  copy->target_strides[axis] = target;
}

void bk_broadcast_set(bk_broadcast *walk, size_t axis, size_t extent, ptrdiff_t a, ptrdiff_t b) {
  walk->extents[axis] = extent;
  walk->a_strides[axis] = a;
  walk->b_strides[axis] = b;
}

static void copy_row(
    size_t count, size_t size, const char *source, ptrdiff_t from, char *target, ptrdiff_t to) {
  if (from == 1 && to == 1) {
    size_t bytes = count * size;
    if (bytes % 32 == 0 && bytes <= 512)
      for (size_t i = 0; i < bytes; i += 32) __builtin_memcpy(target + i, source + i, 32);
    else
      memcpy(target, source, bytes);
  } else if (size == 4) {
    const int32_t *s = (const int32_t *)source;
    int32_t *t = (int32_t *)target;
    for (size_t i = 0; i < count; i++) t[(ptrdiff_t)i * to] = s[(ptrdiff_t)i * from];
  } else if (size == 1) {
    for (size_t i = 0; i < count; i++) target[(ptrdiff_t)i * to] = source[(ptrdiff_t)i * from];
  } else {
    for (size_t i = 0; i < count; i++)
      memcpy(
          target + (ptrdiff_t)i * to * (ptrdiff_t)size,
          source + (ptrdiff_t)i * from * (ptrdiff_t)size, size);
  }
}

void bk_copy_run(const bk_copy *copy, const void *source, void *target) {
  size_t last = copy->rank - 1;
  ptrdiff_t size = (ptrdiff_t)copy->element_size;
  bk_walk walk = {copy->extents, 2, {copy->source_strides, copy->target_strides}};
  do
    copy_row(
        copy->extents[last], copy->element_size, (const char *)source + walk.at[0] * size,
        copy->source_strides[last], (char *)target + walk.at[1] * size, copy->target_strides[last]);
  while (bk_walk_next(&walk, last));
}

size_t bk_gather_run(
    size_t outer, size_t extent, size_t count, size_t inner, const int32_t *indices,
    const void *source, void *target) {
  const char *from = source;
  char *to = target;
  for (size_t i = 0; i < count; i++)
    if (indices[i] < 0 || (size_t)indices[i] >= extent) return i;
  for (size_t o = 0; o < outer; o++, from += extent * inner)
    for (size_t i = 0; i < count; i++, to += inner)
      memcpy(to, from + (size_t)indices[i] * inner, inner);
  return count;
}

void bk_quantize_affine(
    size_t outer, size_t channels, size_t inner, const float *x, const float *scales,
    const int32_t *zeros, int8_t *q) {
  for (size_t o = 0; o < outer; o++)
    for (size_t c = 0; c < channels; c++)
      for (size_t i = 0; i < inner; i++) {
        float v = *x++ / scales[c];
        v = v > -512.0f ? v : -512.0f;
        v = v < 512.0f ? v : 512.0f;
        int32_t whole = (int32_t)v;
        float rest = v - (float)whole;
        whole += (rest >= 0.5f) - (rest <= -0.5f) + zeros[c];
        *q++ = (int8_t)(whole < -128 ? -128 : whole > 127 ? 127 : whole);
      }
}

void bk_dequantize_affine(
    size_t outer, size_t channels, size_t inner, const int8_t *q, const float *scales,
    const int32_t *zeros, float *x) {
  for (size_t o = 0; o < outer; o++)
    for (size_t c = 0; c < channels; c++)
      for (size_t i = 0; i < inner; i++) *x++ = (float)(*q++ - zeros[c]) * scales[c];
}

size_t bk_f32_first_not_finite(size_t count, const float *x) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    if ((bits & 0x7f800000u) == 0x7f800000u) return i;
  }
  return count;
}
