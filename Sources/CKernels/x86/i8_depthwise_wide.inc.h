// The same over BK_N = 32 or 64 channels at once, put together by unpacking bytes within the lanes
// of 128 bits: of four vectors of sums, the first has the channels 0 to 3 of each lane, the second 4 to 7
// and so on, and packing them again gives the channels in order. The including file defines BK_V,
// the intrinsics of that width.
#define BK_OF(name) BK_WIDTH(name, BK_N)
#define BK_VECTOR BK_OF(vector)

typedef struct {
  BK_VECTOR v[4];
} BK_OF(group);

typedef struct {
  BK_OF(group) weights[MOST_GROUPS], bias, multiplier, left, right;
  // What is added before the shift to the right: to values from zero on, and to those below.
  BK_OF(group) half, half_below;
  bool shifts_left;
} BK_OF(constants);

BK_INLINE BK_VECTOR BK_OF(flipped)(const int8_t *from, char flip) {
  BK_VECTOR x;
  memcpy(&x, from, sizeof x);
  return BK_XOR(x, BK_V(set1_epi8)(flip));
}

// Groups of four bytes, one of each operand.
BK_INLINE BK_OF(group) BK_OF(grouped)(BK_VECTOR x0, BK_VECTOR x1, BK_VECTOR x2, BK_VECTOR x3) {
  BK_VECTOR a = BK_V(unpacklo_epi8)(x0, x1), b = BK_V(unpacklo_epi8)(x2, x3);
  BK_VECTOR c = BK_V(unpackhi_epi8)(x0, x1), d = BK_V(unpackhi_epi8)(x2, x3);
  BK_OF(group) x = {{BK_V(unpacklo_epi16)(a, b), BK_V(unpackhi_epi16)(a, b),
                     BK_V(unpacklo_epi16)(c, d), BK_V(unpackhi_epi16)(c, d)}};
  return x;
}

BK_INLINE BK_OF(group) BK_OF(column)(const int8_t *const rows[3], size_t offset, char flip) {
  return BK_OF(grouped)(
      BK_OF(flipped)(rows[0] + offset, flip), BK_OF(flipped)(rows[1] + offset, flip),
      BK_OF(flipped)(rows[2] + offset, flip), BK_V(set1_epi8)(0));
}

// Words of BK_N channels in the order of the sums.
BK_INLINE BK_OF(group) BK_OF(in_order)(const int32_t *p) {
  BK_OF(group) x;
  for (size_t lane = 0; lane < BK_N / 16; lane++)
    for (size_t i = 0; i < 4; i++)
      memcpy((char *)&x.v[i] + 16 * lane, p + 16 * lane + 4 * i, 16);
  return x;
}

// All but the weights, of which there are `groups`.
static void BK_OF(scales_at)(
    const bk_i8_depthwise_args *args, size_t c, size_t groups, BK_OF(constants) *s) {
  const BK_VECTOR zero = BK_V(set1_epi8)(0), one = BK_V(set1_epi32)(1);
  s->bias = BK_OF(in_order)(args->bias + c);
  s->multiplier = BK_OF(in_order)(args->multiplier + c);
  s->left = BK_OF(in_order)(args->shift + c);
  s->shifts_left = false;
  for (size_t i = c; i < c + BK_N; i++) s->shifts_left |= args->shift[i] > 0;
  for (size_t i = 0; i < 4; i++) {
    BK_VECTOR sum = zero;
    for (size_t group = 0; group < groups; group++)
      sum = BK_V(dpbusd_epi32)(sum, BK_V(set1_epi8)(1), s->weights[group].v[i]);
    s->bias.v[i] = BK_V(sub_epi32)(s->bias.v[i], BK_V(slli_epi32)(sum, 7));
    s->right.v[i] = BK_V(max_epi32)(BK_V(sub_epi32)(zero, s->left.v[i]), zero);
    s->left.v[i] = BK_V(max_epi32)(s->left.v[i], zero);
    // 2^(right - 1) and one less, and 0 where nothing is shifted.
    s->half.v[i] = BK_V(srli_epi32)(BK_V(sllv_epi32)(one, s->right.v[i]), 1);
    s->half_below.v[i] = BK_V(max_epi32)(BK_V(sub_epi32)(s->half.v[i], one), zero);
  }
}

static void BK_OF(constants_at)(const bk_i8_depthwise_args *args, size_t c, BK_OF(constants) *s) {
  const size_t channels = args->window.channels;
  for (size_t kx = 0; kx < 3; kx++) {
    const int8_t *w = args->weights + kx * channels + c;
    const int8_t *rows[3] = {w, w + 3 * channels, w + 6 * channels};
    s->weights[kx] = BK_OF(column)(rows, 0, 0);
  }
  BK_OF(scales_at)(args, c, 3, s);
}

