#include "../templates/gemm_rows.h"
#include "tables.h"

static void store(const bk_float_gemm_args *args, size_t m, size_t n, float y) {
  y = y < args->low ? args->low : y;
  args->c[m * args->c_stride + n] = y > args->high ? args->high : y;
}

static const float *run_of(const bk_float_gemm_args *args, size_t m, size_t segment) {
  return (const float *)args->a.a + bk_row_start(&args->a, m) + bk_segment_start(&args->a, segment);
}

// A binary16 number, its exponent moved by a multiplication that also sets subnormals right.
static float widened(uint16_t bits) {
  uint32_t magnitude = (uint32_t)(bits & 0x7fff) << 13, sign = (uint32_t)(bits & 0x8000) << 16;
  float value;
  memcpy(&value, &magnitude, sizeof value);
  value *= 0x1p112f;
  memcpy(&magnitude, &value, sizeof value);
  if (magnitude >= 0x47800000) magnitude |= 0x7f800000;
  magnitude |= sign;
  memcpy(&value, &magnitude, sizeof value);
  return value;
}

BK_INLINE float weight(const void *b, size_t index, const bool half) {
  return half ? widened(((const uint16_t *)b)[index]) : ((const float *)b)[index];
}

BK_INLINE void row_of_four(const bk_float_gemm_args *args, size_t m, size_t n0, const bool half) {
  size_t b = n0 * args->a.segments * args->a.k;
  float sums[4] = {0, 0, 0, 0};
  if (args->bias) memcpy(sums, args->bias + n0, sizeof sums);
  float s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (size_t segment = 0; segment < args->a.segments; segment++) {
    const float *a = run_of(args, m, segment);
    for (size_t k = 0; k < args->a.k; k++, b += 4) {
      if (half) BK_LOOP_OF_TILE("f16", 1, 4);
      else BK_LOOP_OF_TILE("f32", 1, 4);
      float x = a[k];
      s0 += x * weight(args->b, b, half);
      s1 += x * weight(args->b, b + 1, half);
      s2 += x * weight(args->b, b + 2, half);
      s3 += x * weight(args->b, b + 3, half);
    }
  }
  float done[4] = {s0, s1, s2, s3};
  for (size_t i = 0; i < 4 && n0 + i < args->n; i++) store(args, m, n0 + i, done[i]);
}

static void row_of_any(const bk_float_gemm_args *args, size_t m, size_t n0, const bool half) {
  size_t b = n0 * args->a.segments * args->a.k;
  for (size_t i = 0; i < args->nr && n0 + i < args->n; i++) {
    float sum = args->bias ? args->bias[n0 + i] : 0;
    for (size_t segment = 0; segment < args->a.segments; segment++) {
      const float *a = run_of(args, m, segment);
      size_t from = b + segment * args->a.k * args->nr + i;
      for (size_t k = 0; k < args->a.k; k++)
        sum += a[k] * weight(args->b, from + k * args->nr, half);
    }
    store(args, m, n0 + i, sum);
  }
}

BK_INLINE void product(const bk_float_gemm_args *args, const bool half) {
  for (size_t n0 = 0; n0 < args->n; n0 += args->nr)
    for (size_t m = 0; m < args->m; m++)
      if (args->nr == 4)
        row_of_four(args, m, n0, half);
      else
        row_of_any(args, m, n0, half);
}

void bk_f32_gemm__scalar(const bk_float_gemm_args *args) { product(args, false); }
void bk_f16_gemm__scalar(const bk_float_gemm_args *args) { product(args, true); }
