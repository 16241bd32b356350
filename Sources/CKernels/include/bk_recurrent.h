// Recurrent layers: LSTM and GRU, all steps of a sequence in one call.
#ifndef BRAMBLE_BK_RECURRENT_H
#define BRAMBLE_BK_RECURRENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { BK_WEIGHTS_F32 = 0, BK_WEIGHTS_F16 = 1, BK_WEIGHTS_I8 = 2, BK_WEIGHTS_I4 = 3 } bk_weight_type;

// A packed matrix: panels as the product of its type takes them. Scales and sums belong to int8.
typedef struct {
  bk_weight_type type;
  size_t n, k, nr;
  const void *weights;
  const float *scales;
  const int32_t *sums;
  const float *bias;
} bk_matrix;

struct bk_kernels;
struct bp_pool;

// One layer over batch * steps vectors of `inputs` values.
//
// The columns of the matrices go by blocks of `block` units: all gates of the first block one after the
// other (LSTM: i, f, g, o; GRU: z, r, h), then those of the next; units past the last one are zero. So
// whoever multiplies a range of blocks has all that their cells take, and several threads each work
// on blocks of their own, with weights that stay in their own cache.
typedef struct {
  const struct bk_kernels *kernels;
  // W with the biases, R with what is added inside the gates (GRU, reset after), and the candidate's part
  // of R where the state is reset before the product: then R has the gates z and r alone.
  bk_matrix input, recurrent, candidate;
  size_t batch, steps, inputs, units, block;
  bool reversed;
  // The same vector comes at every step: x is [batch][inputs].
  bool repeated;
  const float *x;
  float *y;
  // State at the start: [batch] rows of `state_stride` floats, as units rounded up to whole blocks. `h` is
  // also where the last output is left; without `keeps_state` both start from zero in one row.
  float *h, *c;
  size_t state_stride;
  bool keeps_state;
  // Products of W, [steps, or 1 when repeated][gates * padded units], and one such row for R.
  float *gates, *row;
  // Rows of x quantized, and for each thread one of the state (and one for the candidate's input).
  int8_t *quantized;
  float *row_scales;
  int32_t *block_sums;
  // GRU: what the candidate's product reads (r * h), or r * (R h); then z.
  float *reset, *update;
  struct bp_pool *pool;
  void (*barrier)(struct bp_pool *pool, uint32_t part, uint32_t parts);
} bk_recurrent_args;

// What one thread of `parts` does; the results are the same for any number.
void bk_lstm_run(void *args, uint32_t part, uint32_t parts);
void bk_gru_run(void *args, uint32_t part, uint32_t parts);

// One step for the blocks [first, last): products with h (or its int8 values, scale and
// block sums), added to the row
// `x` of W's products, then the cells. `backward` takes the blocks from the last one on: what the
// step before has read last is still in the cache.
typedef struct {
  const bk_recurrent_args *layer;
  size_t first, last;
  bool backward;
  const float *h;
  const int8_t *quantized;
  const float *scale;
  const int32_t *sums;
  const float *x;
  float *c;
  float *y;
} bk_lstm_step;

typedef struct {
  void (*f32_lstm_step)(const bk_lstm_step *step);
  // Gates in blocks, each [4][block], before their activations; c and h are updated. `units` may end
  // within a block.
  void (*f32_lstm_cell)(size_t units, size_t block, const float *gates, float *c, float *h);
  // update = sigmoid(x_z + r_z), reset = sigmoid(x_r + r_r) * v: x in blocks of [3][block], r in blocks of
  // [r_gates][block]; v is r's own third gate when `v` is NULL. The last three are plain rows.
  void (*f32_gru_gates)(
      size_t units, size_t block, const float *x, const float *r, size_t r_gates, const float *v,
      float *update, float *reset);
  // y = update * h + (1 - update) * tanh(x_h + candidate), with the candidate in a plain row.
  void (*f32_gru_blend)(
      size_t units, size_t block, const float *x, const float *candidate, const float *update,
      const float *h, float *y);
} bk_recurrent_kernels;

// The step out of the table's product and cell: what a table has that fuses neither.
void bk_f32_lstm_step__scalar(const bk_lstm_step *step);

#endif
