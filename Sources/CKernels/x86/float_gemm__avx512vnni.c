#if defined(__x86_64__)
#include <string.h>

#include "../portable/tables.h"

// Half of the second-level cache. A tile of eight rows reads 8 bytes of weights a cycle, which that delivers; and the rows
// of C are written one after the other. Panel by panel, a core that fetches the next rows ahead of their stores would
// take those at the border away from the thread that has them, in each panel anew.
#define BK_CLOSE_WEIGHTS (1 << 19)

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)

// Two panels of one vector each, which are those of AVX2. Binary16 is left to AVX2: the conversion to
// 512 bits takes twice the time of the multiplications.
#define BK_NAME(name) name##__avx512vnni
#define BK_LANES 16
#define BK_NR 16
#define BK_MR 8
#define BK_PANELS 2
#define BK_ROW_PANELS 4
#define BK_UNROLL 8
#define BK_A_BY_LANE 0
#define BK_F32_GEMM static void bk_f32_gemm_wide
#include "../templates/float_gemm.inc.h"
#include "f32_gemm_narrow__avx512vnni.h"

void bk_f32_gemm__avx512vnni(const bk_float_gemm_args *args) {
  if (args->n <= NARROW && args->m > 1)
    bk_f32_gemm_narrow(args);
  else
    bk_f32_gemm_wide(args);
}

#pragma clang attribute pop
#endif
