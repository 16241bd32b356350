#include "../include/CKernels.h"

// The units [unit, unit + units) of one thread, whose columns are [first, first + columns).
typedef struct {
  size_t unit, units, first, columns;
} share;

static share share_of(size_t units, uint32_t part, uint32_t parts) {
  const size_t block = BK_I8_LSTM_BLOCK, blocks = (units + block - 1) / block;
  size_t from = blocks * part / parts * block, to = blocks * (part + 1) / parts * block;
  size_t end = to < units ? to : units;
  return (share){from, end > from ? end - from : 0, 4 * from, 4 * (to - from)};
}

// The thread's columns of `rows` products.
static void multiply(
    const bk_i8_lstm_args *l, const bk_i8_gate_matrix *m, share s, size_t rows, const int8_t *a) {
  const size_t run = (m->k + BK_I8_K_ALIGNMENT - 1) / BK_I8_K_ALIGNMENT * BK_I8_K_ALIGNMENT;
  bk_i8_i32_gemm_args args = {
      .product =
          {.m = rows,
           .n = s.columns,
           .a = {.a = a, .stride = m->k, .segments = 1, .k = m->k},
           .b = m->weights + s.first * run,
           .b_sum = m->sums + s.first,
           .nr = m->nr},
      .bias = m->bias + s.first, .c = l->sums + s.first, .c_stride = m->n};
  l->kernels->gemm.i8_i32_gemm(&args);
}

// The input's part of the gates, some rows at a time.
static void input_gates(const bk_i8_lstm_args *l, size_t sample, share s) {
  const bk_i8_gate_matrix *m = &l->input;
  const size_t count = l->repeated ? 1 : l->steps;
  const int8_t *x = l->x + sample * count * l->inputs;
  for (size_t row = 0; row < count; row += l->rows) {
    size_t rows = l->rows < count - row ? l->rows : count - row;
    multiply(l, m, s, rows, x + row * l->inputs);
    for (size_t i = 0; i < rows; i++)
      l->kernels->quantized.i8_gates(
          1, s.columns, l->sums + i * m->n + s.first, m->multiplier + s.first, m->shift + s.first,
          l->gates + (row + i) * m->n + s.first);
  }
}

static void run_sample(
    const bk_i8_lstm_args *l, size_t sample, share s, uint32_t part, uint32_t parts) {
  const int8_t zero = (int8_t)l->cell.h_zero;
  int16_t *c = l->c + s.unit;
  int8_t *kept = NULL;
  if (l->kept) {
    c += sample * l->state_stride;
    kept = l->kept + sample * l->state_stride + s.unit;
  }
  // Kept values are counted from the zero point, so that cleared memory is the state at the start.
  for (size_t i = 0; i < s.units; i++) {
    if (!kept) c[i] = 0;
    l->start[s.unit + i] = (int8_t)(zero + (kept ? kept[i] : 0));
  }
  if (s.units) input_gates(l, sample, s);
  if (parts > 1) l->barrier(l->pool, part, parts);
  bk_i8_lstm_cell_args cell = l->cell;
  cell.units = s.units;
  cell.sums = l->sums + s.first;
  cell.multiplier = l->recurrent.multiplier + s.first;
  cell.shift = l->recurrent.shift + s.first;
  cell.c = c;
  const int8_t *h = l->start;
  for (size_t step = 0; step < l->steps; step++) {
    size_t time = l->reversed ? l->steps - 1 - step : step;
    int8_t *y = l->y + (sample * l->steps + time) * l->units;
    if (s.units) {
      multiply(l, &l->recurrent, s, 1, h);
      cell.input = l->gates + (l->repeated ? 0 : time * l->input.n) + s.first;
      cell.h = y + s.unit;
      l->kernels->quantized.i8_lstm_cell(&cell);
    }
    if (parts > 1) l->barrier(l->pool, part, parts);
    h = y;
  }
  if (kept)
    for (size_t i = 0; i < s.units; i++) kept[i] = (int8_t)(h[s.unit + i] - zero);
}

void bk_i8_lstm_run(void *context, uint32_t part, uint32_t parts) {
  const bk_i8_lstm_args *l = context;
  share s = share_of(l->units, part, parts);
  for (size_t sample = 0; sample < l->batch; sample++) run_sample(l, sample, s, part, parts);
}
