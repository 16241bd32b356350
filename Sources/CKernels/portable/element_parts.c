#include "../include/bk_parts.h"

typedef struct {
  size_t first, count;
} share;

// Cut between units, so that no two parts write to a cache line.
static share share_of(size_t count, size_t unit, uint32_t part, uint32_t parts) {
  size_t units = (count + unit - 1) / unit;
  size_t from = units * part / parts * unit, to = units * (part + 1) / parts * unit;
  if (to > count) to = count;
  return (share){from, to > from ? to - from : 0};
}

// Leaves the part's steps along the outermost axis.
// `first` are steps, `count` elements of y before them.
static share cut(bk_broadcast *walk, uint32_t part, uint32_t parts) {
  size_t inner = 1;
  for (size_t axis = 1; axis < walk->rank; axis++) inner *= walk->extents[axis];
  share s = share_of(walk->extents[0], walk->rank == 1 ? 64 : 1, part, parts);
  walk->extents[0] = s.count;
  return (share){s.first, s.first * inner};
}

void bk_f32_unary_part(void *context, uint32_t part, uint32_t parts) {
  const bk_f32_unary_work *work = context;
  share s = share_of(work->count, 64, part, parts);
  if (s.count) work->kernel(work->kind, s.count, work->x + s.first, work->y + s.first);
}

void bk_f32_binary_part(void *context, uint32_t part, uint32_t parts) {
  const bk_f32_binary_work *work = context;
  bk_broadcast walk = work->walk;
  share s = cut(&walk, part, parts);
  if (!walk.extents[0]) return;
  ptrdiff_t first = (ptrdiff_t)s.first;
  work->kernel(
      work->kind, &walk, work->a + first * walk.a_strides[0], work->b + first * walk.b_strides[0],
      work->y + s.count);
}

void bk_i8_binary_part(void *context, uint32_t part, uint32_t parts) {
  const bk_i8_binary_work *work = context;
  bk_i8_binary_args args = work->args;
  share s = cut(&args.walk, part, parts);
  if (!args.walk.extents[0]) return;
  args.a += (ptrdiff_t)s.first * args.walk.a_strides[0];
  args.b += (ptrdiff_t)s.first * args.walk.b_strides[0];
  args.y += s.count;
  work->kernel(&args);
}

void bk_f32_rows_part(void *context, uint32_t part, uint32_t parts) {
  const bk_f32_rows_work *work = context;
  share s = share_of(work->rows, 1, part, parts);
  if (!s.count) return;
  const float *x = work->x + s.first * work->columns;
  float *y = work->y + s.first * work->columns;
  if (work->softmax)
    work->softmax(s.count, work->columns, work->factor, x, y);
  else
    work->norm(s.count, work->columns, work->factor, x, work->gamma, work->beta, y);
}

void bk_i8_softmax_part(void *context, uint32_t part, uint32_t parts) {
  const bk_i8_softmax_work *work = context;
  share s = share_of(work->rows, 1, part, parts);
  size_t first = s.first * work->columns;
  if (s.count) work->kernel(s.count, work->columns, work->exps, work->x + first, work->y + first);
}
