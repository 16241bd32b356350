#include "../include/CKernels.h"
#include "tables.h"

#define BK_NAME(name) name##__scalar

// For the x86-64 agent, whose CPUs almost all have a better table: inlined and unrolled these are a tenth of it.
#if defined(BK_SMALL_SCALAR)
#define BK_INLINE static inline __attribute__((unused))
#pragma clang diagnostic ignored "-Wpass-failed"
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#endif

#include "../templates/f32_elementwise.inc.h"
#include "../templates/f32_recurrent.inc.h"
#include "../templates/f32_rows.inc.h"
#include "../templates/f32_norm.inc.h"
#include "../templates/f32_depthwise.inc.h"
#include "../templates/i8_depthwise.inc.h"
#include "../templates/pool.inc.h"
#include "../templates/i8_elementwise.inc.h"
#include "../templates/i8_lstm.inc.h"
#include "../templates/i8_matmul.inc.h"
#include "../templates/i8_rows.inc.h"
#include "../templates/table.inc.h"

#if defined(BK_SMALL_SCALAR)
#pragma clang attribute pop
#endif

const bk_kernels bk_table__scalar = {
    .name = "scalar",
    .f32_nr = 4,
    .i8_nr = 4,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__scalar,
            .f16_gemm = bk_f16_gemm__scalar,
            BK_I8_GEMMS(scalar),
            .i4_f32_gemm = bk_i4_f32_gemm__scalar,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};

#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
const bk_kernels bk_table__armv6 = {
    .name = "armv6",
    .f32_nr = 4,
    .i8_nr = 4,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__scalar,
            .f16_gemm = bk_f16_gemm__scalar,
            BK_I8_GEMMS(armv6),
            .i4_f32_gemm = bk_i4_f32_gemm__scalar,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};
#endif
