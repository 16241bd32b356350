#if defined(__x86_64__)
#include <immintrin.h>

#include "../portable/tables.h"

// Declarations of the C library stay outside the target attribute.
#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#define BK_NAME(name) name##__avx2
#define BK_LANES 8
#define BK_NR 16
#define BK_MR 6
#define BK_PANELS 1
#define BK_ROW_PANELS 4
#define BK_UNROLL 4
#define BK_A_BY_LANE 0
#define BK_HALF_LOAD(p) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p)))
#include "../templates/f32_elementwise.inc.h"
#include "../templates/float_gemm.inc.h"
#include "../templates/f32_recurrent.inc.h"
#include "../templates/f32_rows.inc.h"
#include "../templates/f32_norm.inc.h"
#include "../templates/f32_depthwise.inc.h"
#include "../templates/i8_depthwise.inc.h"
#include "../templates/pool.inc.h"
#define BK_I16_PRODUCT _mm256_mulhrs_epi16
#define BK_I16_PAIRS _mm256_madd_epi16
#include "../templates/i8_elementwise.inc.h"
#include "../templates/i8_lstm.inc.h"
#include "../templates/i8_matmul.inc.h"
#include "../templates/i8_rows.inc.h"
#include "../templates/table.inc.h"

#pragma clang attribute pop

const bk_kernels bk_table__avx2 = {
    .name = "avx2",
    .f32_nr = BK_NR,
    .i8_nr = 32,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__avx2,
            .f16_gemm = bk_f16_gemm__avx2,
            BK_I8_GEMMS(avx2),
            .i4_f32_gemm = bk_i4_f32_gemm__avx2,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};

#undef BK_QUANTIZED
#define BK_QUANTIZED(name) name##__avx512vnni
#undef BK_LSTM_STEP
#define BK_LSTM_STEP bk_f32_lstm_step__avx512vnni
#undef BK_LAYER_NORM
#undef BK_SOFTMAX
#undef BK_QUANTIZE_ROWS
#undef BK_ATTENTION
#define BK_ATTENTION bk_f32_attention__avx512vnni
#define BK_LAYER_NORM bk_f32_layer_norm__avx512vnni
#define BK_SOFTMAX bk_f32_softmax__avx512vnni
#define BK_QUANTIZE_ROWS bk_f32_quantize_rows__avx512vnni
const bk_kernels bk_table__avx512vnni = {
    .name = "avx512vnni",
    .f32_nr = BK_NR,
    .i8_nr = 32,
    .i8_flips = true,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__avx512vnni,
            .f16_gemm = bk_f16_gemm__avx2,
            BK_I8_GEMMS(avx512vnni),
            .i4_f32_gemm = bk_i4_f32_gemm__avx512vnni,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(bk_f32_depthwise__avx512vnni, bk_i8_depthwise__avx512vnni),
};
#endif
