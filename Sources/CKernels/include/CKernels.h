// The microkernels of the runtime: plain C, no allocation, no global state.
//
// Names are `bk_<type>_<operation>__<isa>`; callers never use them directly but through the table
// that `bk_kernels_select` gives. Which kernels there are, and who has which:
// Sources/Inference/Inference.docc/Kernels.md. Headers here are read by Swift's importer for targets without a
// C library, so they include nothing but the three freestanding headers below.
#ifndef BRAMBLE_CKERNELS_H
#define BRAMBLE_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bk_elementwise.h"
#include "bk_gemm.h"
#include "bk_i8_recurrent.h"
#include "bk_movement.h"
#include "bk_parts.h"
#include "bk_quantized.h"
#include "bk_recurrent.h"
#include "bk_rare.h"
#include "bk_rows.h"
#include "bk_spatial.h"
#include "bk_table.h"
#include "bk_trace.h"

#endif
