#include "../templates/loop.h"
#include "i8_sinks.h"
#include "tables.h"

// Four columns, two groups of k at a time: what ARMv6 has registers for.
static void row_of_four(
    const bk_i8_product *p, size_t m, size_t n0, size_t run, bk_i8_sink sink, const void *args) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (size_t segment = 0; segment < p->a.segments; segment++) {
    const int8_t *a = bk_i8_run_at(p, m, segment);
    for (size_t k = 0; k < run; k += 4, a += 4, b += 16) {
      BK_LOOP_OF_TILE("i8", 1, 4);
      int32_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
      s0 += a0 * b[0] + a1 * b[1] + a2 * b[2] + a3 * b[3];
      s1 += a0 * b[4] + a1 * b[5] + a2 * b[6] + a3 * b[7];
      s2 += a0 * b[8] + a1 * b[9] + a2 * b[10] + a3 * b[11];
      s3 += a0 * b[12] + a1 * b[13] + a2 * b[14] + a3 * b[15];
    }
  }
  int32_t sums[4] = {s0, s1, s2, s3};
  for (size_t i = 0; i < 4 && n0 + i < p->n; i++) sink(args, m, n0 + i, sums[i]);
}

static void row_of_any(
    const bk_i8_product *p, size_t m, size_t n0, size_t run, bk_i8_sink sink, const void *args) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  for (size_t i = 0; i < p->nr && n0 + i < p->n; i++) {
    int32_t sum = 0;
    const int8_t *column = b + i * BK_I8_KR;
    for (size_t segment = 0; segment < p->a.segments; segment++) {
      const int8_t *a = bk_i8_run_at(p, m, segment);
      for (size_t k = 0; k < run; k += BK_I8_KR, column += p->nr * BK_I8_KR)
        for (size_t j = 0; j < BK_I8_KR; j++) sum += (int32_t)a[k + j] * column[j];
    }
    sink(args, m, n0 + i, sum);
  }
}

static void product(const bk_i8_product *p, bk_i8_sink sink, const void *args) {
  size_t run = bk_i8_run(p->a.k);
  for (size_t n0 = 0; n0 < p->n; n0 += p->nr)
    for (size_t m = 0; m < p->m; m++)
      if (p->nr == 4)
        row_of_four(p, m, n0, run, sink, args);
      else
        row_of_any(p, m, n0, run, sink, args);
}

void bk_i8_f32_gemm__scalar(const bk_i8_f32_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_f32, args);
}
void bk_i8_i8_gemm__scalar(const bk_i8_i8_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_i8, args);
}
void bk_i8_i32_gemm__scalar(const bk_i8_i32_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_i32, args);
}
