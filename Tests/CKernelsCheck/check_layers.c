#include "kernel_check.h"

static void rows_of(const bk_kernels *kernels, size_t columns, sequence *s, digest *d) {
  const size_t rows = 3;
  float *x = random_floats(s, rows * columns, 5);
  float *y = zeroed(rows * columns * 4), *expected = zeroed(rows * columns * 4);
  for (size_t r = 0; r < rows; r++) {
    double sum = 0, top = -1e9;
    for (size_t i = 0; i < columns; i++) top = fmax(top, x[r * columns + i]);
    for (size_t i = 0; i < columns; i++) sum += exp(0.5 * (x[r * columns + i] - top));
    for (size_t i = 0; i < columns; i++)
      expected[r * columns + i] = (float)(exp(0.5 * (x[r * columns + i] - top)) / sum);
  }
  kernels->rows.f32_softmax(rows, columns, 0.5f, x, y);
  expect_near("softmax", kernels, y, expected, rows * columns, 1e-6f);
  digest_add(d, y, rows * columns * 4);

  for (size_t r = 0; r < rows; r++) {
    double sum = 0;
    for (size_t i = 0; i < columns; i++) sum += x[r * columns + i];
    expected[r] = (float)(sum / (double)columns);
  }
  kernels->rows.f32_sum(rows, columns, 1, 1.0f / (float)columns, x, y);
  expect_near("mean of rows", kernels, y, expected, rows, 2e-6f);
  digest_add(d, y, rows * 4);

  for (size_t i = 0; i < columns; i++) {
    expected[i] = (x[i] + x[columns + i]) + x[2 * columns + i];
    expected[columns + i] = fmaxf(fmaxf(x[i], x[columns + i]), x[2 * columns + i]);
  }
  kernels->rows.f32_sum(1, rows, columns, 1, x, y);
  kernels->rows.f32_maximum(1, rows, columns, x, y + columns);
  expect_near("sum and maximum of columns", kernels, y, expected, 2 * columns, 2e-6f);
  digest_add(d, y, 2 * columns * 4);
  free(x), free(y), free(expected);
}

void check_rows(const bk_kernels *kernels) {
  sequence s = {5};
  digest d = digest_start();
  for (size_t columns = 1; columns < 36; columns++) rows_of(kernels, columns, &s, &d);
  for (int kind = 0; kind < BK_BINARY_COUNT; kind++) {
    // [2, 3, 11] with [3, 1], and with [11].
    float *a = random_floats(&s, 66, 2), *b = random_floats(&s, 11, 2), y[66], expected[66];
    for (int i = 0; i < 66; i++) a[i] = kind == BK_POWER ? fabsf(a[i]) : a[i];
    for (int i = 0; i < 11; i++) b[i] += b[i] < 0 ? -0.5f : 0.5f;
    for (int by_row = 0; by_row < 2; by_row++) {
      bk_broadcast walk = {3, {2, 3, 11}, {33, 11, 1}, {0, by_row, !by_row}};
      for (int i = 0; i < 66; i++) {
        float l = a[i], r = b[by_row ? i / 11 % 3 : i % 11];
        float all[] = {l + r, l - r, l * r, l / r, fminf(l, r), fmaxf(l, r), (l - r) * (l - r),
                       powf(l, r)};
        expected[i] = all[kind];
      }
      kernels->elementwise.f32_binary((bk_binary_kind)kind, &walk, a, b, y);
      expect_near("binary", kernels, y, expected, 66, 0);
      if (kind != BK_POWER) digest_add(&d, y, sizeof y);
    }
    free(a), free(b);
  }
  digest_print(&d, kernels, "rows");
}

static float window_at(
    const bk_window *w, const float *x, ptrdiff_t row, ptrdiff_t column, size_t c, int *inside) {
  *inside = row >= 0 && row < (ptrdiff_t)w->height && column >= 0 && column < (ptrdiff_t)w->width;
  return *inside ? x[((size_t)row * w->width + (size_t)column) * w->channels + c] : 0;
}

static void spatial_of(
    const bk_kernels *kernels, size_t channels, size_t multiplier, sequence *s, digest *d) {
  bk_window w = {7, 6, channels, 4, 3, 3, 2, 2, 2, 1, 1, 1, 0};
  size_t outputs = channels * multiplier, count = 12 * outputs;
  float *x = random_floats(s, 42 * channels, 1), *weights = random_floats(s, 6 * outputs, 1);
  float *bias = random_floats(s, outputs, 1);
  float *y = zeroed(count * 4), *expected = zeroed(count * 4), *pooled = zeroed(count * 4);
  for (int average = 0; average < 2; average++) {
    for (size_t p = 0; p < 12; p++)
      for (size_t o = 0; o < outputs; o++) {
        float sum = bias[o], total = 0, top = -INFINITY;
        int taps = 0, inside;
        for (size_t ky = 0; ky < 3; ky++)
          for (size_t kx = 0; kx < 2; kx++) {
            ptrdiff_t row = (ptrdiff_t)(p / 3 * 2 + ky) - 1, column = (ptrdiff_t)(p % 3 * 2 + kx);
            float v = window_at(&w, x, row, column, o / multiplier, &inside);
            sum += v * weights[(ky * 2 + kx) * outputs + o];
            if (inside) taps++, total += v, top = fmaxf(top, v);
          }
        expected[p * outputs + o] = fminf(sum, 1.5f);
        pooled[p * outputs + o] = average ? total / (float)taps : top;
      }
    bk_f32_depthwise_args depthwise = {w, multiplier, x, weights, bias, y, -INFINITY, 1.5f};
    kernels->spatial.f32_depthwise(&depthwise);
    expect_near("depthwise", kernels, y, expected, count, 2e-6f);
    digest_add(d, y, count * 4);
    if (multiplier != 1) continue;
    bk_f32_pool_args pool = {w, average, x, y, -INFINITY, INFINITY};
    kernels->spatial.f32_pool(&pool);
    expect_near("pool", kernels, y, pooled, count, 2e-6f);
    digest_add(d, y, count * 4);
  }
  free(x), free(weights), free(bias), free(y), free(expected), free(pooled);
}

void check_spatial(const bk_kernels *kernels) {
  sequence s = {6};
  digest d = digest_start();
  for (size_t channels = 1; channels < 20; channels++) spatial_of(kernels, channels, 1, &s, &d);
  spatial_of(kernels, 3, 2, &s, &d);
  digest_print(&d, kernels, "spatial");
}
