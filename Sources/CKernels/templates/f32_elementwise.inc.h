// Functions of one and of two operands, element by element.
#include <math.h>

#include "../portable/walk.h"
#include "vector.h"

BK_INLINE bk_f32x8 BK_NAME(bk_gelu_tanh)(bk_f32x8 x) {
  bk_f32x8 inner = (x + x * x * x * 0.044715f) * 0.797884560802865f;
  return x * 0.5f * (bk_tanh(inner) + 1.0f);
}

BK_INLINE bk_f32x8 BK_NAME(bk_elu)(bk_f32x8 x) {
  return x < 0.0f ? bk_exp(bk_min(x, bk_splat(0))) - 1.0f : x;
}

BK_INLINE bk_f32x8 BK_NAME(bk_selu)(bk_f32x8 x) {
  bk_f32x8 negative = (bk_exp(bk_min(x, bk_splat(0))) - 1.0f) * 1.7580993408473766f;
  return x < 0.0f ? negative : x * 1.0507009873554805f;
}

// Lane by lane in the C library: rare operators, and exact where the CPU has the instruction.
#define BK_LANES_OF(function)                            \
  do {                                                   \
    for (int lane = 0; lane < 8; lane++) x[lane] = function(x[lane]); \
    return x;                                            \
  } while (0)

BK_INLINE bk_f32x8 BK_NAME(bk_unary_of)(bk_unary_kind kind, bk_f32x8 x) {
  switch (kind) {
  case BK_RELU: return bk_max(x, bk_splat(0));
  case BK_RELU6: return bk_clamp(x, 0, 6);
  case BK_RELU_N1_TO_1: return bk_clamp(x, -1, 1);
  case BK_TANH: return bk_tanh(x);
  case BK_SIGMOID: return bk_sigmoid(x);
  case BK_NEGATE: return -x;
  case BK_ABSOLUTE: return bk_abs(x);
  case BK_EXPONENTIAL: return bk_exp(x);
  case BK_LOGARITHM: BK_LANES_OF(logf);
  case BK_SQUARE_ROOT: BK_LANES_OF(sqrtf);
  case BK_RECIPROCAL_SQUARE_ROOT: BK_LANES_OF(1.0f / sqrtf);
  case BK_SQUARE: return x * x;
  case BK_ELU: return BK_NAME(bk_elu)(x);
  case BK_HARD_SWISH: return x * bk_clamp(x + 3.0f, 0, 6) * (1.0f / 6.0f);
  case BK_GELU: return x * 0.5f * (bk_erf(x * 0.707106781186548f) + 1.0f);
  case BK_GELU_TANH: return BK_NAME(bk_gelu_tanh)(x);
  case BK_SELU: return BK_NAME(bk_selu)(x);
  case BK_SILU: return x * bk_sigmoid(x);
  case BK_ERF: return bk_erf(x);
  case BK_UNARY_COUNT: break;
  }
  return x;
}

BK_INLINE void BK_NAME(bk_unary_loop)(bk_unary_kind kind, size_t count, const float *x, float *y) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) bk_store(y + i, BK_NAME(bk_unary_of)(kind, bk_load(x + i)));
  if (i < count) {
    bk_f32x8 last = BK_NAME(bk_unary_of)(kind, bk_load_part(x + i, count - i));
    bk_store_part(y + i, last, count - i);
  }
}

// One loop per kind, so that the choice is made outside it.
static void BK_NAME(bk_f32_unary)(bk_unary_kind kind, size_t count, const float *x, float *y) {
  switch (kind) {
#define BK_CASE(k) \
  case k: BK_NAME(bk_unary_loop)(k, count, x, y); break
    BK_CASE(BK_RELU);
    BK_CASE(BK_RELU6);
    BK_CASE(BK_RELU_N1_TO_1);
    BK_CASE(BK_TANH);
    BK_CASE(BK_SIGMOID);
    BK_CASE(BK_NEGATE);
    BK_CASE(BK_ABSOLUTE);
    BK_CASE(BK_EXPONENTIAL);
    BK_CASE(BK_LOGARITHM);
    BK_CASE(BK_SQUARE_ROOT);
    BK_CASE(BK_RECIPROCAL_SQUARE_ROOT);
    BK_CASE(BK_SQUARE);
    BK_CASE(BK_ELU);
    BK_CASE(BK_HARD_SWISH);
    BK_CASE(BK_GELU);
    BK_CASE(BK_GELU_TANH);
    BK_CASE(BK_SELU);
    BK_CASE(BK_SILU);
    BK_CASE(BK_ERF);
#undef BK_CASE
  case BK_UNARY_COUNT: break;
  }
}

