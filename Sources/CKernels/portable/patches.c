#include <string.h>

#include "../include/CKernels.h"
#include "../templates/vector.h"

void bk_patches(
    const bk_window *w, size_t element_size, const void *x, size_t first, size_t count, void *rows,
    size_t row_stride) {
  size_t pixel = w->channels * element_size;
  for (size_t i = 0; i < count; i++) {
    char *to = (char *)rows + i * row_stride * element_size;
    size_t oy = (first + i) / w->output_width, ox = (first + i) % w->output_width;
    for (size_t ky = 0; ky < w->kernel_height; ky++) {
      ptrdiff_t y = (ptrdiff_t)(oy * w->stride_height + ky * w->dilation_height) - (ptrdiff_t)w->top;
      for (size_t kx = 0; kx < w->kernel_width; kx++, to += pixel) {
        ptrdiff_t column =
            (ptrdiff_t)(ox * w->stride_width + kx * w->dilation_width) - (ptrdiff_t)w->left;
        if (y < 0 || y >= (ptrdiff_t)w->height || column < 0 || column >= (ptrdiff_t)w->width)
          memset(to, 0, pixel);
        else
          memcpy(to, (const char *)x + ((size_t)y * w->width + (size_t)column) * pixel, pixel);
      }
    }
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
