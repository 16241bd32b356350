#include "kernel_check.h"

// Below, at and above every tile in rows (2, 4, 6, 8, 12), columns (4 to 32, several panels) and depth (4, 8).
static const size_t rows[] = {1, 2, 3, 4, 5, 6, 7, 13, 17};
static const size_t columns[] = {1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 130};
static const size_t depths[] = {1, 3, 4, 5, 8, 9, 31, 64, 67};
#define EACH(i, list) for (size_t i = 0; i < sizeof list / sizeof *list; i++)

size_t round_up(size_t x, size_t to) { return (x + to - 1) / to * to; }

// Rows that lie anywhere and overlap, and runs in any order, also before the row's beginning.
static const int32_t segment_offsets[3] = {11, -5, 70};
enum { margin = 16, last_segment = 70 };

size_t operand_count(size_t m, size_t k) { return margin + 2 * m * (k + 11) + last_segment + k + 8; }

bk_rows operand_rows(const void *a, size_t m, size_t k, int form, int32_t *offsets) {
  bk_rows plain = {a, k + 11, NULL, 1, NULL, k};
  if (form == 0) return plain;
  for (size_t i = 0; i < m; i++) offsets[i] = (int32_t)(margin + (m - 1 - i) * (k + 3));
  if (form == 1) return (bk_rows){a, 0, offsets, 3, segment_offsets, k};
  // Segments of rows by stride.
  return (bk_rows){a, k + 2, NULL, 2, segment_offsets + 1, k};
}

ptrdiff_t operand_index(const bk_rows *a, size_t row, size_t segment, size_t k) {
  ptrdiff_t start = a->rows ? a->rows[row] : (ptrdiff_t)(row * a->stride);
  return start + (a->segment_offsets ? a->segment_offsets[segment] : 0) + (ptrdiff_t)k;
}

static uint16_t half_of(float *x) {
  // The nearest value of 11 significant bits, away from subnormals, as the float that it stands for.
  uint32_t bits;
  if (fabsf(*x) < 0.001f) *x = 0;
  memcpy(&bits, x, 4);
  bits &= 0xffffe000;
  memcpy(x, &bits, 4);
  if (*x == 0) return (uint16_t)(bits >> 16);
  return (uint16_t)((bits >> 16 & 0x8000) | ((bits & 0x7fffffff) - (112u << 23)) >> 13);
}

static void one_float(
    const bk_kernels *kernels, size_t m, size_t n, size_t k, int half, int form, sequence *s) {
  int32_t offsets[32];
  float *a = random_floats(s, operand_count(m, k), 1), *first = a + (form == 2 ? margin : 0);
  bk_rows operand = operand_rows(first, m, k, form, offsets);
  size_t depth = operand.segments * k, nr = kernels->f32_nr;
  float *w = random_floats(s, n * depth, 1), *bias = random_floats(s, round_up(n, 32), 1);
  float *c = zeroed(m * (n + 3) * 4), *expected = zeroed(m * (n + 3) * 4);
  uint16_t *halves = zeroed(2 * n * depth);
  void *b = zeroed(4 * bk_float_packed_count(n, depth, nr));
  if (half) {
    for (size_t i = 0; i < n * depth; i++) halves[i] = half_of(&w[i]);
    bk_f16_pack(n, depth, halves, 1, depth, nr, b);
  } else {
    bk_f32_pack(n, depth, w, 1, depth, nr, b);
  }
  for (size_t i = 0; i < m * (n + 3); i++) c[i] = expected[i] = 77;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = bias[j];
      for (size_t l = 0; l < depth; l++)
        sum += (double)first[operand_index(&operand, i, l / k, l % k)] * w[j * depth + l];
      expected[i * (n + 3) + j] = (float)(sum < -2 ? -2 : sum > 3 ? 3 : sum);
    }
  bk_float_gemm_args args = {m, n, operand, b, bias, c, n + 3, -2, 3, nr};
  (half ? kernels->gemm.f16_gemm : kernels->gemm.f32_gemm)(&args);
  expect_near(half ? "f16_gemm" : "f32_gemm", kernels, c, expected, m * (n + 3), 4e-5f);
  free(a), free(w), free(bias), free(c), free(expected), free(halves), free(b);
}

void check_float_gemm(const bk_kernels *kernels) {
  sequence s = {1};
  EACH(i, rows) EACH(j, columns) EACH(l, depths) {
    one_float(kernels, rows[i], columns[j], depths[l], 0, (int)(j + l) % 3, &s);
    one_float(kernels, rows[i], columns[j], depths[l], 1, (int)(i + l) % 3, &s);
  }
  // Halves that need care: subnormals, the largest, and both zeros.
  const uint16_t bits[8] = {0x0001, 0x8001, 0x03ff, 0x0400, 0x7bff, 0xfbff, 0x0000, 0x8000};
  const double values[8] = {0x1p-24, -0x1p-24, 1023 * 0x1p-24, 0x1p-14, 65504, -65504, 0, 0};
  const float one = 1;
  uint16_t b[64] = {0};
  float c[8];
  bk_f16_pack(8, 1, bits, 1, 1, kernels->f32_nr, b);
  bk_float_gemm_args args = {
      1, 8, {&one, 1, NULL, 1, NULL, 1}, b, NULL, c, 8, -INFINITY, INFINITY, kernels->f32_nr};
  kernels->gemm.f16_gemm(&args);
  for (int i = 0; i < 8; i++)
    if (c[i] != (float)values[i])
      failures++, printf("fail %s half %04x: %g\n", kernels->name, bits[i], c[i]);
}
