#include "../include/bk_parts.h"

static size_t from_of(size_t count, uint32_t part, uint32_t parts) { return count * part / parts; }

// Output rows from `first` on; those of the part. Its arguments are a copy.
#define BK_ROWS_PART(type, operation)                                                   \
  void bk_##type##_##operation##_part(void *context, uint32_t part, uint32_t parts) {   \
    const bk_##type##_##operation##_work *work = context;                               \
    bk_##type##_##operation##_args args = work->args;                                   \
    size_t first = args.first, count = args.last - first;                               \
    args.first = first + from_of(count, part, parts);                                   \
    args.last = first + from_of(count, part + 1, parts);                                \
    if (args.first < args.last) work->kernel(&args);                                    \
  }

BK_ROWS_PART(f32, depthwise)
BK_ROWS_PART(i8, depthwise)
BK_ROWS_PART(f32, pool)
BK_ROWS_PART(i8, pool)

// A part of an image is an image that begins elsewhere: `top` or `left` then says how much is above or left of it.
void bk_layout_part(void *context, uint32_t part, uint32_t parts) {
  const bk_layout_work *work = context;
  bk_window window = work->window;
  const size_t extent = work->by_columns ? window.output_width : work->height;
  const size_t first = from_of(extent, part, parts), count = from_of(extent, part + 1, parts) - first;
  if (!count) return;
  const size_t pixel = window.channels * work->element_size;
  const size_t row = work->by_columns ? work->height * window.kernel_width * pixel : work->width * pixel;
  char *y = (char *)work->y + first * row;
  if (work->by_columns)
    bk_window_columns(&window, work->element_size, work->fill, work->x, work->height, first, count, y);
  else
    bk_pad_image(&window, work->element_size, work->fill, work->x, first, count, work->width, y);
  if (work->flips) bk_flip(count * row, (int8_t *)y);
}
