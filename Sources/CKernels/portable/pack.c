#include <string.h>

#include "../include/CKernels.h"

static size_t round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

size_t bk_f32_packed_count(size_t n, size_t k, size_t nr) { return round_up(n, nr) * k; }

size_t bk_i8_packed_count(size_t n, size_t k, size_t nr) {
  return round_up(n, nr) * round_up(k, BK_I8_K_ALIGNMENT);
}

void bk_f32_pack(
    size_t n, size_t k, const float *b, size_t k_stride, size_t n_stride, size_t nr, float *packed) {
  for (size_t n0 = 0; n0 < n; n0 += nr)
    for (size_t kk = 0; kk < k; kk++)
      for (size_t i = 0; i < nr; i++)
        *packed++ = n0 + i < n ? b[kk * k_stride + (n0 + i) * n_stride] : 0;
}

bool bk_i8_pack(
    size_t n, size_t k, const int8_t *b, size_t k_stride, size_t n_stride, size_t nr, int8_t *packed,
    int32_t *sums) {
  memset(packed, 0, bk_i8_packed_count(n, k, nr));
  memset(sums, 0, round_up(n, nr) * sizeof *sums);
  for (size_t column = 0; column < n; column++) {
    int8_t *panel = packed + (column / nr) * nr * round_up(k, BK_I8_K_ALIGNMENT);
    for (size_t kk = 0; kk < k; kk++) {
      int8_t value = b[kk * k_stride + column * n_stride];
      if (value == -128) return false;
      panel[(kk / BK_I8_KR * nr + column % nr) * BK_I8_KR + kk % BK_I8_KR] = value;
      sums[column] += value;
    }
  }
  return true;
}
