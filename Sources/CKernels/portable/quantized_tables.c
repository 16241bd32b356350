// Tables of what an int8 function gives for each of its 256 arguments, made while a model is loaded.
//
// Functions are computed in double precision and rounded to single: TFLite computes them in single precision with its
// C library, whose last bit may differ.
#include <math.h>

#include "../include/CKernels.h"
#include "../templates/fixed_point.h"

static float function_of(bk_unary_kind kind, float x) {
  double v = x;
  switch (kind) {
  case BK_TANH: return (float)tanh(v);
  case BK_SIGMOID: return 1.0f / (1.0f + (float)exp(-v));
  case BK_EXPONENTIAL: return (float)exp(v);
  case BK_SELU:
    return (float)(v < 0 ? 1.75809934084737685 * expm1(v) : 1.05070098735548049 * v);
  case BK_SILU: return x / (1.0f + (float)exp(-v));
  case BK_ERF: return (float)erf(v);
  case BK_ELU: return v < 0 ? (float)expm1(v) : x;
  case BK_GELU: return 0.5f * x * (1.0f + (float)erf(x * (float)0.70710678118654752440));
  case BK_GELU_TANH: {
    float inner = (float)(1.12837916709551257390 * 0.70710678118654752440);
    return 0.5f * x * (1.0f + (float)tanh(inner * (x + 0.044715f * x * x * x)));
  }
  default: return x;
  }
}

// round(y / scale) + zero, half away from zero.
static int32_t quantized(float y, const bk_i8_function *f) {
  float levels = roundf(y * (1 / f->y_scale)) + (float)f->y_zero;
  return levels < -128 ? -128 : levels > 127 ? 127 : (int32_t)levels;
}

static int32_t root_of(int32_t levels, const bk_i8_function *f) {
  if (levels < 0) return -128;
  float y = sqrtf(f->x_scale * (float)levels) / f->y_scale + (float)f->y_zero;
  return bk_clamped(y > 300 ? 300 : (int32_t)(y - (float)f->y_zero) + f->y_zero, -128, 127);
}

static int32_t logarithm_of(int32_t levels, const bk_i8_function *f) {
  float x = f->x_scale * (float)levels;
  if (x <= 0) return quantized((float)(-128 - f->y_zero) * f->y_scale, f);
  return quantized((float)log((double)x), f);
}

static int32_t reciprocal_root_of(int32_t levels, const bk_i8_function *f) {
  if (levels <= 0) return 127;
  bk_scale root = bk_inverse_root(levels), scale = {f->rescale.multiplier, f->rescale.shift - 20};
  int32_t data = bk_rescaled(1, (bk_scale){root.multiplier, root.shift + 20});
  return bk_clamped(bk_rescaled(data, scale) + f->y_zero, -128, 127);
}

static int32_t high_product_16(int32_t a, int32_t b) {
  return bk_clamped((a * b + (1 << 14)) >> 15, -32768, 32767);
}

static int32_t saturated_16(int32_t x) { return bk_clamped(x, -32768, 32767); }

// x * relu6(x + 3) / 6 in int16, as TFLite has it.
static int32_t hard_swish_of(int32_t levels, const bk_i8_function *f) {
  float fine = (1.0f / 128.0f) * f->x_scale;
  int e = 0, r = 0;
  double m = frexp((double)(fine / f->y_scale), &e), n = frexp((double)(fine / (3.0f / 32768.0f)), &r);
  int64_t output = (int64_t)round(m * 2147483648.0), inner = (int64_t)round(n * 2147483648.0);
  if (output == 1LL << 31) output /= 2, e++;
  if (inner == 1LL << 31) inner /= 2, r++;
  int32_t output_factor = output >= INT32_MAX - 32768 ? 32767 : (int32_t)((output + 32768) >> 16);
  int32_t inner_factor = inner >= INT32_MAX - 32768 ? 32767 : (int32_t)((inner + 32768) >> 16);
  int32_t x = levels * 128, gate = x;
  int32_t scaled = high_product_16(x, output_factor);
  if (r > 0) gate = saturated_16((int32_t)bk_clamped(bk_saturated_shift(gate, r - 1), -32768, 32767));
  gate = high_product_16(gate, inner_factor);
  if (r > 0) gate = saturated_16(gate * 2);
  if (r < 0) gate = bk_round_shift(gate, -r > 15 ? 15 : -r);
  gate = (gate + 32768) >> 1;
  int32_t y = gate * scaled / 32768;
  y = e < 0 ? bk_round_shift(y, -e > 31 ? 31 : -e) : saturated_16(bk_saturated_shift(y, e));
  return bk_clamped(y + f->y_zero, -128, 127);
}

static int32_t rescaled_of(int32_t levels, const bk_i8_function *f) {
  return bk_clamped(bk_rescaled(levels, f->rescale) + f->y_zero, f->low, f->high);
}

static int32_t result_of(bk_unary_kind kind, int32_t levels, const bk_i8_function *f) {
  switch (kind) {
  case BK_RELU:
  case BK_RELU6:
  case BK_RELU_N1_TO_1: return rescaled_of(levels, f);
  case BK_ABSOLUTE:
    levels = levels < 0 ? -levels : levels;
    return f->x_scale == f->y_scale ? bk_clamped(levels + f->y_zero, -128, 127)
                                    : rescaled_of(levels, f);
  case BK_NEGATE: return rescaled_of(-levels, f);
  case BK_HARD_SWISH: return hard_swish_of(levels, f);
  case BK_RECIPROCAL_SQUARE_ROOT: return reciprocal_root_of(levels, f);
  case BK_SQUARE_ROOT: return root_of(levels, f);
  case BK_LOGARITHM: return logarithm_of(levels, f);
  default: return quantized(function_of(kind, f->x_scale * (float)levels), f);
  }
}

void bk_i8_unary_table(bk_unary_kind kind, const bk_i8_function *function, int8_t *table) {
  for (int32_t x = -128; x < 128; x++)
    table[x + 128] = (int8_t)result_of(kind, x - function->x_zero, function);
}

void bk_i8_rescale_table(const bk_i8_function *function, int8_t *table) {
  for (int32_t x = -128; x < 128; x++)
    table[x + 128] = (int8_t)rescaled_of(x - function->x_zero, function);
}

void bk_i8_softmax_table(float scale, float *exps) {
  for (int32_t d = 0; d < 256; d++) exps[255 - d] = (float)exp((double)(-scale * (float)d));
}

size_t bk_i8_matmul_scratch(size_t m, size_t n, size_t k) {
  size_t pairs = (k + 1) / 2;
  return ((n + 7) / 8 * pairs * 16 + m * pairs * 2) * sizeof(int16_t);
}
