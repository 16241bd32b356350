#if defined(__ARM_NEON)
#include <arm_neon.h>

#include "../portable/tables.h"

#define BK_NAME(name) name##__neon
#define BK_LANES 4
#define BK_NR 8
#define BK_PANELS 1
#define BK_ROW_PANELS 1
#define BK_UNROLL 4
#if defined(__aarch64__)
#define BK_MR 6
#define BK_HALF_LOAD(p) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))
#else
#define BK_MR 4
#endif
#define BK_A_BY_LANE 1
#include "../templates/f32_elementwise.inc.h"
#include "../templates/float_gemm.inc.h"
#include "../templates/f32_rows.inc.h"
#include "../templates/f32_norm.inc.h"
#include "../templates/f32_spatial.inc.h"
#include "../templates/i8_elementwise.inc.h"
#include "../templates/i8_matmul.inc.h"
#include "../templates/i8_rows.inc.h"
#include "../templates/table.inc.h"

// ARMv7's NEON need not have the conversion of binary16.
#if defined(BK_HALF_LOAD)
#define BK_F16_GEMM bk_f16_gemm__neon
#else
#define BK_F16_GEMM bk_f16_gemm__scalar
#endif

const bk_kernels bk_table__neon = {
    .name = "neon",
    .f32_nr = BK_NR,
#if defined(__aarch64__)
    .i8_nr = 16,
#else
    .i8_nr = 8,
#endif
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__neon,
            .f16_gemm = BK_F16_GEMM,
            BK_I8_GEMMS(neon),
            .i4_f32_gemm = bk_i4_f32_gemm__scalar,
        },
    BK_TABLE_OF_TEMPLATES,
};

#if defined(__aarch64__)
const bk_kernels bk_table__dotprod = {
    .name = "dotprod",
    .f32_nr = BK_NR,
    .i8_nr = 16,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__neon,
            .f16_gemm = BK_F16_GEMM,
            BK_I8_GEMMS(dotprod),
            .i4_f32_gemm = bk_i4_f32_gemm__scalar,
        },
    BK_TABLE_OF_TEMPLATES,
};
#endif
#endif
