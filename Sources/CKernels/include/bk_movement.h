// Moving elements without computing: transpose, slice, tile, pad, concatenate, gather.
#ifndef BRAMBLE_BK_MOVEMENT_H
#define BRAMBLE_BK_MOVEMENT_H

#include "bk_elementwise.h"

// A walk over `rank` axes, outermost first, with strides in elements on both sides.
typedef struct {
  size_t rank;
  size_t element_size;
  size_t extents[BK_MAX_RANK];
  ptrdiff_t source_strides[BK_MAX_RANK];
  ptrdiff_t target_strides[BK_MAX_RANK];
} bk_copy;

void bk_copy_set(bk_copy *copy, size_t axis, size_t extent, ptrdiff_t source, ptrdiff_t target);
void bk_broadcast_set(bk_broadcast *walk, size_t axis, size_t extent, ptrdiff_t a, ptrdiff_t b);

// Copies every element of the walk. Element sizes 1, 2 and 4.
void bk_copy_run(const bk_copy *copy, const void *source, void *target);

// target[outer][count][inner] = source[outer][indices[count]][inner], `inner` in bytes. Returns the
// position of the first index that is outside [0, extent), or `count`.
size_t bk_gather_run(
    size_t outer, size_t extent, size_t count, size_t inner, const int32_t *indices,
    const void *source, void *target);

// Between float32 and int8, over [outer][channels][inner] with one scale and zero point a channel:
// q = clamp(round_half_away(x / scale) + zero), x = (q - zero) * scale.
void bk_quantize_affine(
    size_t outer, size_t channels, size_t inner, const float *x, const float *scales,
    const int32_t *zeros, int8_t *q);
void bk_dequantize_affine(
    size_t outer, size_t channels, size_t inner, const int8_t *q, const float *scales,
    const int32_t *zeros, float *x);

// The position of the first value that is infinite or not a number, or `count`.
size_t bk_f32_first_not_finite(size_t count, const float *x);

#endif
