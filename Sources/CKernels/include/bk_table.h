// The table of kernels of one instruction set, and how it is chosen.
#ifndef BRAMBLE_BK_TABLE_H
#define BRAMBLE_BK_TABLE_H

#include "bk_elementwise.h"
#include "bk_gemm.h"
#include "bk_quantized.h"
#include "bk_recurrent.h"
#include "bk_rows.h"
#include "bk_spatial.h"

// One structure for each family, declared in the family's header. Every table fills every entry.
typedef struct bk_kernels {
  // "scalar", "avx2", "avx512vnni", "armv6", "neon" (on AArch64 for the out-of-order Cortex-A72), "neon_a53"
  // (for the in-order Cortex-A53), "dotprod" (for the Cortex-A76).
  const char *name;
  // Panel widths that the products take. The scalar versions take any width up to 32.
  size_t f32_nr, i8_nr;
  // Whether int8 products are faster over rows with flipped sign bits.
  bool i8_flips;

  bk_gemm_kernels gemm;
  bk_spatial_kernels spatial;
  bk_recurrent_kernels recurrent;
  bk_row_kernels rows;
  bk_elementwise_kernels elementwise;
  bk_quantized_kernels quantized;
} bk_kernels;

// The table of that name; NULL when this build or this CPU has not got it.
const bk_kernels *bk_kernels_named(const char *name);

// The fastest table for this CPU's features and kind of core, or the one that BRAMBLE_ISA names
// ("generic" means scalar). An unknown or unavailable name falls back to scalar, which is always right.
const bk_kernels *bk_kernels_select(void);

// The portable table, which takes panels of any width.
const bk_kernels *bk_kernels_portable(void);

// The table at a position, each behind those that it borrows kernels from; NULL past the last one. For
// profiles and tests.
const bk_kernels *bk_kernels_at(size_t position);

#endif
