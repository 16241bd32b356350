#include "../templates/gemm_rows.h"

// Every kernel groups columns and rows by divisors of these, counted from the first one. Few rows are cut in
// smaller groups all the same: an even share is worth more than whole tiles.
#define COLUMNS BK_ROW_COLUMNS
#define ROWS 24
#define FEW_ROWS 8

typedef struct {
  size_t m0, m1, n0, n1;
} share;

static size_t units(size_t extent, size_t unit) { return (extent + unit - 1) / unit; }

// The part of `extent`, cut between units. One more than whole units goes with the last of them: a
// product of a single row adds in another order.
static void cut(size_t extent, size_t unit, size_t part, size_t parts, size_t *from, size_t *to) {
  size_t count = extent > 1 ? units(extent - 1, unit) : extent;
  *from = count * part / parts * unit;
  *to = count * (part + 1) / parts * unit;
  if (*from > extent) *from = extent;
  if (*to > extent || part + 1 == parts) *to = extent;
}

// What the largest part has, of whole units for each: a smaller one waits for it.
static size_t largest(size_t extent, size_t unit, size_t parts) {
  size_t all = units(extent, unit);
  return (all + parts - 1) / parts * unit;
}

// Columns, as then each thread reads weights of its own, unless rows give smaller parts by an eighth.
static share share_of(size_t m, size_t n, uint32_t part, uint32_t parts) {
  share s = {0, m, 0, n};
  const size_t rows = units(m, ROWS) < 8 * parts ? FEW_ROWS : ROWS;
  if (largest(n, COLUMNS, parts) * m <= largest(m, rows, parts) * n * 9 / 8)
    cut(n, COLUMNS, part, parts, &s.n0, &s.n1);
  else
    cut(m, rows, part, parts, &s.m0, &s.m1);
  return s;
}

static bool is_empty(share s) { return s.m0 == s.m1 || s.n0 == s.n1; }

static bk_rows rows_of(bk_rows a, share s, size_t size) {
  if (a.rows)
    a.rows += s.m0;
  else
    a.a = (const char *)a.a + s.m0 * a.stride * size;
  return a;
}

static bk_i8_product product_of(bk_i8_product p, share s) {
  p.b += s.n0 * p.a.segments * bk_i8_run(p.a.k);
  p.b_sum += s.n0;
  p.a = rows_of(p.a, s, 1);
  p.m = s.m1 - s.m0;
  p.n = s.n1 - s.n0;
  return p;
}

void bk_float_gemm_part(void *context, uint32_t part, uint32_t parts) {
  const bk_float_gemm_work *work = context;
  bk_float_gemm_args args = work->args;
  share s = share_of(args.m, args.n, part, parts);
  if (is_empty(s)) return;
  args.m = s.m1 - s.m0;
  args.n = s.n1 - s.n0;
  args.b = (const char *)args.b + s.n0 * args.a.segments * args.a.k * work->size;
  args.a = rows_of(args.a, s, sizeof(float));
  if (args.bias) args.bias += s.n0;
  args.c += s.m0 * args.c_stride + s.n0;
  work->kernel(&args);
}

void bk_i8_f32_gemm_part(void *context, uint32_t part, uint32_t parts) {
  const bk_i8_f32_gemm_work *work = context;
  bk_i8_f32_gemm_args args = work->args;
  share s = share_of(args.product.m, args.product.n, part, parts);
  if (is_empty(s)) return;
  args.product = product_of(args.product, s);
  args.a_scale += s.m0 * args.a_scale_stride;
  args.b_scale += s.n0;
  if (args.bias) args.bias += s.n0;
  args.c += s.m0 * args.c_stride + s.n0;
  work->kernel(&args);
}

void bk_i8_i8_gemm_part(void *context, uint32_t part, uint32_t parts) {
  const bk_i8_i8_gemm_work *work = context;
  bk_i8_i8_gemm_args args = work->args;
  share s = share_of(args.product.m, args.product.n, part, parts);
  if (is_empty(s)) return;
  args.product = product_of(args.product, s);
  if (args.bias) args.bias += s.n0;
  args.multiplier += s.n0;
  args.shift += s.n0;
  args.c += s.m0 * args.c_stride + s.n0;
  work->kernel(&args);
}

void bk_i4_f32_gemm_part(void *context, uint32_t part, uint32_t parts) {
  const bk_i4_f32_gemm_work *work = context;
  bk_i4_f32_gemm_args args = work->args;
  share s = share_of(args.m, args.n, part, parts);
  if (is_empty(s)) return;
  const size_t blocks = units(args.k, BK_I4_BLOCK);
  args.m = s.m1 - s.m0;
  args.n = s.n1 - s.n0;
  args.a += s.m0 * args.a_stride;
  args.a_scale += s.m0;
  args.a_sums += s.m0 * blocks;
  args.b += s.n0 * blocks * (BK_I4_BLOCK / 2 + sizeof(float));
  if (args.bias) args.bias += s.n0;
  args.c += s.m0 * args.c_stride + s.n0;
  work->kernel(&args);
}
