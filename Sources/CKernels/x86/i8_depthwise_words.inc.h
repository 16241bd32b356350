// A 3 x 3 depthwise convolution of 8 or 16 channels at a time, widened to words.
#define BK_OF(name) BK_WIDTH(name, BK_N)

typedef int32_t BK_OF(group) __attribute__((ext_vector_type(BK_N)));
typedef uint8_t BK_OF(bytes) __attribute__((ext_vector_type(BK_N)));

BK_INLINE BK_OF(group) BK_OF(column)(const int8_t *const rows[3], size_t offset, uint8_t flip) {
  BK_OF(bytes) top, middle, bottom;
  memcpy(&top, rows[0] + offset, BK_N);
  memcpy(&middle, rows[1] + offset, BK_N);
  memcpy(&bottom, rows[2] + offset, BK_N);
  return __builtin_convertvector(top ^ flip, BK_OF(group)) |
         __builtin_convertvector(middle ^ flip, BK_OF(group)) << 8 |
         __builtin_convertvector(bottom ^ flip, BK_OF(group)) << 16;
}

// What belongs to the channels of a vector.
typedef struct {
  BK_OF(group) weights[3], bias, multiplier, shift;
} BK_OF(constants);

BK_INLINE void BK_OF(constants_at)(
    const bk_i8_depthwise_args *args, size_t c, BK_OF(constants) *s) {
  const size_t channels = args->window.channels;
  BK_OF(group) sum = 0, ones = 0x010101;
  memcpy(&s->bias, args->bias + c, sizeof s->bias);
  memcpy(&s->multiplier, args->multiplier + c, sizeof s->multiplier);
  memcpy(&s->shift, args->shift + c, sizeof s->shift);
#pragma clang loop unroll(full)
  for (size_t kx = 0; kx < 3; kx++) {
    const int8_t *w = args->weights + kx * channels + c;
    const int8_t *rows[3] = {w, w + 3 * channels, w + 6 * channels};
    s->weights[kx] = BK_OF(column)(rows, 0, 0);
    sum = BK_OF(dot)(sum, ones, s->weights[kx]);
  }
  s->bias -= sum << 7;
}

BK_INLINE void BK_OF(finish)(
    const bk_i8_depthwise_args *args, const BK_OF(constants) *s, BK_OF(group) sum, int8_t *y) {
#pragma clang loop unroll(full)
  for (size_t part = 0; part < BK_N; part += 8) {
    bk_i32x8 v, multiplier, shift;
    memcpy(&v, (const int32_t *)&sum + part, sizeof v);
    memcpy(&multiplier, (const int32_t *)&s->multiplier + part, sizeof multiplier);
    memcpy(&shift, (const int32_t *)&s->shift + part, sizeof shift);
    v = bk_requantize(v, multiplier, shift) + args->zero;
    v = v < args->low ? (bk_i32x8)(args->low) : v;
    v = v > args->high ? (bk_i32x8)(args->high) : v;
    bk_i8x8 narrow = __builtin_convertvector(v, bk_i8x8);
    memcpy(y + part, &narrow, 8);
  }
}

#include "i8_depthwise_rows.inc.h"
