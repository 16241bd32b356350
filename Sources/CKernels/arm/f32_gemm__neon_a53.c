#if defined(__aarch64__)
#include "f32_run__neon_a53.h"

#include "../portable/tables.h"
#include "../templates/gemm_rows.h"

#define BK_NR 8

BK_INLINE void store(
    const bk_float_gemm_args *args, float *c, size_t n0, const float32x4_t sum[2]) {
  float lanes[BK_NR];
  vst1q_f32(lanes, sum[0]);
  vst1q_f32(lanes + 4, sum[1]);
  bk_f32x8 y = bk_clamp(bk_load(lanes), args->low, args->high);
  if (args->n - n0 >= BK_NR)
    bk_store(c + n0, y);
  else
    bk_store_part(c + n0, y, args->n - n0);
}

BK_INLINE void begin(const bk_float_gemm_args *args, size_t n0, float32x4_t sum[2]) {
  sum[0] = args->bias ? vld1q_f32(args->bias + n0) : vdupq_n_f32(0);
  sum[1] = args->bias ? vld1q_f32(args->bias + n0 + 4) : vdupq_n_f32(0);
}

BK_INLINE void add_one_k(float32x4_t sum[2], const float *b, float a) {
  sum[0] = vfmaq_n_f32(sum[0], vld1q_f32(b), a);
  sum[1] = vfmaq_n_f32(sum[1], vld1q_f32(b + 4), a);
}

// Up to eight rows: where there are fewer, the last one is multiplied again instead, which takes no
// longer than a narrower tile would.
static void eight_rows(const bk_float_gemm_args *args, size_t m0, size_t n0) {
  const size_t k = args->a.k, rows = args->m - m0 < 8 ? args->m - m0 : 8;
  const float *b = (const float *)args->b + n0 * args->a.segments * k;
  float32x4_t sum[8][2];
  for (size_t r = 0; r < 8; r++) begin(args, n0, sum[r]);
  for (size_t segment = 0; segment < args->a.segments; segment++, b += BK_NR * k) {
    const float *start = (const float *)args->a.a + bk_segment_start(&args->a, segment), *a[8];
    for (size_t r = 0; r < 8; r++) a[r] = start + bk_row_start(&args->a, m0 + (r < rows ? r : rows - 1));
    bk_f32_run_of_eight__neon_a53(k / 4, a, b, sum);
    for (size_t kk = k & ~(size_t)3; kk < k; kk++)
      for (size_t r = 0; r < 8; r++) add_one_k(sum[r], b + kk * BK_NR, a[r][kk]);
  }
  for (size_t r = 0; r < rows; r++) store(args, args->c + (m0 + r) * args->c_stride, n0, sum[r]);
}

// With four sums for each column, added up at the end.
static void one_row(const bk_float_gemm_args *args, size_t n0) {
  const size_t k = args->a.k;
  const float *b = (const float *)args->b + n0 * args->a.segments * k;
  float32x4_t sum[4][2];
  begin(args, n0, sum[0]);
  for (size_t u = 1; u < 4; u++) sum[u][0] = sum[u][1] = vdupq_n_f32(0);
  for (size_t segment = 0; segment < args->a.segments; segment++, b += BK_NR * k) {
    const float *a = (const float *)args->a.a + bk_row_start(&args->a, 0);
    a += bk_segment_start(&args->a, segment);
    bk_f32_run_of_one__neon_a53(k / 8, a, b, sum);
    size_t kk = k & ~(size_t)7;
    for (; kk + 4 <= k; kk += 4)
      for (size_t u = 0; u < 4; u++) add_one_k(sum[u], b + (kk + u) * BK_NR, a[kk + u]);
    for (; kk < k; kk++) add_one_k(sum[0], b + kk * BK_NR, a[kk]);
  }
  for (size_t u = 1; u < 4; u++)
    for (size_t v = 0; v < 2; v++) sum[0][v] = vaddq_f32(sum[0][v], sum[u][v]);
  store(args, args->c, n0, sum[0]);
}

void bk_f32_gemm__neon_a53(const bk_float_gemm_args *args) {
  for (size_t n0 = 0; n0 < args->n; n0 += BK_NR) {
    if (args->m == 1) {
      one_row(args, n0);
      continue;
    }
    for (size_t m0 = 0; m0 < args->m; m0 += 8) eight_rows(args, m0, n0);
  }
}
#endif
