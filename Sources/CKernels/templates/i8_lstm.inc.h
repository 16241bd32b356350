// The step of an integer LSTM behind its products (TFLite's 8x8->16). Included once per instruction set.
#include "i16_math.h"
#include "i8_vector.h"

// Eight sums to the scale of gates.
BK_INLINE bk_i32x8 BK_NAME(bk_i8_gate_half)(
    const int32_t *sums, const int32_t *multiplier, const int32_t *shift, size_t count) {
  bk_i32x8 parts[3] = {(bk_i32x8)0, (bk_i32x8)0, (bk_i32x8)0};
  size_t bytes = count * sizeof *sums;
  if (count == 8) bytes = sizeof parts[0];
  memcpy(&parts[0], sums, bytes);
  memcpy(&parts[1], multiplier, bytes);
  memcpy(&parts[2], shift, bytes);
  return bk_requantize(parts[0], parts[1], parts[2]);
}

// Up to sixteen gates: what their sums come to added to `before`, saturated.
BK_INLINE bk_i16x16 BK_NAME(bk_i8_gate)(
    const int32_t *sums, const int32_t *multiplier, const int32_t *shift, bk_i16x16 before,
    size_t count) {
  bk_i32x8 halves[2] = {(bk_i32x8)0, (bk_i32x8)0};
  size_t first = count < 8 ? count : 8;
  halves[0] = BK_NAME(bk_i8_gate_half)(sums, multiplier, shift, first);
  if (count > 8)
    halves[1] = BK_NAME(bk_i8_gate_half)(sums + 8, multiplier + 8, shift + 8, count - 8);
  bk_i32x16 sum;
  memcpy(&sum, halves, sizeof sum);
  sum += __builtin_convertvector(before, bk_i32x16);
  sum = __builtin_elementwise_max(sum, (bk_i32x16)(-32768));
  return __builtin_convertvector(
      __builtin_elementwise_min(sum, (bk_i32x16)(32767)), bk_i16x16);
}

BK_I8_LINKAGE void BK_NAME(bk_i8_gates)(
    size_t rows, size_t n, const int32_t *sums, const int32_t *multiplier, const int32_t *shift,
    int16_t *gates) {
  for (size_t row = 0; row < rows; row++, sums += n, gates += n)
    for (size_t i = 0; i < n; i += 16) {
      size_t count = n - i < 16 ? n - i : 16;
      bk_i16x16 none = (bk_i16x16)(int16_t)0;
      bk_i16_store(
          gates + i, BK_NAME(bk_i8_gate)(sums + i, multiplier + i, shift + i, none, count), count);
    }
}

// A product of two int16 over 2^bits, ties away from zero.
BK_INLINE bk_i32x16 BK_NAME(bk_i16_scaled_product)(bk_i16x16 a, bk_i16x16 b, int32_t bits) {
  bk_i32x16 product = __builtin_convertvector(a, bk_i32x16) * __builtin_convertvector(b, bk_i32x16);
  return (product + (1 << (bits - 1)) + (product >> 31)) >> bits;
}

BK_INLINE void BK_NAME(bk_i8_lstm_units)(
    const bk_i8_lstm_cell_args *args, const bk_scale_parts *scale, size_t u, size_t count) {
  bk_i16x16 gate[4];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < 4; g++) {
    size_t at = 4 * u + BK_I8_LSTM_BLOCK * g;
    gate[g] = BK_NAME(bk_i8_gate)(
        args->sums + at, args->multiplier + at, args->shift + at,
        bk_i16_load(args->input + at, count), count);
  }
  bk_i16x16 input = bk_i16_sigmoid(gate[0]), forget = bk_i16_sigmoid(gate[1]);
  bk_i16x16 candidate = bk_i16_tanh(gate[2], 3), output = bk_i16_sigmoid(gate[3]);
  bk_i16x16 c = bk_i16_load(args->c + u, count);
  bk_i32x16 state = BK_NAME(bk_i16_scaled_product)(forget, c, 15) +
                    BK_NAME(bk_i16_scaled_product)(input, candidate, 30 + args->exponent);
  state = __builtin_elementwise_max(state, (bk_i32x16)args->low);
  state = __builtin_elementwise_min(state, (bk_i32x16)args->high);
  c = __builtin_convertvector(state, bk_i16x16);
  bk_i16_store(args->c + u, c, count);
  bk_i16x16 seen = bk_i16_tanh(c, 15 + args->exponent);
  bk_i32x16 hidden =
      __builtin_convertvector(output, bk_i32x16) * __builtin_convertvector(seen, bk_i32x16);
  bk_i32x8 halves[2];
  memcpy(halves, &hidden, sizeof halves);
  for (size_t half = 0; half < 2 && half * 8 < count; half++) {
    bk_i32x8 h = bk_i32_rescale(halves[half], scale) + args->h_zero;
    size_t rest = count - half * 8;
    bk_i8_store_part(args->h + u + half * 8, bk_i32_clamp(h, -128, 127), rest < 8 ? rest : 8);
  }
}

BK_I8_LINKAGE void BK_NAME(bk_i8_lstm_cell)(const bk_i8_lstm_cell_args *args) {
  bk_scale_parts scale = bk_parts(args->h_scale);
  size_t u = 0;
  for (; u + 16 <= args->units; u += 16) BK_NAME(bk_i8_lstm_units)(args, &scale, u, 16);
  if (u < args->units) BK_NAME(bk_i8_lstm_units)(args, &scale, u, args->units - u);
}
