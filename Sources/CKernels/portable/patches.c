#include <string.h>

#include "../include/CKernels.h"
#include "../templates/vector.h"

// Copies whole floats eight at a time: patches are short, and a call to memcpy costs more.
static void copy_bytes(char *to, const char *from, size_t count) {
  size_t i = 0;
  for (; i + 32 <= count; i += 32) __builtin_memcpy(to + i, from + i, 32);
  for (; i + 4 <= count; i += 4) __builtin_memcpy(to + i, from + i, 4);
  for (; i < count; i++) to[i] = from[i];
}

// One row of a patch, of which some columns may lie outside.
static void patch_row(
    const bk_window *w, size_t pixel, const char *from, ptrdiff_t first, char *to) {
  for (size_t kx = 0; kx < w->kernel_width; kx++, to += pixel) {
    ptrdiff_t column = first + (ptrdiff_t)(kx * w->dilation_width);
    if (column < 0 || column >= (ptrdiff_t)w->width)
      memset(to, 0, pixel);
    else
      copy_bytes(to, from + (size_t)column * pixel, pixel);
  }
}

void bk_patches(
    const bk_window *w, size_t element_size, const void *x, size_t first, size_t count, void *rows,
    size_t row_stride) {
  const size_t pixel = w->channels * element_size, row = w->kernel_width * pixel;
  const bool dense = w->dilation_width == 1;
  size_t oy = first / w->output_width, ox = first % w->output_width;
  for (size_t i = 0; i < count; i++) {
    char *to = (char *)rows + i * row_stride * element_size;
    ptrdiff_t x0 = (ptrdiff_t)(ox * w->stride_width) - (ptrdiff_t)w->left;
    bool inside = dense && x0 >= 0 && x0 + (ptrdiff_t)w->kernel_width <= (ptrdiff_t)w->width;
    for (size_t ky = 0; ky < w->kernel_height; ky++, to += row) {
      ptrdiff_t y = (ptrdiff_t)(oy * w->stride_height + ky * w->dilation_height) - (ptrdiff_t)w->top;
      if (y < 0 || y >= (ptrdiff_t)w->height) {
        memset(to, 0, row);
        continue;
      }
      const char *from = (const char *)x + (size_t)y * w->width * pixel;
      if (inside)
        copy_bytes(to, from + (size_t)x0 * pixel, row);
      else
        patch_row(w, pixel, from, x0, to);
    }
    if (++ox == w->output_width) ox = 0, oy++;
  }
}

void bk_f32_scatter(
    const bk_window *w, const float *columns, const float *bias, float low, float high, float *y) {
  size_t pixels = w->output_height * w->output_width, channels = w->channels;
  for (size_t p = 0; p < pixels; p++)
    for (size_t c = 0; c < channels; c++) y[p * channels + c] = bias ? bias[c] : 0;
  for (size_t iy = 0; iy < w->height; iy++)
    for (size_t ix = 0; ix < w->width; ix++)
      for (size_t ky = 0; ky < w->kernel_height; ky++)
        for (size_t kx = 0; kx < w->kernel_width; kx++, columns += channels) {
          ptrdiff_t oy = (ptrdiff_t)(iy * w->stride_height + ky) - (ptrdiff_t)w->top;
          ptrdiff_t ox = (ptrdiff_t)(ix * w->stride_width + kx) - (ptrdiff_t)w->left;
          if (oy < 0 || oy >= (ptrdiff_t)w->output_height) continue;
          if (ox < 0 || ox >= (ptrdiff_t)w->output_width) continue;
          float *to = y + ((size_t)oy * w->output_width + (size_t)ox) * channels;
          for (size_t c = 0; c < channels; c++) to[c] += columns[c];
        }
  for (size_t i = 0; i < pixels * channels; i++) {
    float v = y[i] < low ? low : y[i];
    y[i] = v > high ? high : v;
  }
}
