#include "../templates/loop.h"
#include "../templates/vector.h"
#include "tables.h"

// One column of one block: unsigned fours times A, less 8 for each.
static int32_t block_dot(const uint8_t *values, size_t nr, const int8_t *a, int32_t a_sum) {
  int32_t sum = -8 * a_sum;
  for (size_t j = 0; j < 4; j++, values += nr * BK_I8_KR)
    for (size_t t = 0; t < BK_I8_KR; t++) {
      sum += (values[t] & 15) * a[4 * j + t];
      sum += (values[t] >> 4) * a[16 + 4 * j + t];
    }
  return sum;
}

static float scale_of(const uint8_t *block, size_t nr, size_t column) {
  float scale;
  memcpy(&scale, block + nr * (BK_I4_BLOCK / 2) + column * sizeof scale, sizeof scale);
  return scale;
}

void bk_i4_f32_gemm__scalar(const bk_i4_f32_gemm_args *args) {
  const size_t blocks = (args->k + BK_I4_BLOCK - 1) / BK_I4_BLOCK, nr = args->nr;
  const size_t block_bytes = nr * (BK_I4_BLOCK / 2 + sizeof(float));
  for (size_t n = 0; n < args->n; n++) {
    const uint8_t *panel = args->b + n / nr * blocks * block_bytes;
    size_t column = n % nr;
    for (size_t m = 0; m < args->m; m++) {
      const int8_t *a = args->a + m * args->a_stride;
      const int32_t *sums = args->a_sums + m * blocks;
      float y = 0;
      for (size_t i = 0; i < blocks; i++) {
        BK_LOOP_OF_TILE("i4", 1, 1);
        const uint8_t *block = panel + i * block_bytes;
        int32_t dot = block_dot(block + column * BK_I8_KR, nr, a + i * BK_I4_BLOCK, sums[i]);
        y += (float)dot * scale_of(block, nr, column);
      }
      y = y * args->a_scale[m];
      y = y + (args->bias ? args->bias[n] : 0.0f);
      y = y < args->low ? args->low : y;
      args->c[m * args->c_stride + n] = y > args->high ? args->high : y;
    }
  }
}
