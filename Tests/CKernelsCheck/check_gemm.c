#include "kernel_check.h"

// Below, at and above every tile in rows (2, 4, 6), columns (4 to 32, four panels) and depth (4, 8).
static const size_t rows[] = {1, 2, 3, 5, 6, 7, 13};
static const size_t columns[] = {1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 130};
static const size_t depths[] = {1, 3, 4, 5, 8, 9, 31, 64, 67};
#define EACH(i, list) for (size_t i = 0; i < sizeof list / sizeof *list; i++)

static size_t up(size_t x, size_t to) { return (x + to - 1) / to * to; }

static void one_f32(const bk_kernels *kernels, size_t m, size_t n, size_t k, sequence *s) {
  float *a = random_floats(s, m * (k + 2), 1), *w = random_floats(s, n * k, 1);
  float *bias = random_floats(s, up(n, 32), 1);
  float *c = zeroed(m * (n + 3) * 4), *expected = zeroed(m * (n + 3) * 4);
  float *b = zeroed(4 * bk_f32_packed_count(n, k, kernels->f32_nr));
  bk_f32_pack(n, k, w, 1, k, kernels->f32_nr, b);
  for (size_t i = 0; i < m * (n + 3); i++) c[i] = expected[i] = 77;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = bias[j];
      for (size_t l = 0; l < k; l++) sum += (double)a[i * (k + 2) + l] * w[j * k + l];
      expected[i * (n + 3) + j] = (float)(sum < -2 ? -2 : sum > 3 ? 3 : sum);
    }
  bk_f32_gemm_args args = {
      m, n, k, a, k + 2, b, bias, c, n + 3, -2, 3, kernels->f32_nr};
  kernels->f32_gemm(&args);
  expect_near("f32_gemm", kernels, c, expected, m * (n + 3), 2e-5f);
  free(a), free(w), free(bias), free(c), free(expected), free(b);
}

void check_f32_gemm(const bk_kernels *kernels) {
  sequence s = {1};
  EACH(i, rows) EACH(j, columns) EACH(l, depths)
      one_f32(kernels, rows[i], columns[j], depths[l], &s);
}

static void one_i8(
    const bk_kernels *kernels, size_t m, size_t n, size_t k, sequence *s, digest *d, int extreme) {
  size_t stride = up(k, 8) + 8;
  int8_t *a = random_weights(s, m * stride), *w = random_weights(s, n * k);
  if (extreme) {
    for (size_t i = 0; i < m * stride; i++) a[i] = i % 3 ? -127 : 127;
    for (size_t i = 0; i < n * k; i++) w[i] = i % 5 ? -127 : 127;
  }
  float *scales = random_floats(s, up(n, 32), 0.01f), *bias = random_floats(s, up(n, 32), 1);
  float *row_scales = random_floats(s, m, 0.01f);
  float *c = zeroed(m * (n + 3) * 4), *expected = zeroed(m * (n + 3) * 4);
  int8_t *b = zeroed(bk_i8_packed_count(n, k, kernels->i8_nr));
  int32_t *sums = zeroed(4 * up(n, 32));
  if (!bk_i8_pack(n, k, w, 1, k, kernels->i8_nr, b, sums)) failures++;
  for (size_t i = 0; i < m * (n + 3); i++) c[i] = expected[i] = 77;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      int32_t sum = 0;
      for (size_t l = 0; l < k; l++) sum += a[i * stride + l] * w[j * k + l];
      float scale = scales[j] * row_scales[i], y = (float)sum * scale;
      expected[i * (n + 3) + j] = y + bias[j];
    }
  bk_i8_gemm_args args = {m,    n,    k, a,     stride,    row_scales, 1, b, scales,
                          sums, bias, c, n + 3, -INFINITY, INFINITY,   kernels->i8_nr};
  kernels->i8_gemm(&args);
  expect_near("i8_gemm", kernels, c, expected, m * (n + 3), 0);
  digest_add(d, c, m * (n + 3) * 4);
  free(a), free(w), free(scales), free(bias), free(row_scales), free(c), free(expected), free(b);
  free(sums);
}

void check_i8_gemm(const bk_kernels *kernels) {
  sequence s = {2};
  digest d = digest_start();
  EACH(i, rows) EACH(j, columns) EACH(l, depths)
      one_i8(kernels, rows[i], columns[j], depths[l], &s, &d, 0);
  one_i8(kernels, 3, 130, 256, &s, &d, 1);
  digest_print(&d, kernels, "i8_gemm");
}
