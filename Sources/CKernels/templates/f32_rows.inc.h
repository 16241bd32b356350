// Rows of floats: quantization, softmax, sums and maxima.
#include "vector.h"

// Half away from zero, exactly: truncate and look at what was cut off.
BK_INLINE bk_i32x8 bk_round_half_away(bk_f32x8 v) {
  bk_i32x8 whole = __builtin_convertvector(v, bk_i32x8);
  bk_f32x8 rest = v - __builtin_convertvector(whole, bk_f32x8);
  return whole - (rest >= 0.5f) + (rest <= -0.5f);
}

BK_INLINE bk_i8x8 bk_quantized(bk_f32x8 v) {
  return __builtin_convertvector(bk_round_half_away(bk_clamp(v, -127.0f, 127.0f)), bk_i8x8);
}

static void BK_NAME(bk_f32_quantize_rows)(
    size_t rows, size_t k, const float *x, size_t x_stride, int8_t *q, size_t q_stride,
    float *scales) {
  for (size_t row = 0; row < rows; row++, x += x_stride, q += q_stride) {
    bk_f32x8 largest = bk_splat(0);
    size_t i = 0;
    for (; i + 8 <= k; i += 8) largest = bk_max(largest, bk_abs(bk_load(x + i)));
    if (i < k) largest = bk_max(largest, bk_abs(bk_load_part(x + i, k - i)));
    float range = bk_largest(largest);
    scales[row] = range / 127.0f;
    float inverse = range > 0 ? 127.0f / range : 0;
    for (i = 0; i + 8 <= k; i += 8) {
      bk_i8x8 bytes = bk_quantized(bk_load(x + i) * inverse);
      memcpy(q + i, &bytes, sizeof bytes);
    }
    if (i < k) {
      bk_i8x8 bytes = bk_quantized(bk_load_part(x + i, k - i) * inverse);
      memcpy(q + i, &bytes, k - i);
    }
    if (q_stride > k) memset(q + k, 0, q_stride - k);
  }
}

BK_INLINE float bk_row_maximum(const float *x, size_t count) {
  size_t i = 8;
  if (count < 8) {
    float top = x[0];
    for (i = 1; i < count; i++) top = x[i] > top ? x[i] : top;
    return top;
  }
  bk_f32x8 top = bk_load(x);
  for (; i + 8 <= count; i += 8) top = bk_max(top, bk_load(x + i));
  // The last eight once more cover what is left.
  return bk_largest(bk_max(top, bk_load(x + count - 8)));
}

static void BK_NAME(bk_f32_softmax)(
    size_t rows, size_t columns, float beta, const float *x, float *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    float top = bk_row_maximum(x, columns);
    bk_f32x8 total = bk_splat(0);
    size_t i = 0;
    for (; i + 8 <= columns; i += 8) {
      bk_f32x8 e = bk_exp((bk_load(x + i) - top) * beta);
      total += e;
      bk_store(y + i, e);
    }
    if (i < columns) {
      bk_store_part(y + i, bk_exp((bk_load_part(x + i, columns - i) - top) * beta), columns - i);
      total += bk_load_part(y + i, columns - i);
    }
    float share = 1.0f / bk_total(total);
    for (i = 0; i + 8 <= columns; i += 8) bk_store(y + i, bk_load(y + i) * share);
    for (; i < columns; i++) y[i] *= share;
  }
}

static void BK_NAME(bk_f32_sum)(
    size_t outer, size_t reduced, size_t inner, float scale, const float *x, float *y) {
  for (size_t o = 0; o < outer; o++, x += reduced * inner, y += inner) {
    if (inner == 1) {
      bk_f32x8 total = bk_splat(0);
      size_t i = 0;
      for (; i + 8 <= reduced; i += 8) total += bk_load(x + i);
      if (i < reduced) total += bk_load_part(x + i, reduced - i);
      *y = bk_total(total) * scale;
      continue;
    }
    size_t i = 0;
    for (; i + 8 <= inner; i += 8) {
      bk_f32x8 total = bk_splat(0);
      for (size_t r = 0; r < reduced; r++) total += bk_load(x + r * inner + i);
      bk_store(y + i, total * scale);
    }
    if (i == inner) continue;
    bk_f32x8 total = bk_splat(0);
    for (size_t r = 0; r < reduced; r++) total += bk_load_part(x + r * inner + i, inner - i);
    bk_store_part(y + i, total * scale, inner - i);
  }
}

static void BK_NAME(bk_f32_maximum)(
    size_t outer, size_t reduced, size_t inner, const float *x, float *y) {
  for (size_t o = 0; o < outer; o++, x += reduced * inner, y += inner) {
    memcpy(y, x, inner * sizeof(float));
    for (size_t r = 1; r < reduced; r++) {
      const float *row = x + r * inner;
      for (size_t i = 0; i < inner; i++) y[i] = row[i] > y[i] ? row[i] : y[i];
    }
  }
}
