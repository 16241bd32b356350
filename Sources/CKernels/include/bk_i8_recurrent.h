// An integer LSTM (TFLite's 8x8->16), all steps of a sequence in one call.
#ifndef BRAMBLE_BK_I8_RECURRENT_H
#define BRAMBLE_BK_I8_RECURRENT_H

#include "bk_quantized.h"
#include "bk_recurrent.h"

// Packed columns in the order of the cells' gates, and what turns their sums into gates of Q3.12.
typedef struct {
  size_t n, k, nr;
  const int8_t *weights;
  const int32_t *sums, *bias, *multiplier, *shift;
} bk_i8_gate_matrix;

// One layer over batch * steps vectors of `inputs` values. Several threads each take blocks of units, with weights that
// stay in their own cache, and meet once a step.
typedef struct {
  const struct bk_kernels *kernels;
  bk_i8_gate_matrix input, recurrent;
  size_t batch, steps, inputs, units;
  bool reversed;
  // The same vector comes at every step: x is [batch][inputs].
  bool repeated;
  const int8_t *x;
  int8_t *y;
  // The cells' scales and bounds; operands are filled in for each step.
  bk_i8_lstm_cell_args cell;
  // Cells of each sample, `state_stride` apart, and the last h less its zero point; `kept` is NULL where both start
  // from zero: then there is one row of cells.
  int16_t *c;
  int8_t *kept;
  size_t state_stride;
  // The state before the first step, readable as rows of products are.
  int8_t *start;
  // Sums of `rows` rows, and the input's part of all gates: [steps, or 1 when repeated][n].
  size_t rows;
  int32_t *sums;
  int16_t *gates;
  struct bp_pool *pool;
  void (*barrier)(struct bp_pool *pool, uint32_t part, uint32_t parts);
} bk_i8_lstm_args;

// What one thread of `parts` does; the results are the same for any number.
void bk_i8_lstm_run(void *args, uint32_t part, uint32_t parts);

#endif
