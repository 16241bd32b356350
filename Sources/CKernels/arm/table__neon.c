#if defined(__ARM_NEON)
#include <arm_neon.h>

#include "../portable/tables.h"

#define BK_NAME(name) name##__neon
#define BK_LANES 4
#define BK_NR 8
#define BK_PANELS 1
#define BK_ROW_PANELS 1
#if defined(__aarch64__)
#define BK_MR 6
#define BK_UNROLL 8
#define BK_HALF_LOAD(p) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)))
#else
#define BK_MR 4
#define BK_UNROLL 4
// The instruction belongs to VFPv4, which `bk_kernels_select` asks for but the compiler is not told of.
static inline __attribute__((always_inline)) float32x4_t bk_widened(const uint16_t *p) {
  float32x4_t wide;
  __asm__(".fpu neon-vfpv4\nvcvt.f32.f16 %q0, %P1" : "=w"(wide) : "w"(vld1_u16(p)));
  return wide;
}
#define BK_HALF_LOAD(p) bk_widened(p)
#endif
#define BK_A_BY_LANE 1
#include "../templates/f32_elementwise.inc.h"
#include "../templates/float_gemm.inc.h"
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
            .f16_gemm = bk_f16_gemm__neon,
            BK_I8_GEMMS(neon),
            .i4_f32_gemm = bk_i4_f32_gemm__neon,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};

#if defined(__aarch64__)
const bk_kernels bk_table__neon_a53 = {
    .name = "neon_a53",
    .f32_nr = BK_NR,
    .i8_nr = 16,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__neon_a53,
            .f16_gemm = bk_f16_gemm__neon,
            BK_I8_GEMMS(neon_a53),
            .i4_f32_gemm = bk_i4_f32_gemm__neon,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};

const bk_kernels bk_table__dotprod = {
    .name = "dotprod",
    .f32_nr = BK_NR,
    .i8_nr = 16,
    .gemm =
        {
            .f32_gemm = bk_f32_gemm__neon,
            .f16_gemm = bk_f16_gemm__neon,
            BK_I8_GEMMS(dotprod),
            .i4_f32_gemm = bk_i4_f32_gemm__dotprod,
        },
    BK_TABLE_OF_TEMPLATES,
    BK_SPATIAL_OF_TEMPLATES(BK_NAME(bk_f32_depthwise), BK_NAME(bk_i8_depthwise)),
};
#endif
#endif
