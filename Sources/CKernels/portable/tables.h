// The tables that this build may hold, and the portable kernels that others borrow.
#ifndef BRAMBLE_TABLES_H
#define BRAMBLE_TABLES_H

#include "../include/CKernels.h"

void bk_f32_gemm__scalar(const bk_f32_gemm_args *args);
void bk_i8_gemm__scalar(const bk_i8_gemm_args *args);
extern const bk_kernels bk_table__scalar;

#if defined(__x86_64__)
void bk_f32_gemm__avx2(const bk_f32_gemm_args *args);
void bk_i8_gemm__avx2(const bk_i8_gemm_args *args);
void bk_i8_gemm__avx512vnni(const bk_i8_gemm_args *args);
extern const bk_kernels bk_table__avx2;
extern const bk_kernels bk_table__avx512vnni;
#endif

#if defined(__ARM_NEON)
void bk_f32_gemm__neon(const bk_f32_gemm_args *args);
void bk_i8_gemm__neon(const bk_i8_gemm_args *args);
extern const bk_kernels bk_table__neon;
#if defined(__aarch64__)
void bk_i8_gemm__dotprod(const bk_i8_gemm_args *args);
extern const bk_kernels bk_table__dotprod;
#endif
#endif

#endif
