// Laying an input out so that windows become rows of a matrix.
#include <string.h>

#include "../include/bk_spatial.h"

// Runs are short, so a call to memcpy costs more than they do: two copies that overlap serve for
// every length up to twice theirs.
static inline void copy_run(char *to, const char *from, size_t count) {
  if (count >= 16) {
    for (size_t i = 0; i + 16 <= count; i += 16) __builtin_memcpy(to + i, from + i, 16);
    __builtin_memcpy(to + count - 16, from + count - 16, 16);
  } else if (count >= 8) {
    __builtin_memcpy(to, from, 8);
    __builtin_memcpy(to + count - 8, from + count - 8, 8);
  } else if (count >= 4) {
    __builtin_memcpy(to, from, 4);
    __builtin_memcpy(to + count - 4, from + count - 4, 4);
  } else {
    for (size_t i = 0; i < count; i++) to[i] = from[i];
  }
}

void bk_pad_image(
    const bk_window *w, size_t element_size, int8_t fill, const void *x, size_t first, size_t rows,
    size_t padded_width, void *y) {
  const size_t pixel = w->channels * element_size, row = padded_width * pixel;
  const size_t left = w->left < padded_width ? w->left : padded_width;
  const size_t inside = w->width < padded_width - left ? w->width : padded_width - left;
  const char *from = x;
  char *to = y;
  if (first > w->top) from += (first - w->top) * w->width * pixel;
  for (size_t r = first; r < first + rows; r++, to += row) {
    if (r < w->top || r - w->top >= w->height) {
      memset(to, fill, row);
      continue;
    }
    memset(to, fill, left * pixel);
    memcpy(to + left * pixel, from, inside * pixel);
    memset(to + (left + inside) * pixel, fill, row - (left + inside) * pixel);
    from += w->width * pixel;
  }
}

// The first output column whose window starts inside, and the first that ends outside.
static void dense_columns(const bk_window *w, size_t *first, size_t *last) {
  const size_t end = w->width + w->left;
  *first = (w->left + w->stride_width - 1) / w->stride_width;
  *last = end >= w->kernel_width ? (end - w->kernel_width) / w->stride_width + 1 : 0;
  if (w->dilation_width > 1) *last = 0;
  if (*last > w->output_width) *last = w->output_width;
}

void bk_window_columns(
    const bk_window *w, size_t element_size, int8_t fill, const void *x, size_t rows, size_t first,
    size_t columns, void *y) {
  const size_t pixel = w->channels * element_size, run = w->kernel_width * pixel;
  const size_t row = w->width * pixel;
  const size_t above = w->top < rows ? w->top : rows;
  const size_t inside = w->height < rows - above ? w->height : rows - above;
  size_t dense, last;
  dense_columns(w, &dense, &last);
  char *to = y;
  for (size_t column = first; column < first + columns; column++) {
    memset(to, fill, above * run);
    to += above * run;
    const size_t start = column * w->stride_width;
    const char *from = x;
    if (column >= dense && column < last) {
      from += (start - w->left) * pixel;
      for (size_t r = 0; r < inside; r++, to += run, from += row) copy_run(to, from, run);
    } else {
      for (size_t r = 0; r < inside; r++, from += row)
        for (size_t kx = 0; kx < w->kernel_width; kx++, to += pixel) {
          const size_t at = start + kx * w->dilation_width - w->left;
          if (at < w->width)
            copy_run(to, from + at * pixel, pixel);
          else
            memset(to, fill, pixel);
        }
    }
    memset(to, fill, (rows - above - inside) * run);
    to += (rows - above - inside) * run;
  }
}

void bk_flip(size_t count, int8_t *x) {
  for (size_t i = 0; i < count; i++) x[i] = (int8_t)(x[i] ^ -128);
}

void bk_repeat_channels(
    size_t pixels, size_t channels, size_t times, size_t element_size, const void *x, void *y) {
  const char *from = x;
  char *to = y;
  for (size_t i = 0; i < pixels * channels; i++, from += element_size)
    for (size_t j = 0; j < times; j++, to += element_size)
      if (element_size == 4)
        __builtin_memcpy(to, from, 4);
      else
        *to = *from;
}
