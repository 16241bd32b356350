// The product of two int8 matrices that are both computed at run time. Included once per instruction set.
//
// Both operands lose their zero points first, which takes nine bits: products are of int16, two of them added at
// once, as x86 has it in one instruction.
#include "i16_math.h"
#include "i8_vector.h"

typedef int16_t bk_i16x8 __attribute__((ext_vector_type(8)));

// `count` of eight values from p on, `step` apart, without their zero point; zero past the count.
BK_INLINE bk_i16x8 BK_NAME(bk_i8_matmul_values)(
    const int8_t *p, size_t step, size_t count, int32_t zero) {
  int8_t lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  bk_i8x8 v;
  if (step == 1 && count == 8) {
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, bk_i16x8) - (int16_t)zero;
  }
  for (size_t i = 0; i < count; i++) lanes[i] = p[i * step];
  memcpy(&v, lanes, sizeof v);
  const bk_i16x8 order = {0, 1, 2, 3, 4, 5, 6, 7};
  bk_i16x8 wide = __builtin_convertvector(v, bk_i16x8) - (int16_t)zero;
  return order < (int16_t)count ? wide : (bk_i16x8)(int16_t)0;
}

// b as panels of [k / 2][8 columns][2], zero past k and n.
static void BK_NAME(bk_i8_matmul_pack)(const bk_i8_matmul_args *args, int16_t *packed) {
  size_t pairs = (args->k + 1) / 2;
  for (size_t n0 = 0; n0 < args->n; n0 += 8) {
    size_t count = args->n - n0 < 8 ? args->n - n0 : 8;
    const int8_t *b = args->b + n0 * args->b_column;
    for (size_t pair = 0; pair < pairs; pair++, packed += 16, b += 2 * args->b_row) {
      bk_i16x8 first = BK_NAME(bk_i8_matmul_values)(b, args->b_column, count, args->b_zero);
      bk_i16x8 second = (bk_i16x8)(int16_t)0;
      if (2 * pair + 1 < args->k)
        second =
            BK_NAME(bk_i8_matmul_values)(b + args->b_row, args->b_column, count, args->b_zero);
      bk_i16x16 both = __builtin_shufflevector(
          first, second, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
      memcpy(packed, &both, sizeof both);
    }
  }
}

// a as rows of k rounded up to 2, zero past k.
static void BK_NAME(bk_i8_matmul_widen)(const bk_i8_matmul_args *args, int16_t *rows) {
  size_t width = (args->k + 1) / 2 * 2;
  for (size_t m = 0; m < args->m; m++, rows += width) {
    const int8_t *a = args->a + m * args->a_row;
    size_t k = 0;
    for (; k + 8 <= args->k; k += 8) {
      bk_i16x8 v = BK_NAME(bk_i8_matmul_values)(
          a + k * args->a_column, args->a_column, 8, args->a_zero);
      memcpy(rows + k, &v, sizeof v);
    }
    for (; k < args->k; k++) rows[k] = (int16_t)(a[k * args->a_column] - args->a_zero);
    if (args->k % 2) rows[args->k] = 0;
  }
}

BK_INLINE bk_i32x8 BK_NAME(bk_i16_pair_sum)(bk_i16x16 a, bk_i16x16 b) {
#if defined(BK_I16_PAIRS)
  return (bk_i32x8)BK_I16_PAIRS((__m256i)a, (__m256i)b);
#endif
  bk_i16x8 a0 = a.even, a1 = a.odd, b0 = b.even, b1 = b.odd;
  return __builtin_convertvector(a0, bk_i32x8) * __builtin_convertvector(b0, bk_i32x8) +
         __builtin_convertvector(a1, bk_i32x8) * __builtin_convertvector(b1, bk_i32x8);
}

// `rows` rows from `a` on times one panel.
BK_INLINE void BK_NAME(bk_i8_matmul_tile)(
    size_t rows, size_t pairs, const int16_t *a, const int16_t *b, bk_i32x8 *sums) {
  for (size_t row = 0; row < rows; row++) sums[row] = (bk_i32x8)0;
  for (size_t pair = 0; pair < pairs; pair++) {
    bk_i16x16 right;
    memcpy(&right, b + pair * 16, sizeof right);
    for (size_t row = 0; row < rows; row++) {
      int32_t both;
      memcpy(&both, a + (row * pairs + pair) * 2, sizeof both);
      bk_i32x8 left = (bk_i32x8)both;
      sums[row] += BK_NAME(bk_i16_pair_sum)((bk_i16x16)left, right);
    }
  }
}

BK_I8_LINKAGE void BK_NAME(bk_i8_matmul)(const bk_i8_matmul_args *args) {
  size_t pairs = (args->k + 1) / 2;
  int16_t *packed = args->packed, *rows = packed + (args->n + 7) / 8 * pairs * 16;
  BK_NAME(bk_i8_matmul_pack)(args, packed);
  BK_NAME(bk_i8_matmul_widen)(args, rows);
  bk_scale_parts scale = bk_parts(args->scale);
  for (size_t n0 = 0; n0 < args->n; n0 += 8, packed += pairs * 16) {
    size_t lanes = args->n - n0 < 8 ? args->n - n0 : 8;
    for (size_t m = 0; m < args->m;) {
      size_t count = args->m - m < 4 ? 1 : 4;
      bk_i32x8 sums[4];
      if (count == 4)
        BK_NAME(bk_i8_matmul_tile)(4, pairs, rows + m * pairs * 2, packed, sums);
      else
        BK_NAME(bk_i8_matmul_tile)(1, pairs, rows + m * pairs * 2, packed, sums);
      for (size_t row = 0; row < count; row++, m++) {
        bk_i32x8 y = bk_i32_rescale(sums[row], &scale) + args->y_zero;
        bk_i8_store_part(args->y + m * args->n + n0, bk_i32_clamp(y, -128, 127), lanes);
      }
    }
  }
}
