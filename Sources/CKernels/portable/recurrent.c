#include <string.h>

#include "../templates/gemm_rows.h"
#include "recurrent_product.h"

static size_t round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

// The blocks of one thread.
typedef struct {
  size_t first, last;
  // Units from `first` on; fewer than whole blocks at the end of the layer.
  size_t unit, units;
} share;

static size_t common_multiple(size_t a, size_t b) {
  size_t multiple = a;
  while (multiple % b) multiple += a;
  return multiple;
}

// Cuts between blocks where every matrix begins a panel, and a float one a group of columns.
static share share_of(const bk_recurrent_args *l, uint32_t part, uint32_t parts) {
  size_t blocks = round_up(l->units, l->block) / l->block, step = 1;
  const bk_matrix *matrices[3] = {&l->input, &l->recurrent, &l->candidate};
  for (int i = 0; i < 3; i++) {
    if (!matrices[i]->weights) continue;
    size_t columns = matrices[i]->n / blocks;
    size_t group = matrices[i]->type < BK_WEIGHTS_I8 ? BK_ROW_COLUMNS : matrices[i]->nr;
    step = common_multiple(step, common_multiple(columns, group) / columns);
  }
  size_t steps = (blocks + step - 1) / step;
  share s = {steps * part / parts * step, steps * (part + 1) / parts * step, 0, 0};
  if (s.last > blocks) s.last = blocks;
  s.unit = s.first * l->block;
  size_t end = s.last * l->block < l->units ? s.last * l->block : l->units;
  s.units = end > s.unit ? end - s.unit : 0;
  return s;
}

static void meet(const bk_recurrent_args *l, uint32_t part, uint32_t parts) {
  if (parts > 1) l->barrier(l->pool, part, parts);
}

// The products of W for this thread's columns: of all steps, or of the one vector that is repeated.
static void multiply_inputs(
    const bk_recurrent_args *l, size_t sample, share s, uint32_t part, uint32_t parts) {
  const bk_matrix *m = &l->input;
  size_t count = l->repeated ? 1 : l->steps, columns = m->n / (round_up(l->units, l->block) / l->block);
  bk_recurrent_rows x = {
      count, l->x + sample * count * l->inputs, l->inputs, l->quantized, l->row_scales,
      l->block_sums};
  if (m->type >= BK_WEIGHTS_I8) {
    bk_recurrent_quantize(l->kernels, m, x, count * part / parts, count * (part + 1) / parts);
    meet(l, part, parts);
  }
  if (s.first < s.last)
    bk_recurrent_multiply(
        l->kernels, m, x, m->bias, s.first * columns, (s.last - s.first) * columns, l->gates, m->n);
}

// Where this thread quantizes a state: on cache lines of its own.
static bk_recurrent_rows state_rows(const bk_recurrent_args *l, uint32_t part, const float *h) {
  size_t inputs = l->repeated ? 1 : l->steps, stride = bk_recurrent_stride(&l->recurrent);
  size_t after = round_up(inputs * bk_recurrent_stride(&l->input), 64);
  size_t blocks = inputs * (bk_recurrent_stride(&l->input) / BK_I4_BLOCK);
  return (bk_recurrent_rows){
      1, h, l->units, l->quantized + after + part * round_up(stride, 64),
      l->row_scales + round_up(inputs, 16) + 16 * part, l->block_sums + blocks + part * (stride / BK_I4_BLOCK)};
}

typedef struct {
  float *h, *c;
} state;

// Where a sample's state is, this thread's part of it set to zero when none is kept.
static state begin(const bk_recurrent_args *l, size_t sample, share s) {
  size_t row = l->keeps_state ? sample * l->state_stride : 0;
  state at = {l->h + row, l->c ? l->c + row : NULL};
  if (!l->keeps_state) {
    memset(at.h + s.unit, 0, s.units * sizeof(float));
    if (at.c) memset(at.c + s.unit, 0, s.units * sizeof(float));
  }
  return at;
}

