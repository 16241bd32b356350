// The table of kernels of one instruction set, and how it is chosen.
#ifndef BRAMBLE_BK_TABLE_H
#define BRAMBLE_BK_TABLE_H

#include "bk_elementwise.h"
#include "bk_gemm.h"
#include "bk_spatial.h"

typedef struct {
  // "scalar", "avx2", "avx512vnni", "neon", "dotprod".
  const char *name;
  // Panel widths that the products below take. The scalar versions take any width up to 32.
  size_t f32_nr, i8_nr;

  void (*f32_gemm)(const bk_f32_gemm_args *args);
  void (*i8_gemm)(const bk_i8_gemm_args *args);
  // Symmetric, per row: scale = max|x| / 127, q = round_half_away(x * (127 / max|x|)); a row of zeros has scale 0.
  // Writes zeros from k to q_stride.
  void (*f32_quantize_rows)(
      size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
      float *scales);
  // gates [4 * units] in the order i, f, g, o before their activations; c and h are updated.
  void (*f32_lstm_cell)(size_t units, const float *gates, float *c, float *h);
  void (*f32_unary)(bk_unary_kind kind, size_t count, const float *x, float *y);
  void (*f32_binary)(
      bk_binary_kind kind, const bk_broadcast *walk, const float *a, const float *b, float *y);
  void (*f32_clamp)(size_t count, float low, float high, float *y);
  // exp(beta * (x - max)) / sum, for each row of `columns`.
  void (*f32_softmax)(size_t rows, size_t columns, float beta, const float *x, float *y);
  // y[outer][inner] = scale * sum of x[outer][reduced][inner].
  void (*f32_sum)(
      size_t outer, size_t reduced, size_t inner, float scale, const float *x, float *y);
  void (*f32_maximum)(size_t outer, size_t reduced, size_t inner, const float *x, float *y);
  void (*f32_depthwise)(const bk_f32_depthwise_args *args);
  void (*f32_pool)(const bk_f32_pool_args *args);
} bk_kernels;

// The table of that name; NULL when this build or this CPU has not got it.
const bk_kernels *bk_kernels_named(const char *name);

// The fastest table that this CPU runs, or the one that BRAMBLE_ISA names ("armv6" and "generic"
// mean scalar). An unknown or unavailable name falls back to scalar, which is always right.
const bk_kernels *bk_kernels_select(void);

// The portable table, which takes panels of any width.
const bk_kernels *bk_kernels_portable(void);

// The table at a position, in order of preference from the slowest; NULL past the last one. For tests.
const bk_kernels *bk_kernels_at(size_t position);

#endif
