#include "kernel_check.h"

void check_quantize(const bk_kernels *kernels) {
  sequence s = {3};
  digest d = digest_start();
  for (size_t k = 1; k < 40; k++) {
    float *x = random_floats(&s, 3 * k, (float)k);
    for (size_t i = 0; i < k; i++) x[2 * k + i] = 0;
    size_t stride = (k + 7) / 8 * 8;
    int8_t *q = zeroed(3 * stride);
    memset(q, 55, 3 * stride);
    float scales[3];
    kernels->quantized.f32_quantize_rows(3, k, x, k, q, stride, scales);
    for (size_t row = 0; row < 3; row++) {
      float range = 0;
      for (size_t i = 0; i < k; i++) range = fmaxf(range, fabsf(x[row * k + i]));
      for (size_t i = 0; i < stride; i++) {
        float inverse = range > 0 ? 127.0f / range : 0;
        int expected = i < k ? (int)roundf(x[row * k + i] * inverse) : 0;
        if (q[row * stride + i] != expected && failures++ < 50)
          printf("fail %s quantize k %zu: %d, expected %d\n", kernels->name, k,
                 q[row * stride + i], expected);
      }
    }
    digest_add(&d, q, 3 * stride);
    digest_add(&d, scales, sizeof scales);
    free(x), free(q);
  }
  // Ties go away from zero, also just below a half.
  float ties[8] = {127, 0.5f, -0.5f, 1.5f, -2.5f, 0.49999997f, -126.5f, 126.5f};
  const int8_t expected[8] = {127, 1, -1, 2, -3, 0, -127, 127};
  int8_t q[8];
  float scale;
  kernels->quantized.f32_quantize_rows(1, 8, ties, 8, q, 8, &scale);
  if (memcmp(q, expected, 8) != 0) failures++, printf("fail %s ties\n", kernels->name);
  digest_print(&d, kernels, "quantize");
}

static double reference(bk_unary_kind kind, double x) {
  switch (kind) {
  case BK_RELU: return x > 0 ? x : 0;
  case BK_RELU6: return fmin(fmax(x, 0), 6);
  case BK_RELU_N1_TO_1: return fmin(fmax(x, -1), 1);
  case BK_TANH: return tanh(x);
  case BK_SIGMOID: return 1 / (1 + exp(-x));
  case BK_NEGATE: return -x;
  case BK_ABSOLUTE: return fabs(x);
  case BK_EXPONENTIAL: return exp(x);
  case BK_LOGARITHM: return log(x);
  case BK_SQUARE_ROOT: return sqrt(x);
  case BK_RECIPROCAL_SQUARE_ROOT: return 1 / sqrt(x);
  case BK_SQUARE: return x * x;
  case BK_ELU: return x < 0 ? expm1(x) : x;
  case BK_HARD_SWISH: return x * fmin(fmax(x + 3, 0), 6) / 6;
  case BK_GELU: return x * 0.5 * (1 + erf(x * 0.70710678118654752));
  case BK_GELU_TANH: return 0.5 * x * (1 + tanh(0.79788456080286536 * (x + 0.044715 * x * x * x)));
  case BK_SELU: return 1.0507009873554805 * (x < 0 ? 1.6732632423543773 * expm1(x) : x);
  case BK_SILU: return x / (1 + exp(-x));
  case BK_ERF: return erf(x);
  case BK_UNARY_COUNT: break;
  }
  return 0;
}

void check_unary(const bk_kernels *kernels) {
  enum { count = 4099 };
  float *x = zeroed(count * 4), *y = zeroed(count * 4);
  digest d = digest_start();
  for (int kind = 0; kind < BK_UNARY_COUNT; kind++) {
    int positive = kind == BK_LOGARITHM || kind == BK_SQUARE_ROOT ||
                   kind == BK_RECIPROCAL_SQUARE_ROOT;
    for (int i = 0; i < count; i++) {
      x[i] = (float)(i - 2049) / 128.0f;
      if (positive) x[i] = (float)(i + 1) / 128.0f;
    }
    kernels->elementwise.f32_unary((bk_unary_kind)kind, count, x, y);
    for (int i = 0; i < count; i++) {
      double expected = reference((bk_unary_kind)kind, x[i]);
      // A sigmoid is right to an absolute error, and here multiplied by x.
      double scale = kind == BK_SILU ? fabs(x[i]) : fabs(expected);
      double tolerance = 1e-6 * fmax(1, scale);
      if (fabs(y[i] - expected) <= tolerance) continue;
      if (failures++ < 50)
        printf("fail %s unary %d at %g: %.9g, expected %.9g\n", kernels->name, kind, x[i], y[i],
               expected);
      break;
    }
    // The logarithm and the power are the C library's, which may differ between machines.
    if (kind != BK_LOGARITHM) digest_add(&d, y, count * 4);
  }
  float far[] = {-1e30f, -200, -90, 90, 200, 1e30f}, out[6];
  kernels->elementwise.f32_unary(BK_EXPONENTIAL, 6, far, out);
  if (out[0] != 0 || out[1] != 0 || !isinf(out[4]) || !isinf(out[5]))
    failures++, printf("fail %s exp far out\n", kernels->name);
  kernels->elementwise.f32_unary(BK_TANH, 6, far, out);
  if (fabsf(out[0] + 1) > 1e-6f || fabsf(out[5] - 1) > 1e-6f)
    failures++, printf("fail %s tanh far out\n", kernels->name);
  digest_print(&d, kernels, "unary");
  free(x), free(y);
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

void check_lstm_cell(const bk_kernels *kernels) {
  sequence s = {4};
  digest d = digest_start();
  for (size_t units = 1; units < 36; units++) {
    float *gates = random_floats(&s, 4 * units, 6), *c = random_floats(&s, units, 2);
    float *h = zeroed(units * 4), *expected_c = zeroed(units * 4), *expected_h = zeroed(units * 4);
    for (size_t u = 0; u < units; u++) {
      double cell = sigmoid(gates[units + u]) * c[u] + sigmoid(gates[u]) * tanh(gates[2 * units + u]);
      expected_c[u] = (float)cell;
      expected_h[u] = (float)(sigmoid(gates[3 * units + u]) * tanh(cell));
    }
    kernels->recurrent.f32_lstm_cell(units, units, gates, c, h);
    expect_near("lstm cell c", kernels, c, expected_c, units, 1e-6f);
    expect_near("lstm cell h", kernels, h, expected_h, units, 1e-6f);
    digest_add(&d, c, units * 4);
    digest_add(&d, h, units * 4);
    free(gates), free(c), free(h), free(expected_c), free(expected_h);
  }
  digest_print(&d, kernels, "lstm_cell");
}
