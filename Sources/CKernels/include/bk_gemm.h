// Matrix products with weights packed in panels, and the packing itself.
#ifndef BRAMBLE_BK_GEMM_H
#define BRAMBLE_BK_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Input values that are multiplied together in one group of an int8 panel: what one dot-product
// instruction consumes per lane.
#define BK_I8_KR 4
// Each run of an int8 product is padded with zero weights to a multiple of this.
#define BK_I8_K_ALIGNMENT 8
// Values along k that share one scale in int4 weights; their k is padded with zeros to a multiple of it.
#define BK_I4_BLOCK 32
#define BK_I4_BLOCK_BYTES 20

// Where the rows of A begin and which runs of it they read. Offsets are in elements. Indirect
// convolutions give every output position by `rows` and every kernel row (or tap) as a segment.
typedef struct {
  const void *a;
  // Row i begins at a + i * stride when `rows` is NULL, else at a + rows[i].
  size_t stride;
  const int32_t *rows;
  // A row is `segments` runs of k contiguous values (1 for a plain matrix); run s begins
  // segment_offsets[s] after the row's beginning. NULL means that all begin there.
  size_t segments;
  const int32_t *segment_offsets;
  size_t k;
  // int8 values have their sign bit flipped; only where the table says that products want them so.
  bool flipped;
} bk_rows;

// C[m, n] = clamp(A[m, segments * k] . B[segments * k, n] + bias[n], low, high) in float32.
//
// `b` holds ceil(n / nr) panels of [segments][k][nr], columns past n being zero: float32 for
// `f32_gemm`, bits of binary16 for `f16_gemm`. `bias` (or NULL for zeros) is readable up to n
// rounded up to nr, and may be the row of C itself when m is 1.
typedef struct {
  size_t m, n;
  bk_rows a;
  const void *b;
  const float *bias;
  float *c;
  size_t c_stride;
  float low, high;
  size_t nr;
} bk_float_gemm_args;

// The sums of A . B in int32, exact for segments * k up to 131,072.
//
// A holds any int8; every run of it is readable up to k rounded up to BK_I8_K_ALIGNMENT, whatever
// stands there. `b` holds ceil(n / nr) panels of [segments][k / 4][nr][4] values of [-127, 127],
// zero past k and n. `b_sum` is the sum of each column, readable up to n rounded up to nr.
typedef struct {
  size_t m, n;
  bk_rows a;
  const int8_t *b;
  const int32_t *b_sum;
  size_t nr;
} bk_i8_product;

// Three results of one product. What belongs to a column is readable up to n rounded up to nr;
// `bias` may be NULL for zeros.

// Dynamic range: c = clamp(float(sum) * (b_scale[n] * a_scale[m * a_scale_stride]) + bias[n], low, high),
// uncontracted, so all versions give the same bits. `bias` may be the row of C itself when m is 1.
typedef struct {
  bk_i8_product product;
  const float *a_scale;
  size_t a_scale_stride;
  const float *b_scale;
  const float *bias;
  float *c;
  size_t c_stride;
  float low, high;
} bk_i8_f32_gemm_args;

// Full int8: c = clamp(requantized(sum + bias[n]) + zero, low, high) with the reference rounding of
// TFLite (templates/requantize.h). `bias` is folded: b[n] - zero of A * sum of column n. `shift` is
// that of TFLite's QuantizeMultiplier: to the left when positive. `once` rounds the product and the
// shift together, half up, as LiteRT does in fully connected layers alone.
typedef struct {
  bk_i8_product product;
  const int32_t *bias;
  const int32_t *multiplier;
  const int32_t *shift;
  int32_t zero, low, high;
  int8_t *c;
  size_t c_stride;
  bool once;
} bk_i8_i8_gemm_args;

// c = sum + bias[n].
typedef struct {
  bk_i8_product product;
  const int32_t *bias;
  int32_t *c;
  size_t c_stride;
} bk_i8_i32_gemm_args;