static void BK_NAME(bk_f32_clamp)(size_t count, float low, float high, float *y) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) bk_store(y + i, bk_clamp(bk_load(y + i), low, high));
  for (; i < count; i++) {
    float v = y[i] < low ? low : y[i];
    y[i] = v > high ? high : v;
  }
}

BK_INLINE bk_f32x8 BK_NAME(bk_power)(bk_f32x8 a, bk_f32x8 b) {
  for (int lane = 0; lane < 8; lane++) a[lane] = powf(a[lane], b[lane]);
  return a;
}

#define BK_ONE_WHERE(condition) ((condition) ? bk_splat(1) : bk_splat(0))

BK_INLINE bk_f32x8 BK_NAME(bk_binary_of)(bk_binary_kind kind, bk_f32x8 a, bk_f32x8 b) {
  switch (kind) {
  case BK_ADD: return a + b;
  case BK_SUBTRACT: return a - b;
  case BK_MULTIPLY: return a * b;
  case BK_DIVIDE: return a / b;
  case BK_MINIMUM: return bk_min(a, b);
  case BK_MAXIMUM: return bk_max(a, b);
  case BK_SQUARED_DIFFERENCE: return (a - b) * (a - b);
  case BK_POWER: return BK_NAME(bk_power)(a, b);
  case BK_PRELU: return a < 0.0f ? a * b : a;
  case BK_EQUAL: return BK_ONE_WHERE(a == b);
  case BK_NOT_EQUAL: return BK_ONE_WHERE(a != b);
  case BK_LESS: return BK_ONE_WHERE(a < b);
  case BK_LESS_OR_EQUAL: return BK_ONE_WHERE(a <= b);
  case BK_GREATER: return BK_ONE_WHERE(a > b);
  case BK_GREATER_OR_EQUAL: return BK_ONE_WHERE(a >= b);
  case BK_BINARY_COUNT: break;
  }
  return a;
}

// Reads up to eight elements at position `i` of a row with the given stride.
BK_INLINE bk_f32x8 BK_NAME(bk_lane_load)(
    const float *p, ptrdiff_t stride, size_t i, size_t count) {
  if (stride == 0) return bk_splat(*p);
  if (stride == 1) return count == 8 ? bk_load(p + i) : bk_load_part(p + i, count);
  bk_f32x8 v = bk_splat(0);
  for (size_t lane = 0; lane < count; lane++) v[lane] = p[(ptrdiff_t)(i + lane) * stride];
  return v;
}

BK_INLINE void BK_NAME(bk_binary_row)(
    bk_binary_kind kind, size_t count, const float *a, ptrdiff_t sa, const float *b, ptrdiff_t sb,
    float *y) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    bk_f32x8 left = BK_NAME(bk_lane_load)(a, sa, i, 8), right = BK_NAME(bk_lane_load)(b, sb, i, 8);
    bk_store(y + i, BK_NAME(bk_binary_of)(kind, left, right));
  }
  if (i == count) return;
  bk_f32x8 left = BK_NAME(bk_lane_load)(a, sa, i, count - i);
  bk_f32x8 right = BK_NAME(bk_lane_load)(b, sb, i, count - i);
  bk_store_part(y + i, BK_NAME(bk_binary_of)(kind, left, right), count - i);
}

BK_INLINE void BK_NAME(bk_binary_walk)(
    bk_binary_kind kind, const bk_broadcast *broadcast, const float *a, const float *b, float *y) {
  size_t last = broadcast->rank - 1, inner = broadcast->extents[last];
  ptrdiff_t sa = broadcast->a_strides[last], sb = broadcast->b_strides[last];
  bk_walk walk;
  bk_walk_begin(&walk, broadcast);
  do {
    const float *left = a + walk.at[0], *right = b + walk.at[1];
    if (sa == 1 && sb == 1)
      BK_NAME(bk_binary_row)(kind, inner, left, 1, right, 1, y);
    else if (sa == 1 && sb == 0)
      BK_NAME(bk_binary_row)(kind, inner, left, 1, right, 0, y);
    else
      BK_NAME(bk_binary_row)(kind, inner, left, sa, right, sb, y);
    y += inner;
  } while (bk_walk_next(&walk, last));
}

static void BK_NAME(bk_f32_binary)(
    bk_binary_kind kind, const bk_broadcast *walk, const float *a, const float *b, float *y) {
  switch (kind) {
#define BK_CASE(k) \
  case k: BK_NAME(bk_binary_walk)(k, walk, a, b, y); break
    BK_CASE(BK_ADD);
    BK_CASE(BK_SUBTRACT);
    BK_CASE(BK_MULTIPLY);
#undef BK_CASE
  // The others are rare, or take long enough to be asked for each eight values.
  default: BK_NAME(bk_binary_walk)(kind, walk, a, b, y);
  }
}
