#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/requantize.h"
#include "../templates/window.h"

// The input row that an output row reads at kernel row ky, or the row of zero points.
BK_INLINE const int8_t *bk_i8_input_row(const bk_i8_depthwise_args *args, size_t row, size_t ky) {
  const bk_window *w = &args->window;
  size_t y = row * w->stride_height + ky * w->dilation_height;
  bool inside = y >= w->top && y - w->top < w->height;
  return inside ? args->x + (y - w->top) * w->width * w->channels : args->absent;
}

// Groups of four taps that a window has at most.
#define MOST_GROUPS 16

#define BK_JOIN(name, n) name##_##n
#define BK_WIDTH(name, n) BK_JOIN(name, n)

#define dot_8(sum, x, w) \
  ((group_8)_mm256_dpbusd_epi32((__m256i)(sum), (__m256i)(x), (__m256i)(w)))
#define BK_N 8
#include "i8_depthwise_words.inc.h"

#define dot_16(sum, x, w) \
  ((group_16)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(x), (__m512i)(w)))
#define BK_N 16
#include "i8_depthwise_words.inc.h"

typedef __m256i vector_32;
#define BK_N 32
#define BK_V(name) _mm256_##name
#define BK_XOR _mm256_xor_si256
#define BK_SPLAT64 _mm256_set1_epi64x
#define BK_ODD 0xaa
#include "i8_depthwise_wide.inc.h"
#undef BK_V
#undef BK_XOR
#undef BK_SPLAT64
#undef BK_ODD

typedef __m512i vector_64;
#define BK_N 64
#define BK_V(name) _mm512_##name
#define BK_XOR _mm512_xor_si512
#define BK_SPLAT64 _mm512_set1_epi64
#define BK_ODD 0xaaaa
#include "i8_depthwise_wide.inc.h"

#define BK_EACH_BLOCK(n)                                                                 \
  for (size_t c = 0; c < channels; c += n)                                               \
    if (w->stride_width == 1)                                                            \
      bk_i8_depthwise_##n(args, c + n <= channels ? c : channels - n, true);             \
    else                                                                                 \
      bk_i8_depthwise_##n(args, c + n <= channels ? c : channels - n, false)

// Shifts to the right by more than this are too rare to be worth a way without overflow.
#define MOST_SHIFT 20

static bool shifts_little(const bk_i8_depthwise_args *args) {
  bool little = true;
  for (size_t c = 0; c < args->window.channels; c++) little &= args->shift[c] >= -MOST_SHIFT;
  return little;
}

void bk_i8_depthwise__avx512vnni(const bk_i8_depthwise_args *args) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  const bool is3x3 = bk_window_is_3x3(w) && w->stride_width <= 2;
  const bool fits = w->kernel_height <= 4 * MOST_GROUPS && w->kernel_width <= 4 * MOST_GROUPS &&
                    w->kernel_height * w->kernel_width <= 4 * MOST_GROUPS;
  if (!shifts_little(args) || channels < (is3x3 ? 8 : 32) || !(is3x3 || fits)) {
    bk_i8_depthwise__avx2(args);
    return;
  }
  if (!is3x3) {
    const size_t n = channels >= 64 ? 64 : 32;
    for (size_t c = 0; c < channels; c += n) {
      const size_t start = c + n <= channels ? c : channels - n;
      if (n == 64)
        bk_i8_depthwise_any_64(args, start);
      else
        bk_i8_depthwise_any_32(args, start);
    }
    return;
  }
  // The last vector overlaps the one before where the channels are no multiple of its width.
  if (channels >= 64)
    BK_EACH_BLOCK(64);
  else if (channels >= 32)
    BK_EACH_BLOCK(32);
  else if (channels >= 16)
    BK_EACH_BLOCK(16);
  else
    BK_EACH_BLOCK(8);
}

#pragma clang attribute pop
#endif
