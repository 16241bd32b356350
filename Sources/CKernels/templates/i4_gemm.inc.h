// The product with weights of four bits around the dot product of one block. The including file defines
//   BK_I8_NR     columns of a panel
//   BK_I4_MR     rows of a tile
//   BK_I4_LANES  columns of a vector
// with the vector types bk_i4_floats and bk_i4_ints of as many lanes and, before the inclusion,
//
//   BK_INLINE void BK_NAME(bk_i4_dot)(const uint8_t *values, const int8_t *const *a, const size_t rows,
//                                     BK_I4_INTS sums[BK_I4_MR][BK_I8_NR / BK_I4_LANES]);
//
// which gives the sums of one block with the values as they are stored, that is with 8 too much in each.
#define BK_I4_VECTORS (BK_I8_NR / BK_I4_LANES)

BK_INLINE void BK_NAME(bk_i4_store)(
    const bk_i4_f32_gemm_args *args, size_t m, size_t n, BK_I4_FLOATS y) {
  if (n >= args->n) return;
  BK_I4_FLOATS bias = (BK_I4_FLOATS)(0.0f);
  if (args->bias) memcpy(&bias, args->bias + n, sizeof bias);
  y = y * args->a_scale[m] + bias;
  y = y < args->low ? (BK_I4_FLOATS)(args->low) : y;
  y = y > args->high ? (BK_I4_FLOATS)(args->high) : y;
  float *c = args->c + m * args->c_stride + n;
  if (n + BK_I4_LANES <= args->n)
    memcpy(c, &y, sizeof y);
  else
    memcpy(c, &y, (args->n - n) * sizeof *c);
}

BK_INLINE void BK_NAME(bk_i4_tile)(
    const bk_i4_f32_gemm_args *args, size_t m0, size_t n0, const size_t rows) {
  const size_t blocks = (args->k + BK_I4_BLOCK - 1) / BK_I4_BLOCK;
  const size_t value_bytes = BK_I8_NR * BK_I4_BLOCK / 2;
  const size_t block_bytes = value_bytes + BK_I8_NR * sizeof(float);
  const uint8_t *block = args->b + n0 / BK_I8_NR * blocks * block_bytes;
  BK_I4_FLOATS y[BK_I4_MR][BK_I4_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < BK_I4_VECTORS; v++) y[r][v] = (BK_I4_FLOATS)(0.0f);
  for (size_t i = 0; i < blocks; i++, block += block_bytes) {
    BK_LOOP_OF_TILE("i4", rows, BK_I8_NR);
    BK_I4_INTS sums[BK_I4_MR][BK_I4_VECTORS];
    const int8_t *a[BK_I4_MR];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
      a[r] = args->a + (m0 + r) * args->a_stride + i * BK_I4_BLOCK;
    BK_NAME(bk_i4_dot)(block, a, rows, sums);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < BK_I4_VECTORS; v++) {
      BK_I4_FLOATS scale;
      memcpy(&scale, block + value_bytes + v * sizeof scale, sizeof scale);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        BK_I4_INTS exact = sums[r][v] - 8 * args->a_sums[(m0 + r) * blocks + i];
        y[r][v] = y[r][v] + __builtin_convertvector(exact, BK_I4_FLOATS) * scale;
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < BK_I4_VECTORS; v++)
      BK_NAME(bk_i4_store)(args, m0 + r, n0 + v * BK_I4_LANES, y[r][v]);
}

void BK_NAME(bk_i4_f32_gemm)(const bk_i4_f32_gemm_args *args) {
  for (size_t n0 = 0; n0 < args->n; n0 += BK_I8_NR) {
    size_t m0 = 0;
    for (; m0 + BK_I4_MR <= args->m; m0 += BK_I4_MR)
      BK_NAME(bk_i4_tile)(args, m0, n0, BK_I4_MR);
    for (; m0 < args->m; m0++) BK_NAME(bk_i4_tile)(args, m0, n0, 1);
  }
}
