// The int4 product around the sums of one block. The including file defines BK_NAME, BK_I4_QUADS (fours of
// columns of a panel) and, before the inclusion, the type bk_i4_rows with
//
//   BK_INLINE bk_i4_rows bk_i4_load(const int8_t *a);     a block of 32 values of A
//   BK_INLINE int32x4_t bk_i4_quad(const uint8_t *b, bk_i4_rows a);
//
// which gives the sums of four columns; their bytes stand 16 * BK_I4_QUADS apart for each four of k.
#include "../templates/gemm_rows.h"

#define BK_I4_NR (4 * BK_I4_QUADS)
#define BK_I4_BYTES (BK_I4_NR * (BK_I4_BLOCK / 2 + sizeof(float)))

BK_INLINE void BK_NAME(bk_i4_store)(
    const bk_i4_f32_gemm_args *args, size_t m, size_t n0, const float32x4_t y[BK_I4_QUADS]) {
  float *c = args->c + m * args->c_stride + n0;
  float lanes[BK_I4_NR];
  for (size_t q = 0; q < BK_I4_QUADS; q++) {
    float32x4_t v = vmulq_n_f32(y[q], args->a_scale[m]);
    v = vaddq_f32(v, args->bias ? vld1q_f32(args->bias + n0 + 4 * q) : vdupq_n_f32(0));
    v = vmaxq_f32(v, vdupq_n_f32(args->low));
    vst1q_f32(lanes + 4 * q, vminq_f32(v, vdupq_n_f32(args->high)));
  }
  size_t left = args->n - n0;
  memcpy(c, lanes, (left < BK_I4_NR ? left : BK_I4_NR) * sizeof(float));
}

BK_INLINE void BK_NAME(bk_i4_tile)(
    const bk_i4_f32_gemm_args *args, size_t m, size_t n0, size_t blocks) {
  const uint8_t *b = args->b + n0 / BK_I4_NR * blocks * BK_I4_BYTES;
  const int8_t *a = args->a + m * args->a_stride;
  float32x4_t y[BK_I4_QUADS];
#pragma clang loop unroll(full)
  for (size_t q = 0; q < BK_I4_QUADS; q++) y[q] = vdupq_n_f32(0);
  for (size_t i = 0; i < blocks; i++, a += BK_I4_BLOCK, b += BK_I4_BYTES) {
    BK_LOOP_OF_TILE("i4", 1, BK_I4_NR);
    bk_i4_rows x = bk_i4_load(a);
    // The values are stored with 8 added.
    int32x4_t excess = vdupq_n_s32(8 * args->a_sums[m * blocks + i]);
    const float *scales = (const float *)(b + BK_I4_NR * (BK_I4_BLOCK / 2));
#pragma clang loop unroll(full)
    for (size_t q = 0; q < BK_I4_QUADS; q++) {
      int32x4_t sum = vsubq_s32(bk_i4_quad(b + 16 * q, x), excess);
      y[q] = vaddq_f32(y[q], vmulq_f32(vcvtq_f32_s32(sum), vld1q_f32(scales + 4 * q)));
    }
  }
  BK_NAME(bk_i4_store)(args, m, n0, y);
}

void BK_NAME(bk_i4_f32_gemm)(const bk_i4_f32_gemm_args *args) {
  const size_t blocks = (args->k + BK_I4_BLOCK - 1) / BK_I4_BLOCK;
  for (size_t n0 = 0; n0 < args->n; n0 += BK_I4_NR)
    for (size_t m = 0; m < args->m; m++) BK_NAME(bk_i4_tile)(args, m, n0, blocks);
}
