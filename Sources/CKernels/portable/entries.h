// Every entry of a table of kernels, in the order of `bk_kernels`: X(family, entry, parameters, arguments).
#ifndef BRAMBLE_ENTRIES_H
#define BRAMBLE_ENTRIES_H

#include "../include/CKernels.h"

#define BK_ENTRIES(X)                                                                       \
  X(gemm, f32_gemm, (const bk_float_gemm_args *args), (args))                               \
  X(gemm, f16_gemm, (const bk_float_gemm_args *args), (args))                               \
  X(gemm, i8_f32_gemm, (const bk_i8_f32_gemm_args *args), (args))                           \
  X(gemm, i8_i8_gemm, (const bk_i8_i8_gemm_args *args), (args))                             \
  X(gemm, i8_i32_gemm, (const bk_i8_i32_gemm_args *args), (args))                           \
  X(gemm, i4_f32_gemm, (const bk_i4_f32_gemm_args *args), (args))                           \
  X(spatial, f32_depthwise, (const bk_f32_depthwise_args *args), (args))                    \
  X(spatial, i8_depthwise, (const bk_i8_depthwise_args *args), (args))                      \
  X(spatial, f32_pool, (const bk_f32_pool_args *args), (args))                              \
  X(spatial, i8_pool, (const bk_i8_pool_args *args), (args))                                \
  X(spatial, i8_widen,                                                                      \
    (size_t rows, size_t columns, const int8_t *x, const float *scales, float *y),          \
    (rows, columns, x, scales, y))                                                          \
  X(recurrent, f32_lstm_step, (const bk_lstm_step *step), (step))                           \
  X(recurrent, f32_lstm_cell,                                                               \
    (size_t units, size_t block, const float *gates, float *c, float *h),                   \
    (units, block, gates, c, h))                                                            \
  X(recurrent, f32_gru_gates,                                                               \
    (size_t units, size_t block, const float *x, const float *r, size_t r_gates,            \
     const float *v, float *update, float *reset),                                          \
    (units, block, x, r, r_gates, v, update, reset))                                        \
  X(recurrent, f32_gru_blend,                                                               \
    (size_t units, size_t block, const float *x, const float *candidate,                    \
     const float *update, const float *h, float *y),                                        \
    (units, block, x, candidate, update, h, y))                                             \
  X(rows, f32_layer_norm,                                                                   \
    (size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,        \
     const float *beta, float *y),                                                          \
    (rows, columns, epsilon, x, gamma, beta, y))                                            \
  X(rows, f32_log_softmax, (size_t rows, size_t columns, const float *x, float *y),         \
    (rows, columns, x, y))                                                                  \
  X(rows, f32_l2_norm, (size_t rows, size_t columns, const float *x, float *y),             \
    (rows, columns, x, y))                                                                  \
  X(rows, f32_softmax, (size_t rows, size_t columns, float beta, const float *x, float *y), \
    (rows, columns, beta, x, y))                                                            \
  X(rows, f32_attention, (const bk_attention_args *args), (args))                           \
  X(rows, f32_sum,                                                                          \
    (size_t outer, size_t reduced, size_t inner, float scale, const float *x, float *y),    \
    (outer, reduced, inner, scale, x, y))                                                   \
  X(rows, f32_maximum,                                                                      \
    (size_t outer, size_t reduced, size_t inner, const float *x, float *y),                 \
    (outer, reduced, inner, x, y))                                                          \
  X(elementwise, f32_unary, (bk_unary_kind kind, size_t count, const float *x, float *y),   \
    (kind, count, x, y))                                                                    \
  X(elementwise, f32_binary,                                                                \
    (bk_binary_kind kind, const bk_broadcast *walk, const float *a, const float *b,         \
     float *y),                                                                             \
    (kind, walk, a, b, y))                                                                  \
  X(elementwise, f32_clamp, (size_t count, float low, float high, float *y),                \
    (count, low, high, y))                                                                  \
  X(quantized, f32_quantize_rows,                                                           \
    (size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,    \
     float *scales),                                                                        \
    (rows, k, x, x_stride, q, q_stride, scales))                                            \
  X(quantized, i8_binary, (const bk_i8_binary_args *args), (args))                          \
  X(quantized, i8_table, (size_t count, const int8_t *table, const int8_t *x, int8_t *y),   \
    (count, table, x, y))                                                                   \
  X(quantized, i8_softmax,                                                                  \
    (size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y),           \
    (rows, columns, exps, x, y))                                                            \
  X(quantized, i8_sum, (const bk_i8_sum_args *args), (args))                                \
  X(quantized, i8_matmul, (const bk_i8_matmul_args *args), (args))                          \
  X(quantized, i8_gates,                                                                    \
    (size_t rows, size_t n, const int32_t *sums, const int32_t *multiplier,                 \
     const int32_t *shift, int16_t *gates),                                                 \
    (rows, n, sums, multiplier, shift, gates))                                              \
  X(quantized, i8_lstm_cell, (const bk_i8_lstm_cell_args *args), (args))

enum {
#define BK_NUMBER(family, entry, parameters, arguments) BK_ENTRY_##entry,
  BK_ENTRIES(BK_NUMBER) BK_ENTRY_COUNT
};

// The list is the structure's: whoever adds an entry adds it above too.
#define BK_PLACE(family, entry, parameters, arguments)                                         \
  _Static_assert(                                                                              \
      offsetof(bk_kernels, family.entry) ==                                                    \
          offsetof(bk_kernels, gemm) + BK_ENTRY_##entry * sizeof(void (*)(void)),              \
      #entry " stands elsewhere");
BK_ENTRIES(BK_PLACE)
_Static_assert(
    sizeof(bk_kernels) == offsetof(bk_kernels, gemm) + BK_ENTRY_COUNT * sizeof(void (*)(void)),
    "an entry is missing in the list");

#endif
