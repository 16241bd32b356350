// Softmax, sums and products of rows of int8. Included once per instruction set.
#include "fixed_point.h"
#include "i8_vector.h"

// The sum of a row's exponentials in Q12.19, turned into 1 / sum as a factor of [1/2, 1] and a shift.
BK_INLINE int32_t BK_NAME(bk_i8_softmax_factor)(int32_t sum, int32_t *shift) {
  int32_t zeros = __builtin_clz((uint32_t)sum);
  *shift = 12 - zeros + 31 - 8;
  return bk_fixed_reciprocal((int32_t)(((uint32_t)sum << zeros) - (1u << 31)));
}

static void BK_NAME(bk_i8_softmax)(
    size_t rows, size_t columns, const int32_t *exps, const int8_t *x, int8_t *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    int32_t largest = -128, sum = 0, shift;
    for (size_t i = 0; i < columns; i++) largest = x[i] > largest ? x[i] : largest;
    for (size_t i = 0; i < columns; i++) sum += bk_round_shift(exps[largest - x[i]], 12);
    int32_t factor = BK_NAME(bk_i8_softmax_factor)(sum, &shift), half = 1 << (shift - 1);
    for (size_t i = 0; i < columns; i += 8) {
      size_t lanes = columns - i < 8 ? columns - i : 8;
      bk_i32x8 v = (bk_i32x8)0;
      for (size_t lane = 0; lane < lanes; lane++) v[lane] = exps[largest - x[i + lane]];
      // Nothing here is negative. What the half would carry past 2^31 is 1, and so is what the minimum leaves of it.
      v = __builtin_elementwise_min(bk_doubling_high_multiply(v, (bk_i32x8)factor), (bk_i32x8)(INT32_MAX - half));
      bk_i8_store_part(y + i, bk_i32_clamp(((v + half) >> shift) - 128, -128, 127), lanes);
    }
  }
}

static void BK_NAME(bk_i8_sum)(const bk_i8_sum_args *args) {
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
