#include <string.h>

#include "../include/CKernels.h"
#include "../templates/gemm_rows.h"

static size_t round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

// Rows of floats, and where their quantized form is or goes.
typedef struct {
  size_t count;
  const float *floats;
  size_t stride;
  int8_t *values;
  float *scales;
  int32_t *sums;
} rows;

static size_t quantized_stride(const bk_matrix *m) {
  return round_up(m->k, m->type == BK_WEIGHTS_I4 ? BK_I4_BLOCK : BK_I8_K_ALIGNMENT);
}

static void quantize(const bk_kernels *kernels, const bk_matrix *m, rows a, size_t first, size_t last) {
  if (m->type < BK_WEIGHTS_I8 || first == last) return;
  size_t stride = quantized_stride(m), blocks = stride / BK_I4_BLOCK;
  kernels->quantized.f32_quantize_rows(
      last - first, m->k, a.floats + first * a.stride, a.stride, a.values + first * stride, stride,
      a.scales + first);
  if (m->type == BK_WEIGHTS_I4)
    bk_i8_block_sums(
        last - first, m->k, a.values + first * stride, stride, a.sums + first * blocks);
}

// Columns [n0, n0 + n) of A . B + bias, where n0 begins a panel and `c` is the whole row's beginning.
static void multiply(
    const bk_kernels *kernels, const bk_matrix *m, rows a, const float *bias, size_t n0, size_t n,
    float *c, size_t c_stride) {
  const float high = __builtin_inff();
  if (bias) bias += n0;
  c += n0;
  size_t stride = quantized_stride(m);
  if (m->type == BK_WEIGHTS_I4) {
    size_t bytes = (16 + sizeof(float)) * (stride / BK_I4_BLOCK);
    bk_i4_f32_gemm_args args = {
        .m = a.count, .n = n, .k = m->k, .a = a.values, .a_stride = stride, .a_scale = a.scales,
        .a_sums = a.sums, .b = (const uint8_t *)m->weights + n0 * bytes, .bias = bias, .c = c,
        .c_stride = c_stride, .low = -high, .high = high, .nr = m->nr};
    kernels->gemm.i4_f32_gemm(&args);
    return;
  }
  if (m->type == BK_WEIGHTS_I8) {
    bk_i8_f32_gemm_args args = {
        .product =
            {.m = a.count,
             .n = n,
             .a = {.a = a.values, .stride = stride, .segments = 1, .k = m->k},
             .b = (const int8_t *)m->weights + n0 * stride,
             .b_sum = m->sums + n0,
             .nr = m->nr},
        .a_scale = a.scales, .a_scale_stride = 1, .b_scale = m->scales + n0, .bias = bias, .c = c,
        .c_stride = c_stride, .low = -high, .high = high};
    kernels->gemm.i8_f32_gemm(&args);
    return;
  }
  size_t size = m->type == BK_WEIGHTS_F16 ? sizeof(uint16_t) : sizeof(float);
  bk_float_gemm_args args = {
      .m = a.count, .n = n, .a = {.a = a.floats, .stride = a.stride, .segments = 1, .k = m->k},
      .b = (const char *)m->weights + n0 * m->k * size, .bias = bias, .c = c, .c_stride = c_stride,
      .low = -high, .high = high, .nr = m->nr};
  (m->type == BK_WEIGHTS_F16 ? kernels->gemm.f16_gemm : kernels->gemm.f32_gemm)(&args);
}

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
  rows x = {count, l->x + sample * count * l->inputs, l->inputs, l->quantized, l->row_scales, l->block_sums};
  if (m->type >= BK_WEIGHTS_I8) {
    quantize(l->kernels, m, x, count * part / parts, count * (part + 1) / parts);
    meet(l, part, parts);
  }
  if (s.first < s.last)
    multiply(
        l->kernels, m, x, m->bias, s.first * columns, (s.last - s.first) * columns, l->gates, m->n);
}

// Where this thread quantizes a state: on cache lines of its own.
static rows state_rows(const bk_recurrent_args *l, uint32_t part, const float *h) {
  size_t inputs = l->repeated ? 1 : l->steps, stride = quantized_stride(&l->recurrent);
  size_t after = round_up(inputs * quantized_stride(&l->input), 64);
  size_t blocks = inputs * (quantized_stride(&l->input) / BK_I4_BLOCK);
  return (rows){
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
  rows h = {1, step->h, l->units, (int8_t *)step->quantized, (float *)step->scale, (int32_t *)step->sums};
  multiply(
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
  rows quantized = state_rows(l, part, h);
  quantize(l->kernels, &l->recurrent, quantized, 0, 1);
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
  rows quantized = state_rows(l, part, h);
  quantize(l->kernels, &l->recurrent, quantized, 0, 1);
  if (s.units) {
    multiply(
        l->kernels, &l->recurrent, quantized, l->recurrent.bias, gates * u, gates * count, row,
        l->recurrent.n);
    k->f32_gru_gates(
        s.units, l->block, x + 3 * u, row + gates * u, gates, resets_first ? h + u : NULL,
        l->update + u, l->reset + u);
  }
  if (resets_first) {
    meet(l, part, parts);
    rows reset = state_rows(l, part, l->reset);
    quantize(l->kernels, &l->candidate, reset, 0, 1);
    candidate = row + l->recurrent.n;
    if (s.units)
      multiply(l->kernels, &l->candidate, reset, NULL, u, count, candidate, l->candidate.n);
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
