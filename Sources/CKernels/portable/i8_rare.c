// int8 operators too rare for a version for each instruction set, as TFLite's reference kernels define them.
#include <math.h>

#include "../include/CKernels.h"
#include "../templates/fixed_point.h"

// 1 / (1 + x) for x in [0, 1) with 31 bits behind the point, by three steps of Newton's method from 48/17 - 32/17 d.
static int32_t reciprocal(int32_t x) {
  int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t y = 1515870810 + bk_high_product(half, -1010580540);
  for (int i = 0; i < 3; i++)
    y += bk_saturated_shift(bk_high_product(y, (1 << 29) - bk_high_product(half, y)), 2);
  return bk_saturated_shift(y, 1);
}

static int32_t quotient(int32_t a, int32_t b, const bk_i8_binary_args *args) {
  if (a == 0 && b != 0) return args->y_zero;
  if (b == 0) return a < 0 ? args->low : args->high;
  if (b < 0) a = -a, b = -b;
  int32_t zeros = __builtin_clz((uint32_t)b), room = __builtin_clrsb(a);
  int32_t inverse = reciprocal((int32_t)(((uint32_t)b << zeros) - (1u << 31)));
  int32_t ratio = bk_high_product((int32_t)((uint32_t)a << room), inverse);
  int32_t shift = args->y_scale.shift - (31 - zeros) - room;
  // Less than half a level; LiteRT's own shift is not defined there.
  if (shift < -31) return args->y_zero;
  return bk_rescaled(ratio, (bk_scale){args->y_scale.multiplier, shift}) + args->y_zero;
}

static bool holds(bk_binary_kind kind, int32_t a, int32_t b) {
  switch (kind) {
  case BK_EQUAL: return a == b;
  case BK_NOT_EQUAL: return a != b;
  case BK_LESS: return a < b;
  case BK_LESS_OR_EQUAL: return a <= b;
  case BK_GREATER: return a > b;
  default: return a >= b;
  }
}

void bk_i8_rare_binary(const bk_i8_binary_args *args, float *truths) {
  const bk_broadcast *walk = &args->walk;
  const int8_t *a = args->a, *b = args->b;
  int8_t *y = args->y;
  size_t position[BK_MAX_RANK] = {0};
  for (;;) {
    int32_t left = *a - args->a_zero, right = *b - args->b_zero;
    if (args->kind == BK_DIVIDE) {
      *y++ = (int8_t)bk_clamped(quotient(left, right, args), args->low, args->high);
    } else {
      left = bk_rescaled(left * (1 << args->left), args->a_scale);
      right = bk_rescaled(right * (1 << args->left), args->b_scale);
      *truths++ = holds(args->kind, left, right) ? 1.0f : 0.0f;
    }
    size_t axis = walk->rank;
    for (;;) {
      if (axis == 0) return;
      axis--;
      a += walk->a_strides[axis];
      b += walk->b_strides[axis];
      if (++position[axis] < walk->extents[axis]) break;
      a -= walk->a_strides[axis] * (ptrdiff_t)walk->extents[axis];
      b -= walk->b_strides[axis] * (ptrdiff_t)walk->extents[axis];
      position[axis] = 0;
    }
  }
}

void bk_i8_maximum(const bk_i8_sum_args *args) {
  const int8_t *x = args->x;
  int8_t *y = args->y;
  for (size_t o = 0; o < args->outer; o++, y += args->inner) {
    for (size_t i = 0; i < args->inner; i++) y[i] = -128;
    for (size_t r = 0; r < args->reduced; r++, x += args->inner)
      for (size_t i = 0; i < args->inner; i++) y[i] = x[i] > y[i] ? x[i] : y[i];
  }
}

void bk_i8_log_softmax(
    size_t rows, size_t columns, float scale, const float *exps, const int8_t *x, int8_t *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    int32_t largest = -128;
    for (size_t i = 0; i < columns; i++) largest = x[i] > largest ? x[i] : largest;
    double sum = 0;
    for (size_t i = 0; i < columns; i++) sum += (double)exps[255 - largest + x[i]];
    double shift = log(sum);
    for (size_t i = 0; i < columns; i++) {
      double value = round(16 * ((double)scale * (x[i] - largest) - shift)) + 127;
      y[i] = (int8_t)(value < -128 ? -128 : value);
    }
  }
}

void bk_i8_l2_norm(size_t rows, size_t columns, int32_t zero, const int8_t *x, int8_t *y) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    int32_t squares = 0;
    for (size_t i = 0; i < columns; i++) squares += (x[i] - zero) * (x[i] - zero);
    bk_scale scale = bk_inverse_root(squares);
    scale.shift += 7;
    for (size_t i = 0; i < columns; i++)
      y[i] = (int8_t)bk_clamped(bk_rescaled(x[i] - zero, scale), -128, 127);
  }
}

// The two positions that one lies between, and how far it is from the first, in 1024ths.
typedef struct {
  size_t lower, upper;
  int32_t share;
} place;

static int32_t scale_of(size_t input, size_t output, bool aligns_corners) {
  if (aligns_corners && output > 1) input--, output--;
  return (int32_t)((1024 * input + output / 2) / output);
}

static place between(size_t position, size_t input, int32_t scale, const bk_resize *resize) {
  int32_t at = (int32_t)position * scale;
  if (resize->centers_pixels) at += scale / 2 - 512;
  int32_t lower = at / 1024 > 0 ? at / 1024 : 0, upper = (at + 1023) / 1024;
  int32_t last = (int32_t)input - 1;
  if (lower > last) lower = last;
  upper = upper < 0 ? 0 : upper > last ? last : upper;
  return (place){(size_t)lower, (size_t)upper, at - 1024 * lower};
}

void bk_i8_resize_bilinear(const bk_resize *r, const int8_t *x, int8_t *y) {
  int32_t rows = scale_of(r->height, r->output_height, r->aligns_corners);
  int32_t columns = scale_of(r->width, r->output_width, r->aligns_corners);
  size_t pitch = r->width * r->channels;
  for (size_t oy = 0; oy < r->output_height; oy++) {
    place v = between(oy, r->height, rows, r);
    const int8_t *top = x + v.lower * pitch, *bottom = x + v.upper * pitch;
    for (size_t ox = 0; ox < r->output_width; ox++, y += r->channels) {
      place h = between(ox, r->width, columns, r);
      size_t left = h.lower * r->channels, right = h.upper * r->channels;
      for (size_t c = 0; c < r->channels; c++) {
        int64_t above = top[left + c] * (1024 - h.share) + top[right + c] * h.share;
        int64_t below = bottom[left + c] * (1024 - h.share) + bottom[right + c] * h.share;
        int64_t sum = above * (1024 - v.share) + below * v.share;
        y[c] = (int8_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
      }
    }
  }
}
