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
  // Not in the digest: how many lanes a sum has decides its last bits, and softmax has no int8 result.

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
                       powf(l, r), l < 0 ? l * r : l, l == r, l != r, l < r, l <= r, l > r, l >= r};
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