// C = clamp((sum over blocks of float(a . b) * b_scale[block][n]) * a_scale[m] + bias[n], low, high),
// blocks in ascending order, uncontracted.
//
// A holds int8 rows, zero from k up to k rounded up to BK_I4_BLOCK; `a_sums` the sum of each block
// of each row ([m][blocks], `bk_i8_block_sums`). `b` holds ceil(n / nr) panels of one block after
// another; a block is 16 * nr bytes of values and nr floats of scales. Byte [j][column][t] of the values has
// 8 + the value of k = 4 * j + t in its low and of k = 16 + 4 * j + t in its high four bits; values are
// of [-7, 7].
typedef struct {
  size_t m, n, k;
  const int8_t *a;
  size_t a_stride;
  const float *a_scale;
  const int32_t *a_sums;
  const uint8_t *b;
  const float *bias;
  float *c;
  size_t c_stride;
  float low, high;
  size_t nr;
} bk_i4_f32_gemm_args;

// Panels are f32_nr columns wide for f32_gemm and f16_gemm, i8_nr for all others.
typedef struct {
  void (*f32_gemm)(const bk_float_gemm_args *args);
  void (*f16_gemm)(const bk_float_gemm_args *args);
  void (*i8_f32_gemm)(const bk_i8_f32_gemm_args *args);
  void (*i8_i8_gemm)(const bk_i8_i8_gemm_args *args);
  void (*i8_i32_gemm)(const bk_i8_i32_gemm_args *args);
  void (*i4_f32_gemm)(const bk_i4_f32_gemm_args *args);
} bk_gemm_kernels;

// A product and its kernel, of which each of several threads computes a part. The cut lies between
// columns or rows where tiles begin, so the results are the same for any number of parts.
typedef struct {
  bk_float_gemm_args args;
  void (*kernel)(const bk_float_gemm_args *args);
  // Bytes of a weight.
  size_t size;
} bk_float_gemm_work;
typedef struct {
  bk_i8_f32_gemm_args args;
  void (*kernel)(const bk_i8_f32_gemm_args *args);
} bk_i8_f32_gemm_work;
typedef struct {
  bk_i8_i8_gemm_args args;
  void (*kernel)(const bk_i8_i8_gemm_args *args);
} bk_i8_i8_gemm_work;
typedef struct {
  bk_i4_f32_gemm_args args;
  void (*kernel)(const bk_i4_f32_gemm_args *args);
} bk_i4_f32_gemm_work;
// `work` points to the structure of that name.
void bk_float_gemm_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_f32_gemm_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_i8_gemm_part(void *work, uint32_t part, uint32_t parts);
void bk_i4_f32_gemm_part(void *work, uint32_t part, uint32_t parts);

// Packs B for `f32_gemm`: element (k, n) is read from b[k * k_stride + n * n_stride]. Segments follow
// each other along k.
void bk_f32_pack(
    size_t n, size_t k, const float *b, size_t k_stride, size_t n_stride, size_t nr, float *packed);
// The same for the bits of binary16 numbers.
void bk_f16_pack(
    size_t n, size_t k, const uint16_t *b, size_t k_stride, size_t n_stride, size_t nr,
    uint16_t *packed);

// Packs B for the int8 products and sums its columns; false when a value is -128, which no kernel
// takes. Element (s, k, n) is read from b[(s * k's extent + k) * k_stride + n * n_stride].
bool bk_i8_pack(
    size_t n, size_t segments, size_t k, const int8_t *b, size_t k_stride, size_t n_stride, size_t nr,
    int8_t *packed, int32_t *sums);

// Packs B for `i4_f32_gemm` from rows of blocks as tensors hold them: b[n][blocks][BK_I4_BLOCK_BYTES], a
// little-endian float32 scale and then 16 bytes, of which byte j has 8 + value j in its low and 8 + value
// 16 + j in its high four bits. False when a value lies outside of [-7, 7] or a scale is not finite.
bool bk_i4_pack(size_t n, size_t k, const uint8_t *b, size_t nr, uint8_t *packed);

// sums[row][block] of rows of int8 that are zero up to k rounded up to BK_I4_BLOCK.
void bk_i8_block_sums(size_t rows, size_t k, const int8_t *a, size_t a_stride, int32_t *sums);

// Elements that `bk_f32_pack` and `bk_f16_pack` write; k counts all segments.
size_t bk_float_packed_count(size_t n, size_t k, size_t nr);
// Bytes that `bk_i8_pack` writes; the sums are n rounded up to nr values.
size_t bk_i8_packed_count(size_t n, size_t segments, size_t k, size_t nr);
// Bytes that `bk_i4_pack` writes.
size_t bk_i4_packed_count(size_t n, size_t k, size_t nr);

#endif