// bk_requantize for the i-th vector.
BK_INLINE BK_VECTOR BK_OF(requantized)(const BK_OF(constants) *s, const int i, BK_VECTOR x) {
  if (s->shifts_left) x = BK_V(sllv_epi32)(x, s->left.v[i]);
  const BK_VECTOR nudge = BK_SPLAT64(1 << 30), m = s->multiplier.v[i], none = BK_V(set1_epi8)(0);
  BK_VECTOR even = BK_V(add_epi64)(BK_V(mul_epi32)(x, m), nudge);
  BK_VECTOR odd = BK_V(mul_epi32)(BK_V(srli_epi64)(x, 32), BK_V(srli_epi64)(m, 32));
  odd = BK_V(add_epi64)(odd, nudge);
  odd = BK_V(add_epi64)(odd, odd);
  x = BK_V(mask_blend_epi32)(BK_ODD, BK_V(srli_epi64)(even, 31), odd);
  // What lies above gives more than an int8 holds either way, and would leave int32.
  x = BK_V(min_epi32)(x, BK_V(sub_epi32)(BK_V(set1_epi32)(INT32_MAX), s->half.v[i]));
  BK_VECTOR half = BK_V(mask_blend_epi32)(
      BK_V(cmplt_epi32_mask)(x, none), s->half.v[i], s->half_below.v[i]);
  return BK_V(srav_epi32)(BK_V(add_epi32)(x, half), s->right.v[i]);
}

BK_INLINE void BK_OF(finish)(
    const bk_i8_depthwise_args *args, const BK_OF(constants) *s, BK_OF(group) sum, int8_t *y) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) sum.v[i] = BK_OF(requantized)(s, i, sum.v[i]);
  const BK_VECTOR zero = BK_V(set1_epi16)((short)args->zero);
  BK_VECTOR low = BK_V(adds_epi16)(BK_V(packs_epi32)(sum.v[0], sum.v[1]), zero);
  BK_VECTOR high = BK_V(adds_epi16)(BK_V(packs_epi32)(sum.v[2], sum.v[3]), zero);
  BK_VECTOR bytes = BK_V(packs_epi16)(low, high);
  bytes = BK_V(max_epi8)(bytes, BK_V(set1_epi8)((char)args->low));
  bytes = BK_V(min_epi8)(bytes, BK_V(set1_epi8)((char)args->high));
  memcpy(y, &bytes, sizeof bytes);
}

BK_INLINE BK_OF(group) BK_OF(dot)(BK_OF(group) sum, BK_OF(group) x, BK_OF(group) w) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) sum.v[i] = BK_V(dpbusd_epi32)(sum.v[i], x.v[i], w.v[i]);
  return sum;
}

// Any window, four taps in a group in their order; past the last one weights are zero.
static void BK_OF(bk_i8_depthwise_any)(const bk_i8_depthwise_args *args, size_t c) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels, taps = w->kernel_height * w->kernel_width;
  const size_t groups = (taps + 3) / 4;
  BK_OF(constants) s;
  for (size_t group = 0; group < groups; group++) {
    BK_VECTOR weights[4];
    for (size_t i = 0; i < 4; i++) {
      const size_t tap = 4 * group + i;
      weights[i] = tap < taps ? BK_OF(flipped)(args->weights + tap * channels + c, 0)
                              : BK_V(set1_epi8)(0);
    }
    s.weights[group] = BK_OF(grouped)(weights[0], weights[1], weights[2], weights[3]);
  }
  BK_OF(scales_at)(args, c, groups, &s);
  for (size_t row = args->first; row < args->last; row++)
    for (size_t column = 0; column < w->output_width; column++) {
      BK_OF(group) sum = s.bias;
      size_t ky = 0, kx = 0;
      const int8_t *x = bk_i8_input_row(args, row, 0) + c;
      for (size_t group = 0; group < groups; group++) {
        BK_VECTOR values[4];
#pragma clang loop unroll(full)
        for (size_t i = 0; i < 4; i++) {
          const size_t at = column * w->stride_width + kx * w->dilation_width - w->left;
          values[i] = BK_OF(flipped)(at < w->width ? x + at * channels : args->absent, -128);
          if (++kx == w->kernel_width) {
            kx = 0;
            if (ky + 1 < w->kernel_height) x = bk_i8_input_row(args, row, ++ky) + c;
          }
        }
        sum = BK_OF(dot)(
            sum, BK_OF(grouped)(values[0], values[1], values[2], values[3]), s.weights[group]);
      }
      int8_t *y = args->y + (row * w->output_width + column) * channels + c;
      BK_OF(finish)(args, &s, sum, y);
    }
}

#include "i8_depthwise_rows.inc.h"
#undef BK_VECTOR
