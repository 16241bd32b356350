// The tables that this build may hold, and the kernels that they share.
#ifndef BRAMBLE_TABLES_H
#define BRAMBLE_TABLES_H

#include "../include/CKernels.h"

#define BK_DECLARE_FLOAT_GEMMS(isa)                             \
  void bk_f32_gemm__##isa(const bk_float_gemm_args *args); \
  void bk_f16_gemm__##isa(const bk_float_gemm_args *args)
#define BK_DECLARE_I8_GEMMS(isa)                                  \
  void bk_i8_f32_gemm__##isa(const bk_i8_f32_gemm_args *args); \
  void bk_i8_i8_gemm__##isa(const bk_i8_i8_gemm_args *args);   \
  void bk_i8_i32_gemm__##isa(const bk_i8_i32_gemm_args *args)

#define BK_DECLARE_I4_GEMM(isa) void bk_i4_f32_gemm__##isa(const bk_i4_f32_gemm_args *args)

BK_DECLARE_FLOAT_GEMMS(scalar);
BK_DECLARE_I8_GEMMS(scalar);
BK_DECLARE_I4_GEMM(scalar);
extern const bk_kernels bk_table__scalar;

#if defined(__x86_64__)
BK_DECLARE_FLOAT_GEMMS(avx2);
BK_DECLARE_I8_GEMMS(avx2);
BK_DECLARE_I4_GEMM(avx2);
void bk_f32_gemm__avx512vnni(const bk_float_gemm_args *args);
BK_DECLARE_I8_GEMMS(avx512vnni);
void bk_f32_depthwise__avx2(const bk_f32_depthwise_args *args);
void bk_f32_depthwise__avx512vnni(const bk_f32_depthwise_args *args);
void bk_i8_depthwise__avx2(const bk_i8_depthwise_args *args);
void bk_i8_depthwise__avx512vnni(const bk_i8_depthwise_args *args);
void bk_i8_binary__avx512vnni(const bk_i8_binary_args *args);
void bk_i8_table__avx512vnni(size_t count, const int8_t *table, const int8_t *x, int8_t *y);
void bk_i8_softmax__avx512vnni(
    size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y);
void bk_i8_sum__avx512vnni(const bk_i8_sum_args *args);
void bk_i8_matmul__avx512vnni(const bk_i8_matmul_args *args);
void bk_i8_gates__avx512vnni(
    size_t rows, size_t n, const int32_t *sums, const int32_t *multiplier, const int32_t *shift,
    int16_t *gates);
void bk_i8_lstm_cell__avx512vnni(const bk_i8_lstm_cell_args *args);
void bk_f32_lstm_step__avx512vnni(const bk_lstm_step *step);
void bk_f32_softmax__avx512vnni(
    size_t rows, size_t columns, float beta, const float *x, float *y);
void bk_f32_attention__avx512vnni(const bk_attention_args *args);
void bk_f32_layer_norm__avx512vnni(
    size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y);
void bk_f32_quantize_rows__avx512vnni(
    size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
    float *scales);
BK_DECLARE_I4_GEMM(avx512vnni);
extern const bk_kernels bk_table__avx2;
extern const bk_kernels bk_table__avx512vnni;
#endif

#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
BK_DECLARE_I8_GEMMS(armv6);
extern const bk_kernels bk_table__armv6;
#endif

#if defined(__ARM_NEON)
BK_DECLARE_FLOAT_GEMMS(neon);
BK_DECLARE_I8_GEMMS(neon);
BK_DECLARE_I4_GEMM(neon);
extern const bk_kernels bk_table__neon;
#if defined(__aarch64__)
void bk_f32_gemm__neon_a53(const bk_float_gemm_args *args);
BK_DECLARE_I8_GEMMS(neon_a53);
BK_DECLARE_I8_GEMMS(dotprod);
BK_DECLARE_I4_GEMM(dotprod);
extern const bk_kernels bk_table__neon_a53;
extern const bk_kernels bk_table__dotprod;
#endif
#endif

#endif