void bk_f32_lstm_step__scalar(const bk_lstm_step *step) {
  const bk_recurrent_args *l = step->layer;
  size_t columns = 4 * l->block, unit = step->first * l->block;
  size_t end = step->last * l->block < l->units ? step->last * l->block : l->units;
  bk_recurrent_rows h = {
      1, step->h, l->units, (int8_t *)step->quantized, (float *)step->scale,
      (int32_t *)step->sums};
  bk_recurrent_multiply(
      l->kernels, &l->recurrent, h, step->x, step->first * columns,
      (step->last - step->first) * columns, l->row, l->recurrent.n);
  l->kernels->recurrent.f32_lstm_cell(
      end - unit, l->block, l->row + 4 * unit, step->c + unit, step->y + unit);
}

// One step of a layer for one thread: from the state `h` and W's products `x` the next one, y.
typedef void (*step_of_layer)(
    const bk_recurrent_args *l, share s, state at, size_t step, const float *h, const float *x,
    float *y, uint32_t part, uint32_t parts);

static void lstm_step(
    const bk_recurrent_args *l, share s, state at, size_t step, const float *h, const float *x,
    float *y, uint32_t part, uint32_t parts) {
  (void)parts;
  bk_recurrent_rows quantized = state_rows(l, part, h);
  bk_recurrent_quantize(l->kernels, &l->recurrent, quantized, 0, 1);
  bk_lstm_step now = {
      l, s.first, s.last, step % 2 == 1, h, quantized.values, quantized.scales, quantized.sums, x,
      at.c, y};
  if (s.units) l->kernels->recurrent.f32_lstm_step(&now);
}

// The products of R that the gates take, what the reset gate lets
// through, and (after the others have done so too, where that is multiplied again) the new state.
static void gru_step(
    const bk_recurrent_args *l, share s, state at, size_t step, const float *h, const float *x,
    float *y, uint32_t part, uint32_t parts) {
  (void)at, (void)step;
  const bk_recurrent_kernels *k = &l->kernels->recurrent;
  const bool resets_first = l->candidate.weights != NULL;
  const size_t gates = resets_first ? 2 : 3, u = s.unit, count = (s.last - s.first) * l->block;
  float *row = l->row, *candidate = l->reset;
  bk_recurrent_rows quantized = state_rows(l, part, h);
  bk_recurrent_quantize(l->kernels, &l->recurrent, quantized, 0, 1);
  if (s.units) {
    bk_recurrent_multiply(
        l->kernels, &l->recurrent, quantized, l->recurrent.bias, gates * u, gates * count, row,
        l->recurrent.n);
    k->f32_gru_gates(
        s.units, l->block, x + 3 * u, row + gates * u, gates, resets_first ? h + u : NULL,
        l->update + u, l->reset + u);
  }
  if (resets_first) {
    meet(l, part, parts);
    bk_recurrent_rows reset = state_rows(l, part, l->reset);
    bk_recurrent_quantize(l->kernels, &l->candidate, reset, 0, 1);
    candidate = row + l->recurrent.n;
    if (s.units)
      bk_recurrent_multiply(
          l->kernels, &l->candidate, reset, NULL, u, count, candidate, l->candidate.n);
  }
  if (s.units)
    k->f32_gru_blend(
        s.units, l->block, x + 3 * u, candidate + u, l->update + u, h + u, y + u);
}

// All steps of all samples. The state moves through y, and at the end into its own place.
static void run(
    const bk_recurrent_args *l, uint32_t part, uint32_t parts, const step_of_layer run_step) {
  share s = share_of(l, part, parts);
  for (size_t sample = 0; sample < l->batch; sample++) {
    state at = begin(l, sample, s);
    multiply_inputs(l, sample, s, part, parts);
    meet(l, part, parts);
    const float *h = at.h;
    for (size_t step = 0; step < l->steps; step++) {
      size_t time = l->reversed ? l->steps - 1 - step : step;
      const float *x = l->gates + (l->repeated ? 0 : time * l->input.n);
      float *y = l->y + (sample * l->steps + time) * l->units;
      run_step(l, s, at, step, h, x, y, part, parts);
      meet(l, part, parts);
      h = y;
    }
    memcpy(at.h + s.unit, h + s.unit, s.units * sizeof(float));
  }
}

void bk_lstm_run(void *args, uint32_t part, uint32_t parts) { run(args, part, parts, lstm_step); }
void bk_gru_run(void *args, uint32_t part, uint32_t parts) { run(args, part, parts, gru_step); }
