// A float32 product of at most eight columns, as first convolutions of small networks have: half a panel,
// in vectors of 256 bits, which are multiplied twice as often as those of 512. Sums are added in the order of
// all other tiles. Included inside the target attribute of AVX-512.
#define NARROW 8

BK_INLINE void narrow_tile(const bk_float_gemm_args *args, size_t m0, const size_t rows) {
#pragma clang fp contract(fast)
  const float *b = args->b;
  bk_f32x8 sum[NARROW];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) sum[r] = args->bias ? bk_load(args->bias) : bk_splat(0);
  const float *a[NARROW];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
    a[r] = (const float *)args->a.a + bk_row_start(&args->a, m0 + r);
  for (size_t segment = 0; segment < args->a.segments; segment++) {
    const ptrdiff_t start = bk_segment_start(&args->a, segment);
    const ptrdiff_t end = start + (ptrdiff_t)args->a.k;
    for (ptrdiff_t k = start; k < end; k++, b += BK_NR) {
      const bk_f32x8 w = bk_load(b);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) sum[r] += w * a[r][k];
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    float *c = args->c + (m0 + r) * args->c_stride;
    const bk_f32x8 y = bk_clamp(sum[r], args->low, args->high);
    if (args->n == NARROW)
      bk_store(c, y);
    else
      bk_store_part(c, y, args->n);
  }
}

static void bk_f32_gemm_narrow(const bk_float_gemm_args *args) {
  size_t m0 = 0;
  for (; m0 + NARROW <= args->m; m0 += NARROW) narrow_tile(args, m0, NARROW);
  for (; m0 < args->m; m0++) narrow_tile(args, m0, 1);
}
