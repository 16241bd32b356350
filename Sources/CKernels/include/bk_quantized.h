// From float to int8 at run time, and arithmetic on int8 as TFLite's reference kernels define it:
// every operand has a zero point, every change of scale is an integer multiplication with rounding. All versions
// give the same bits.
#ifndef BRAMBLE_BK_QUANTIZED_H
#define BRAMBLE_BK_QUANTIZED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bk_elementwise.h"

// A real factor: multiplier * 2^(shift - 31). A value is shifted left (shift > 0), multiplied keeping
// the high half of the doubled product, rounded half up, then shifted right (shift < 0), ties away from zero.
typedef struct {
  int32_t multiplier, shift;
} bk_scale;

// y = clamp(y_scale(combine(a_scale((a - a_zero) << left), b_scale((b - b_zero) << left))) + y_zero).
// A product and a quotient take their operands unscaled; minimum and maximum compare values as they are; a PReLU
// scales what it keeps by a_scale and its products by y_scale.
typedef struct {
  bk_binary_kind kind;
  bk_broadcast walk;
  int32_t a_zero, b_zero, y_zero;
  int32_t left;
  bk_scale a_scale, b_scale, y_scale;
  int32_t low, high;
  const int8_t *a, *b;
  int8_t *y;
} bk_i8_binary_args;

// y[outer][inner] = clamp(scale(sum of x[outer][reduced][inner] - zero_sum) + y_zero), at most 2^22 reduced.
typedef struct {
  size_t outer, reduced, inner;
  int32_t zero_sum, y_zero;
  bk_scale scale;
  const int8_t *x;
  int8_t *y;
} bk_i8_sum_args;

// y[m][n] = clamp(scale(sum over k of (a[m][k] - a_zero) * (b[k][n] - b_zero)) + y_zero), where both operands are
// computed at run time: b is read by strides. `packed` has room for bk_i8_matmul_scratch bytes.
typedef struct {
  size_t m, n, k;
  const int8_t *a, *b;
  size_t a_row, a_column, b_row, b_column;
  int32_t a_zero, b_zero, y_zero;
  bk_scale scale;
  int8_t *y;
  void *packed;
} bk_i8_matmul_args;

size_t bk_i8_matmul_scratch(size_t m, size_t n, size_t k);

// Units whose gates stand side by side in an integer LSTM, so that every panel's width divides their columns.
#define BK_I8_LSTM_BLOCK 16

// One step of an integer LSTM of `units`, gates in the order i, f, g, o, in blocks of [4][BK_I8_LSTM_BLOCK]. `sums` are
// the recurrent products, `multiplier` and `shift` turn them into Q3.12; `input` is the input's part of the gates. The
// state c counts in units of 2^exponent and stays within low and high; h = output gate * tanh(c), rescaled.
typedef struct {
  size_t units;
  const int32_t *sums, *multiplier, *shift;
  const int16_t *input;
  int32_t exponent, low, high;
  bk_scale h_scale;
  int32_t h_zero;
  int16_t *c;
  int8_t *h;
} bk_i8_lstm_cell_args;

typedef struct {
  // Symmetric, per row: scale = max|x| / 127, q = round_half_away(x * (127 / max|x|)); a row of zeros has scale 0.
  // Writes zeros from k to q_stride.
  void (*f32_quantize_rows)(
      size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
      float *scales);
  void (*i8_binary)(const bk_i8_binary_args *args);
  // y = table[x + 128].
  void (*i8_table)(size_t count, const int8_t *table, const int8_t *x, int8_t *y);
  // For each row of `columns`: exps[255 - (max - x)] over their sum, as int8 with scale 1/256 and zero point
  // -128. The sum is taken in the row's order in single precision.
  void (*i8_softmax)(
      size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y);
  void (*i8_sum)(const bk_i8_sum_args *args);
  void (*i8_matmul)(const bk_i8_matmul_args *args);
  // Rows of n sums as saturated int16, each column by its own multiplier and shift.
  void (*i8_gates)(
      size_t rows, size_t n, const int32_t *sums, const int32_t *multiplier, const int32_t *shift,
      int16_t *gates);
  void (*i8_lstm_cell)(const bk_i8_lstm_cell_args *args);
} bk_quantized_kernels;

// What a table of 256 is made from.
typedef struct {
  float x_scale, y_scale;
  int32_t x_zero, y_zero;
  // The x's scale over y's.
  bk_scale rescale;
  int32_t low, high;
} bk_i8_function;

// The int8 result of `kind` for every int8 value, from -128 on; TFLite's own way for each kind.
void bk_i8_unary_table(bk_unary_kind kind, const bk_i8_function *function, int8_t *table);

// The same numbers with another scale and zero point.
void bk_i8_rescale_table(const bk_i8_function *function, int8_t *table);

// exps[255 - d] = exp(-scale * d) for d from 0 to 255.
void bk_i8_softmax_table(float scale, float *exps);

#endif
