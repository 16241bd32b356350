#include "recurrent_product.h"

static size_t round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

size_t bk_recurrent_stride(const bk_matrix *m) {
  return round_up(m->k, m->type == BK_WEIGHTS_I4 ? BK_I4_BLOCK : BK_I8_K_ALIGNMENT);
}

void bk_recurrent_quantize(
    const bk_kernels *kernels, const bk_matrix *m, bk_recurrent_rows a, size_t first, size_t last) {
  if (m->type < BK_WEIGHTS_I8 || first == last) return;
  size_t stride = bk_recurrent_stride(m), blocks = stride / BK_I4_BLOCK;
  kernels->quantized.f32_quantize_rows(
      last - first, m->k, a.floats + first * a.stride, a.stride, a.values + first * stride, stride,
      a.scales + first);
  if (m->type == BK_WEIGHTS_I4)
    bk_i8_block_sums(
        last - first, m->k, a.values + first * stride, stride, a.sums + first * blocks);
}

void bk_recurrent_multiply(
    const bk_kernels *kernels, const bk_matrix *m, bk_recurrent_rows a, const float *bias, size_t n0,
    size_t n, float *c, size_t c_stride) {
  const float high = __builtin_inff();
  if (bias) bias += n0;
  c += n0;
  size_t stride = bk_recurrent_stride(m);
  if (m->type == BK_WEIGHTS_I4) {
    size_t bytes = (16 + sizeof(float)) * (stride / BK_I4_BLOCK);
    bk_i4_f32_gemm_args args = {
        .m = a.count, .n = n, .k = m->k, .a = a.values, .a_stride = stride, .a_scale = a.scales,
        .a_sums = a.sums, .b = (const uint8_t *)m->weights + n0 * bytes, .bias = bias, .c = c,
        .c_stride = c_stride, .low = -high, .high = high, .nr = m->nr};
    kernels->gemm.i4_f32_gemm(&args);
    return;
  }
  if (m->type == BK_WEIGHTS_I8) {
    bk_i8_f32_gemm_args args = {
        .product =
            {.m = a.count,
             .n = n,
             .a = {.a = a.values, .stride = stride, .segments = 1, .k = m->k},
             .b = (const int8_t *)m->weights + n0 * stride,
             .b_sum = m->sums + n0,
             .nr = m->nr},
        .a_scale = a.scales, .a_scale_stride = 1, .b_scale = m->scales + n0, .bias = bias, .c = c,
        .c_stride = c_stride, .low = -high, .high = high};
    kernels->gemm.i8_f32_gemm(&args);
    return;
  }
  size_t size = m->type == BK_WEIGHTS_F16 ? sizeof(uint16_t) : sizeof(float);
  bk_float_gemm_args args = {
      .m = a.count, .n = n, .a = {.a = a.floats, .stride = a.stride, .segments = 1, .k = m->k},
      .b = (const char *)m->weights + n0 * m->k * size, .bias = bias, .c = c, .c_stride = c_stride,
      .low = -high, .high = high, .nr = m->nr};
  (m->type == BK_WEIGHTS_F16 ? kernels->gemm.f16_gemm : kernels->gemm.f32_gemm)(&args);
}
