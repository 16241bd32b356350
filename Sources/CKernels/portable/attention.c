#include "../include/CKernels.h"

static void product(
    const bk_attention_args *args, size_t rows, const float *a, size_t stride, size_t k,
    const float *b, size_t n, float *c, size_t c_stride) {
  const float high = __builtin_inff();
  bk_float_gemm_args product = {
      .m = rows, .n = n, .a = {.a = a, .stride = stride, .segments = 1, .k = k}, .b = b, .c = c,
      .c_stride = c_stride, .low = -high, .high = high, .nr = args->nr};
  args->kernels->gemm.f32_gemm(&product);
}

void bk_f32_attention__scalar(const bk_attention_args *args) {
  const size_t keys = args->keys;
  bk_f32_pack(keys, args->size, args->k, 1, args->k_stride, args->nr, args->packed_keys);
  bk_f32_pack(args->value_size, keys, args->v, args->v_stride, 1, args->nr, args->packed_values);
  for (size_t first = 0; first < args->queries; first += args->block) {
    size_t left = args->queries - first, count = left < args->block ? left : args->block;
    product(
        args, count, args->q + first * args->q_stride, args->q_stride, args->size,
        args->packed_keys, keys, args->scores, keys);
    args->kernels->rows.f32_softmax(count, keys, args->scale, args->scores, args->scores);
    product(
        args, count, args->scores, keys, keys, args->packed_values, args->value_size,
        args->y + first * args->y_stride, args->y_stride);
  }
}
