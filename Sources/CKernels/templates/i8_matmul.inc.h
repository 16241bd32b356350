// The product of two int8 matrices that are both computed at run time. Included once per instruction set.
//
// Both operands lose their zero points first, which takes nine bits: products are of int16, two of them added at
// once, as x86 has it in one instruction.
#include "i16_math.h"
#include "i8_vector.h"

typedef int16_t bk_i16x8 __attribute__((ext_vector_type(8)));

// b as panels of [k / 2][8 columns][2], zero past k and n.
static void BK_NAME(bk_i8_matmul_pack)(const bk_i8_matmul_args *args, int16_t *packed) {
  size_t pairs = (args->k + 1) / 2;
  for (size_t n0 = 0; n0 < args->n; n0 += 8)
    for (size_t pair = 0; pair < pairs; pair++)
      for (size_t i = 0; i < 16; i++) {
        size_t k = pair * 2 + i % 2, n = n0 + i / 2;
        const int8_t *b = args->b + k * args->b_row + n * args->b_column;
        *packed++ = k < args->k && n < args->n ? (int16_t)(*b - args->b_zero) : 0;
      }
}

// a as rows of k rounded up to 2, zero past k.
static void BK_NAME(bk_i8_matmul_widen)(const bk_i8_matmul_args *args, int16_t *rows) {
  size_t width = (args->k + 1) / 2 * 2;
  for (size_t m = 0; m < args->m; m++, rows += width) {
    const int8_t *a = args->a + m * args->a_row;
    for (size_t k = 0; k < args->k; k++)
      rows[k] = (int16_t)(a[k * args->a_column] - args->a_zero);
    if (args->k % 2) rows[args->k] = 0;
  }
}

BK_INLINE bk_i32x8 BK_NAME(bk_i16_pair_sum)(bk_i16x16 a, bk_i16x16 b) {
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

static void BK_NAME(bk_i8_matmul)(const bk_i8_matmul_args *args) {
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
