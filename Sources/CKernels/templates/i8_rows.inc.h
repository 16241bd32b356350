// Softmax, sums and products of rows of int8. Included once per instruction set.
#include "i8_vector.h"

// Eight rows side by side, so that each row's exponentials are added in their order.
BK_INLINE void BK_NAME(bk_i8_softmax_rows)(
    size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y) {
  const float *table[8];
  const int8_t *from[8];
  for (size_t row = 0; row < 8; row++) {
    const int8_t *values = from[row] = x + (row < rows ? row : 0) * columns;
    int32_t largest = -128;
    for (size_t i = 0; i < columns; i++) largest = values[i] > largest ? values[i] : largest;
    table[row] = exps + 255 - largest;
  }
  bk_f32x8 sum = bk_splat(0);
  for (size_t i = 0; i < columns; i++) {
    bk_f32x8 v;
    for (size_t row = 0; row < 8; row++) v[row] = table[row][from[row][i]];
    sum += v;
  }
  bk_f32x8 factor = 1.0f / (sum * (1.0f / 256));
  for (size_t row = 0; row < rows; row++, x += columns, y += columns)
    for (size_t i = 0; i < columns; i += 8) {
      size_t lanes = columns - i < 8 ? columns - i : 8;
      bk_f32x8 v = bk_splat(0);
      for (size_t lane = 0; lane < lanes; lane++) v[lane] = table[row][x[i + lane]];
      bk_i32x8 levels = __builtin_convertvector(v * factor[row] + 0.5f, bk_i32x8);
      bk_i8_store_part(y + i, bk_i32_clamp(levels - 128, -128, 127), lanes);
    }
}

BK_I8_LINKAGE void BK_NAME(bk_i8_softmax)(
    size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y) {
  for (size_t row = 0; row < rows; row += 8) {
    size_t count = rows - row < 8 ? rows - row : 8;
    const int8_t *from = x + row * columns;
    BK_NAME(bk_i8_softmax_rows)(count, columns, exps, from, y + row * columns);
  }
}

BK_I8_LINKAGE void BK_NAME(bk_i8_sum)(const bk_i8_sum_args *args) {
  bk_scale_parts scale = bk_parts(args->scale);
  const int8_t *x = args->x;
  int8_t *y = args->y;
  size_t reduced = args->reduced, inner = args->inner;
  for (size_t o = 0; o < args->outer; o++, x += reduced * inner, y += inner)
    for (size_t i = 0; i < inner; i += 8) {
      size_t lanes = inner - i < 8 ? inner - i : 8;
      bk_i32x8 sum = (bk_i32x8)0;
      if (inner == 1) {
        size_t r = 0;
        for (; r + 8 <= reduced; r += 8) sum += bk_i8_load(x + r);
        for (; r < reduced; r++) sum[0] += x[r];
        sum[0] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
      } else if (lanes == 8) {
        for (size_t r = 0; r < reduced; r++) sum += bk_i8_load(x + r * inner + i);
      } else {
        for (size_t r = 0; r < reduced; r++) sum += bk_i8_load_part(x + r * inner + i, lanes);
      }
      sum = bk_i32_rescale(sum - args->zero_sum, &scale) + args->y_zero;
      bk_i8_store_part(y + i, bk_i32_clamp(sum, -128, 127), lanes);
    }
}
