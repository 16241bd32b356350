#if defined(__ARM_NEON)
#include "../portable/tables.h"

#define BK_NAME(name) name##__neon
#define BK_LANES 4
#if defined(__aarch64__)
#define BK_MR 6
#else
#define BK_MR 4
#endif
#define BK_A_BY_LANE 1
#include "../templates/f32_elementwise.inc.h"
#include "../templates/f32_gemm.inc.h"
#include "../templates/f32_rows.inc.h"
#include "../templates/f32_spatial.inc.h"
#include "../templates/table.inc.h"

const bk_kernels bk_table__neon = {
    .name = "neon",
    .f32_nr = BK_NR,
#if defined(__aarch64__)
    .i8_nr = 16,
#else
    .i8_nr = 8,
#endif
    .f32_gemm = bk_f32_gemm__neon,
    .i8_gemm = bk_i8_gemm__neon,
    BK_TABLE_OF_TEMPLATES,
};

#if defined(__aarch64__)
const bk_kernels bk_table__dotprod = {
    .name = "dotprod",
    .f32_nr = BK_NR,
    .i8_nr = 16,
    .f32_gemm = bk_f32_gemm__neon,
    .i8_gemm = bk_i8_gemm__dotprod,
    BK_TABLE_OF_TEMPLATES,
};
#endif
#endif
