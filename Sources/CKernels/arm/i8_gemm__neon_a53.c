#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#include "../portable/tables.h"
#include "../templates/gemm_rows.h"
#include "i8_run__neon_a53.h"

#define BK_NAME(name) name##__neon_a53
#define BK_I8_NR 16
#define BK_I8_MR 2

BK_INLINE void BK_NAME(bk_i8_tile)(
    const bk_i8_product *p, size_t m0, size_t n0, size_t run, const size_t rows, int32_t *sums) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  int32x4_t sum[BK_I8_MR][8];
  memset(sum, 0, sizeof sum);
  for (size_t segment = 0; segment < p->a.segments; segment++, b += BK_I8_NR * run) {
    const int8_t *start = (const int8_t *)p->a.a + bk_segment_start(&p->a, segment);
    const int8_t *a[BK_I8_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) a[r] = start + bk_row_start(&p->a, m0 + r);
    if (rows == 1)
      bk_i8_run_of_one__neon_a53(run, a[0], b, sum[0]);
    else
      bk_i8_run_of_two__neon_a53(run, a, b, sum[0], sum[1]);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t q = 0; q < 4; q++)
      vst1q_s32(sums + r * BK_I8_NR + 4 * q, vpaddq_s32(sum[r][2 * q], sum[r][2 * q + 1]));
}

#include "../templates/i8_gemm.inc.h"
#endif
