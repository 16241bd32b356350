#include <string.h>

#include "../include/CKernels.h"

static size_t round_up(size_t x, size_t multiple) { return (x + multiple - 1) / multiple * multiple; }

size_t bk_float_packed_count(size_t n, size_t k, size_t nr) { return round_up(n, nr) * k; }

size_t bk_i8_packed_count(size_t n, size_t segments, size_t k, size_t nr) {
  return round_up(n, nr) * segments * round_up(k, BK_I8_K_ALIGNMENT);
}

size_t bk_i4_packed_count(size_t n, size_t k, size_t nr) {
  size_t blocks = round_up(k, BK_I4_BLOCK) / BK_I4_BLOCK;
  return round_up(n, nr) * blocks * (BK_I4_BLOCK / 2 + sizeof(float));
}

typedef float f32x4 __attribute__((vector_size(16)));

// Four columns of a panel from four rows of contiguous values, turned four by four.
static void turn_four(size_t k, const float *b, size_t n_stride, size_t nr, float *packed) {
  size_t kk = 0;
  for (; kk + 4 <= k; kk += 4) {
    f32x4 r[4];
    for (size_t i = 0; i < 4; i++) memcpy(&r[i], b + i * n_stride + kk, sizeof r[i]);
    f32x4 a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
    f32x4 c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
    f32x4 e = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
    f32x4 g = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
    f32x4 out[4] = {
        __builtin_shufflevector(a, c, 0, 1, 4, 5), __builtin_shufflevector(a, c, 2, 3, 6, 7),
        __builtin_shufflevector(e, g, 0, 1, 4, 5), __builtin_shufflevector(e, g, 2, 3, 6, 7)};
    for (size_t i = 0; i < 4; i++) memcpy(packed + (kk + i) * nr, &out[i], sizeof out[i]);
  }
  for (; kk < k; kk++)
    for (size_t i = 0; i < 4; i++) packed[kk * nr + i] = b[i * n_stride + kk];
}

// Whole panels of the operands that attention packs at run time: rows of keys, and columns of values.
static bool pack_panel(
    size_t k, const float *b, size_t k_stride, size_t n_stride, size_t nr, float *packed) {
  if (n_stride == 1 && nr % 4 == 0) {
    for (size_t kk = 0; kk < k; kk++)
      for (size_t i = 0; i < nr; i += 4) memcpy(packed + kk * nr + i, b + kk * k_stride + i, 16);
    return true;
  }
  if (k_stride != 1 || nr % 4 != 0) return false;
  for (size_t i = 0; i < nr; i += 4) turn_four(k, b + i * n_stride, n_stride, nr, packed + i);
  return true;
}

void bk_f32_pack(
    size_t n, size_t k, const float *b, size_t k_stride, size_t n_stride, size_t nr, float *packed) {
  for (size_t n0 = 0; n0 < n; n0 += nr) {
    if (n - n0 >= nr && pack_panel(k, b + n0 * n_stride, k_stride, n_stride, nr, packed)) {
      packed += k * nr;
      continue;
    }
    for (size_t kk = 0; kk < k; kk++)
      for (size_t i = 0; i < nr; i++)
        *packed++ = n0 + i < n ? b[kk * k_stride + (n0 + i) * n_stride] : 0;
  }
}

void bk_f16_pack(
    size_t n, size_t k, const uint16_t *b, size_t k_stride, size_t n_stride, size_t nr,
    uint16_t *packed) {
  for (size_t n0 = 0; n0 < n; n0 += nr)
    for (size_t kk = 0; kk < k; kk++)
      for (size_t i = 0; i < nr; i++)
        *packed++ = n0 + i < n ? b[kk * k_stride + (n0 + i) * n_stride] : 0;
}

bool bk_i8_pack(
    size_t n, size_t segments, size_t k, const int8_t *b, size_t k_stride, size_t n_stride, size_t nr,
    int8_t *packed, int32_t *sums) {
  const size_t run = round_up(k, BK_I8_K_ALIGNMENT);
  memset(packed, 0, bk_i8_packed_count(n, segments, k, nr));
  memset(sums, 0, round_up(n, nr) * sizeof *sums);
  for (size_t column = 0; column < n; column++) {
    int8_t *panel = packed + (column / nr) * nr * segments * run;
    for (size_t segment = 0; segment < segments; segment++, panel += nr * run)
      for (size_t kk = 0; kk < k; kk++) {
        int8_t value = b[(segment * k + kk) * k_stride + column * n_stride];
        if (value == -128) return false;
        panel[(kk / BK_I8_KR * nr + column % nr) * BK_I8_KR + kk % BK_I8_KR] = value;
        sums[column] += value;
      }
  }
  return true;
}

bool bk_i4_pack(size_t n, size_t k, const uint8_t *b, size_t nr, uint8_t *packed) {
  const size_t blocks = round_up(k, BK_I4_BLOCK) / BK_I4_BLOCK;
  const size_t value_bytes = nr * (BK_I4_BLOCK / 2), block_bytes = value_bytes + nr * sizeof(float);
  for (size_t n0 = 0; n0 < n; n0 += nr)
    for (size_t block = 0; block < blocks; block++, packed += block_bytes) {
      // Eight is zero.
      memset(packed, 0x88, value_bytes);
      memset(packed + value_bytes, 0, nr * sizeof(float));
      for (size_t i = 0; i < nr && n0 + i < n; i++) {
        const uint8_t *from = b + ((n0 + i) * blocks + block) * BK_I4_BLOCK_BYTES;
        float scale;
        memcpy(&scale, from, sizeof scale);
        if (!(scale - scale == 0)) return false;
        memcpy(packed + value_bytes + i * sizeof scale, &scale, sizeof scale);
        for (size_t j = 0; j < 16; j++) {
          uint8_t byte = from[sizeof scale + j];
          if ((byte & 15) == 0 || byte >> 4 == 0) return false;
          packed[(j / BK_I8_KR * nr + i) * BK_I8_KR + j % BK_I8_KR] = byte;
        }
      }
    }
  return true;
}

void bk_i8_block_sums(size_t rows, size_t k, const int8_t *a, size_t a_stride, int32_t *sums) {
  for (size_t row = 0; row < rows; row++)
    for (size_t k0 = 0; k0 < k; k0 += BK_I4_BLOCK) {
      int32_t sum = 0;
      for (size_t i = 0; i < BK_I4_BLOCK; i++) sum += a[row * a_stride + k0 + i];
      *sums++ = sum;
    }
}
