// Operators too rare for a version for each instruction set.
#include <math.h>
#include <string.h>

#include "../include/CKernels.h"
#include "walk.h"

void bk_select_set(
    bk_select_walk *walk, size_t axis, size_t extent, ptrdiff_t condition, ptrdiff_t a, ptrdiff_t b) {
  walk->extents[axis] = extent;
  walk->strides[0][axis] = condition;
  walk->strides[1][axis] = a;
  walk->strides[2][axis] = b;
}

void bk_select(
    const bk_select_walk *select, size_t element_size, const float *condition, const void *a,
    const void *b, void *y) {
  const ptrdiff_t size = (ptrdiff_t)element_size;
  char *to = y;
  bk_walk walk = {
      select->extents, 3, {select->strides[0], select->strides[1], select->strides[2]}};
  do {
    bool first = condition[walk.at[0]] != 0;
    memcpy(
        to, (const char *)(first ? a : b) + walk.at[first ? 1 : 2] * size, element_size);
    to += size;
  } while (bk_walk_next(&walk, select->rank));
}

static float scale_of(size_t input, size_t output, bool aligns_corners) {
  return aligns_corners && output > 1 ? (float)(input - 1) / (float)(output - 1)
                                      : (float)input / (float)output;
}

static size_t nearest(size_t position, size_t input, float scale, const bk_resize *resize) {
  float place = ((float)position + (resize->centers_pixels ? 0.5f : 0.0f)) * scale;
  size_t index = (size_t)(resize->aligns_corners ? roundf(place) : floorf(place));
  return index < input ? index : input - 1;
}

void bk_resize_nearest(const bk_resize *r, size_t element_size, const void *x, void *y) {
  float rows = scale_of(r->height, r->output_height, r->aligns_corners);
  float columns = scale_of(r->width, r->output_width, r->aligns_corners);
  size_t pixel = r->channels * element_size;
  char *to = y;
  for (size_t oy = 0; oy < r->output_height; oy++) {
    const char *row = (const char *)x + nearest(oy, r->height, rows, r) * r->width * pixel;
    for (size_t ox = 0; ox < r->output_width; ox++, to += pixel)
      memcpy(to, row + nearest(ox, r->width, columns, r) * pixel, pixel);
  }
}

// The two positions that one lies between, and how far it is from the first.
typedef struct {
  size_t lower, upper;
  float fraction;
} place;

static place between(size_t position, size_t input, float scale, const bk_resize *resize) {
  float at = resize->centers_pixels ? ((float)position + 0.5f) * scale - 0.5f : (float)position * scale;
  float below = floorf(at);
  place result = {below > 0 ? (size_t)below : 0, 0, at - below};
  if (result.lower > input - 1) result.lower = input - 1;
  float above = below + 1;
  result.upper = above > 0 ? (size_t)above : 0;
  if (result.upper > input - 1) result.upper = input - 1;
  return result;
}

void bk_f32_resize_bilinear(const bk_resize *r, const float *x, float *y) {
  float rows = scale_of(r->height, r->output_height, r->aligns_corners);
  float columns = scale_of(r->width, r->output_width, r->aligns_corners);
  size_t pitch = r->width * r->channels;
  for (size_t oy = 0; oy < r->output_height; oy++) {
    place v = between(oy, r->height, rows, r);
    const float *top = x + v.lower * pitch, *bottom = x + v.upper * pitch;
    for (size_t ox = 0; ox < r->output_width; ox++, y += r->channels) {
      place h = between(ox, r->width, columns, r);
      size_t left = h.lower * r->channels, right = h.upper * r->channels;
      for (size_t c = 0; c < r->channels; c++)
        y[c] = top[left + c] * (1 - v.fraction) * (1 - h.fraction)
            + bottom[left + c] * v.fraction * (1 - h.fraction)
            + top[right + c] * (1 - v.fraction) * h.fraction
            + bottom[right + c] * v.fraction * h.fraction;
    }
  }
}
