// Every entry of every table of this build, and the function that stands there. The tests find its name by its
// address and hold Kernels.md against it. Nothing is called, so tables for other CPUs are there too.
#include "kernel_check.h"
#include "portable/tables.h"

#define GEMM(X) \
  X(gemm, f32_gemm) X(gemm, f16_gemm) X(gemm, i8_f32_gemm) X(gemm, i8_i8_gemm) X(gemm, i8_i32_gemm) \
  X(gemm, i4_f32_gemm)
#define SPATIAL(X) \
  X(spatial, f32_depthwise) X(spatial, i8_depthwise) X(spatial, f32_pool) X(spatial, i8_pool) \
  X(spatial, i8_widen)
#define RECURRENT(X) \
  X(recurrent, f32_lstm_step) X(recurrent, f32_lstm_cell) X(recurrent, f32_gru_gates) \
  X(recurrent, f32_gru_blend)
#define ROWS(X) \
  X(rows, f32_layer_norm) X(rows, f32_log_softmax) X(rows, f32_l2_norm) X(rows, f32_softmax) \
  X(rows, f32_sum) X(rows, f32_maximum)
#define ELEMENTWISE(X) \
  X(elementwise, f32_unary) X(elementwise, f32_binary) X(elementwise, f32_clamp)
#define QUANTIZED(X) \
  X(quantized, f32_quantize_rows) X(quantized, i8_binary) X(quantized, i8_table) \
  X(quantized, i8_softmax) X(quantized, i8_sum) X(quantized, i8_matmul) X(quantized, i8_gates) \
  X(quantized, i8_lstm_cell)

// Whoever adds an entry to a family adds it above.
#define ONE(family, entry) +1
#define COMPLETE(type, LIST) \
  _Static_assert(sizeof(type) == (0 LIST(ONE)) * sizeof(void (*)(void)), #type " has other entries")
COMPLETE(bk_gemm_kernels, GEMM);
COMPLETE(bk_spatial_kernels, SPATIAL);
COMPLETE(bk_recurrent_kernels, RECURRENT);
COMPLETE(bk_row_kernels, ROWS);
COMPLETE(bk_elementwise_kernels, ELEMENTWISE);
COMPLETE(bk_quantized_kernels, QUANTIZED);

static const bk_kernels *const tables[] = {
    &bk_table__scalar,
#if defined(__x86_64__)
    &bk_table__avx2, &bk_table__avx512vnni,
#endif
#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
    &bk_table__armv6,
#endif
#if defined(__ARM_NEON)
    &bk_table__neon,
#endif
#if defined(__aarch64__)
    &bk_table__neon_a53, &bk_table__dotprod,
#endif
};

int list(void) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    const bk_kernels *kernels = tables[i];
#define PRINT(family, entry) \
  printf("entry %s %s %s %zx\n", kernels->name, #family, #entry, (size_t)kernels->family.entry);
    GEMM(PRINT) SPATIAL(PRINT) RECURRENT(PRINT) ROWS(PRINT) ELEMENTWISE(PRINT) QUANTIZED(PRINT)
  }
  return 0;
}
