// Matrix products with weights packed in panels, and the packing itself.
#ifndef BRAMBLE_BK_GEMM_H
#define BRAMBLE_BK_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Input values that are multiplied together in one group of an int8 panel: what one dot-product
// instruction consumes per lane.
#define BK_I8_KR 4
// `k` of an int8 product is padded with zero weights to a multiple of this.
#define BK_I8_K_ALIGNMENT 8

// C[m, n] = clamp(A[m, k] . B[k, n] + bias[n], low, high), all float32.
//
// `b` holds ceil(n / nr) panels of [k][nr] floats, columns past n being zero. `bias` (or NULL for
// zeros) is readable up to n rounded up to nr, and may be the row of C itself when m is 1.
typedef struct {
  size_t m, n, k;
  const float *a;
  size_t a_stride;
  const float *b;
  const float *bias;
  float *c;
  size_t c_stride;
  float low, high;
  size_t nr;
} bk_f32_gemm_args;

// C[m, n] = clamp(float(A[m, k] . B[k, n]) * (a_scale[m] * b_scale[n]) + bias[n], low, high).
//
// A holds values of [-127, 127]; its rows are readable up to k rounded up to BK_I8_K_ALIGNMENT, whatever
// stands there. `b` holds ceil(n / nr) panels of [k / 4][nr][4] values of [-127, 127], zero past k
// and n. `b_sum` is the sum over k of each column, `b_scale`, `b_sum` and `bias` are readable up
// to n rounded up to nr. Row i uses a_scale[i * a_scale_stride].
// The sums are exact in int32 for k up to 133,000, so all versions give the same bits.
typedef struct {
  size_t m, n, k;
  const int8_t *a;
  size_t a_stride;
  const float *a_scale;
  size_t a_scale_stride;
  const int8_t *b;
  const float *b_scale;
  const int32_t *b_sum;
  const float *bias;
  float *c;
  size_t c_stride;
  float low, high;
  size_t nr;
} bk_i8_gemm_args;

// Packs B for `bk_f32_gemm`: element (k, n) is read from b[k * k_stride + n * n_stride].
void bk_f32_pack(
    size_t n, size_t k, const float *b, size_t k_stride, size_t n_stride, size_t nr, float *packed);

// Packs B for `bk_i8_gemm` and sums its columns; false when a value is -128, which no kernel takes.
bool bk_i8_pack(
    size_t n, size_t k, const int8_t *b, size_t k_stride, size_t n_stride, size_t nr, int8_t *packed,
    int32_t *sums);

// Floats that `bk_f32_pack` writes.
size_t bk_f32_packed_count(size_t n, size_t k, size_t nr);
// Bytes that `bk_i8_pack` writes; the sums are n rounded up to nr values.
size_t bk_i8_packed_count(size_t n, size_t k, size_t nr);

#endif
