// What becomes of one exact sum of an int8 product, where there are no vectors.
#ifndef BRAMBLE_I8_SINKS_H
#define BRAMBLE_I8_SINKS_H

#include "../templates/gemm_rows.h"
#include "../templates/requantize.h"

// `args` are those of the product's kind.
typedef void (*bk_i8_sink)(const void *args, size_t m, size_t n, int32_t sum);

BK_INLINE void bk_i8_sum_to_f32(const void *p, size_t m, size_t n, int32_t sum) {
  const bk_i8_f32_gemm_args *args = p;
  float scale = args->b_scale[n] * args->a_scale[m * args->a_scale_stride];
  float y = (float)sum * scale;
  y = y + (args->bias ? args->bias[n] : 0.0f);
  y = y < args->low ? args->low : y;
  args->c[m * args->c_stride + n] = y > args->high ? args->high : y;
}

BK_INLINE int32_t bk_with_bias(const int32_t *bias, size_t n, int32_t sum) {
  return bias ? (int32_t)((uint32_t)sum + (uint32_t)bias[n]) : sum;
}

BK_INLINE void bk_i8_sum_to_i8(const void *p, size_t m, size_t n, int32_t sum) {
  const bk_i8_i8_gemm_args *args = p;
  int32_t x = bk_with_bias(args->bias, n, sum);
  int32_t multiplier = args->multiplier[n], shift = args->shift[n];
  int32_t y = args->once ? bk_requantize_once_one(x, multiplier, shift)
                         : bk_requantize_one(x, multiplier, shift);
  y = (int32_t)((uint32_t)y + (uint32_t)args->zero);
  y = y < args->low ? args->low : y;
  args->c[m * args->c_stride + n] = (int8_t)(y > args->high ? args->high : y);
}

BK_INLINE void bk_i8_sum_to_i32(const void *p, size_t m, size_t n, int32_t sum) {
  const bk_i8_i32_gemm_args *args = p;
  args->c[m * args->c_stride + n] = bk_with_bias(args->bias, n, sum);
}

BK_INLINE const int8_t *bk_i8_run_at(const bk_i8_product *p, size_t m, size_t segment) {
  return (const int8_t *)p->a.a + bk_row_start(&p->a, m) + bk_segment_start(&p->a, segment);
}

#endif
