// Normalizations of rows of floats.
#include <math.h>

#include "vector.h"

// The sum of f(x) over a row, lanes past its end left out. `f` sees eight lanes as `v`.
#define BK_ROW_SUM(total, x, count, f)                              \
  do {                                                              \
    bk_f32x8 sum = bk_splat(0), v;                                  \
    size_t at = 0;                                                  \
    for (; at + 8 <= (count); at += 8) {                            \
      v = bk_load((x) + at);                                        \
      sum += (f);                                                   \
    }                                                               \
    if (at < (count)) {                                             \
      float lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};                    \
      v = bk_load_part((x) + at, (count)-at);                       \
      bk_store_part(lanes, (f), (count)-at);                        \
      sum += bk_load(lanes);                                        \
    }                                                               \
    (total) = bk_total(sum);                                        \
  } while (0)

// y = f(x) over a row.
#define BK_ROW_MAP(x, y, count, f)                                  \
  do {                                                              \
    bk_f32x8 v;                                                     \
    size_t at = 0;                                                  \
    for (; at + 8 <= (count); at += 8) {                            \
      v = bk_load((x) + at);                                        \
      bk_store((y) + at, (f));                                      \
    }                                                               \
    if (at < (count)) {                                             \
      v = bk_load_part((x) + at, (count)-at);                       \
      bk_store_part((y) + at, (f), (count)-at);                     \
    }                                                               \
  } while (0)

// gamma and beta of up to eight columns.
BK_INLINE bk_f32x8 BK_NAME(bk_scaled)(
    bk_f32x8 v, const float *gamma, const float *beta, size_t at, size_t count) {
  if (gamma) v *= count == 8 ? bk_load(gamma + at) : bk_load_part(gamma + at, count);
  if (beta) v += count == 8 ? bk_load(beta + at) : bk_load_part(beta + at, count);
  return v;
}

static void BK_NAME(bk_f32_layer_norm)(
    size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
    const float *beta, float *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    float mean, variance;
    BK_ROW_SUM(mean, x, columns, v);
    mean /= (float)columns;
    BK_ROW_SUM(variance, x, columns, (v - mean) * (v - mean));
    float inverse = 1.0f / sqrtf(variance / (float)columns + epsilon);
    size_t i = 0;
    for (; i + 8 <= columns; i += 8)
      bk_store(
          y + i, BK_NAME(bk_scaled)((bk_load(x + i) - mean) * inverse, gamma, beta, i, 8));
    if (i == columns) continue;
    bk_f32x8 last = (bk_load_part(x + i, columns - i) - mean) * inverse;
    bk_store_part(
        y + i, BK_NAME(bk_scaled)(last, gamma, beta, i, columns - i), columns - i);
  }
}

static void BK_NAME(bk_f32_log_softmax)(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    float top = bk_row_maximum(x, columns), total;
    BK_ROW_SUM(total, x, columns, bk_exp(v - top));
    float shift = top + logf(total);
    BK_ROW_MAP(x, y, columns, v - shift);
  }
}

static void BK_NAME(bk_f32_l2_norm)(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    float total;
    BK_ROW_SUM(total, x, columns, v * v);
    float norm = sqrtf(total), inverse = 1.0f / (norm > 1e-6f ? norm : 1e-6f);
    BK_ROW_MAP(x, y, columns, v * inverse);
  }
}
