#include "kernel_check.h"

// Windows below, at and above what the kernels treat apart: 3 x 3 with and without edges, one axis, large,
// dilated, strides of one to three.
static const bk_window windows[] = {
    {7, 6, 0, 7, 6, 3, 3, 1, 1, 1, 1, 1, 1},   {7, 6, 0, 4, 3, 3, 3, 2, 2, 1, 1, 0, 0},
    {8, 7, 0, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1},   {5, 9, 0, 3, 7, 3, 3, 1, 1, 1, 1, 0, 0},
    {6, 11, 0, 2, 3, 3, 3, 3, 3, 1, 1, 0, 0},  {3, 3, 0, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1},
    {7, 6, 0, 4, 3, 3, 2, 2, 2, 1, 1, 1, 0},   {9, 8, 0, 9, 8, 5, 5, 1, 1, 1, 1, 2, 2},
    {12, 1, 0, 8, 1, 5, 1, 1, 1, 1, 1, 0, 0},  {1, 12, 0, 1, 12, 1, 3, 1, 1, 1, 1, 0, 1},
    {9, 10, 0, 5, 8, 3, 3, 1, 1, 2, 2, 0, 1},  {2, 2, 0, 2, 2, 3, 3, 1, 1, 1, 1, 1, 1},
    {1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0},   {15, 1, 0, 1, 1, 15, 1, 1, 1, 1, 1, 0, 0},
};
enum { window_count = sizeof windows / sizeof *windows };

// The element of x that output position p reads at a tap, or -1.
static ptrdiff_t source(const bk_window *w, size_t p, size_t ky, size_t kx, size_t c) {
  size_t oy = p / w->output_width, ox = p % w->output_width;
  ptrdiff_t y = (ptrdiff_t)(oy * w->stride_height + ky * w->dilation_height) - (ptrdiff_t)w->top;
  ptrdiff_t x = (ptrdiff_t)(ox * w->stride_width + kx * w->dilation_width) - (ptrdiff_t)w->left;
  if (y < 0 || y >= (ptrdiff_t)w->height || x < 0 || x >= (ptrdiff_t)w->width) return -1;
  return (y * (ptrdiff_t)w->width + x) * (ptrdiff_t)w->channels + (ptrdiff_t)c;
}

#define EACH_TAP(w) \
  for (size_t ky = 0; ky < (w)->kernel_height; ky++) for (size_t kx = 0; kx < (w)->kernel_width; kx++)

// As two threads would: each its rows.
#define run_in_parts(args, kernel)                                       \
  do {                                                                   \
    (args)->last = (args)->window.output_height / 2, (kernel)(args);     \
    (args)->first = (args)->last;                                        \
    (args)->last = (args)->window.output_height, (kernel)(args);         \
  } while (0)

static void f32_of(const bk_kernels *kernels, const bk_window *w, sequence *s) {
  const size_t c = w->channels, pixels = w->output_height * w->output_width, outputs = pixels * c;
  const size_t inputs = w->height * w->width * c, taps = w->kernel_height * w->kernel_width;
  float *x = random_floats(s, inputs, 1), *weights = random_floats(s, taps * c, 1);
  float *bias = random_floats(s, c, 1), *absent = zeroed(w->width * c * 4);
  float *y = zeroed(outputs * 4), *expected = zeroed(outputs * 4), *pooled = zeroed(outputs * 4);
  for (int average = 0; average < 2; average++) {
    for (size_t i = 0; i < outputs; i++) {
      double sum = average ? bias[i % c] : 0, total = 0, top = -INFINITY;
      int count = 0;
      EACH_TAP(w) {
        ptrdiff_t at = source(w, i / c, ky, kx, i % c);
        if (at < 0) continue;
        sum += (double)x[at] * weights[(ky * w->kernel_width + kx) * c + i % c];
        count++, total += x[at], top = fmax(top, x[at]);
      }
      expected[i] = (float)fmin(sum, 1.5);
      pooled[i] = (float)(average ? total / count : top);
    }
    bk_f32_depthwise_args depthwise = {*w,   0,    w->output_height,      x, absent, weights,
                                       average ? bias : NULL, y, -INFINITY, 1.5f};
    run_in_parts(&depthwise, kernels->spatial.f32_depthwise);
    expect_near("f32_depthwise", kernels, y, expected, outputs, 1e-5f);
    if (w->dilation_height > 1) continue;
    bk_f32_pool_args pool = {*w, 0, w->output_height, average, x, y, -INFINITY, INFINITY};
    kernels->spatial.f32_pool(&pool);
    expect_near("f32_pool", kernels, y, pooled, outputs, 2e-6f);
  }
  free(x), free(weights), free(bias), free(absent), free(y), free(expected), free(pooled);
}

static int32_t rounded_shift(int64_t value, int32_t count) {
  int64_t half = count > 0 ? (int64_t)1 << (count - 1) : 0;
  return (int32_t)(value >= 0 ? (value + half) >> count : -((-value + half) >> count));
}

// TFLite's two roundings: to the high half of the doubled product, then the shift.
static int32_t requantized(int32_t sum, int32_t multiplier, int32_t shift) {
  int64_t x = (int64_t)sum << (shift > 0 ? shift : 0), product = x * multiplier;
  int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
  return rounded_shift((product + nudge) / ((int64_t)1 << 31), shift > 0 ? 0 : -shift);
}

static int8_t clamped(int32_t value, int32_t low, int32_t high) {
  return (int8_t)(value < low ? low : value > high ? high : value);
}

static int8_t *random_bytes(sequence *s, size_t count) {
  int8_t *p = random_weights(s, count);
  for (size_t i = 0; i < count; i += 7) p[i] = -128;
  return p;
}

static void expect_equal(
    const char *what, const bk_kernels *kernels, const int8_t *a, const int8_t *b, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (a[i] == b[i]) continue;
    if (failures++ < 50)
      printf("fail %s %s at %zu: %d, expected %d\n", kernels->name, what, i, a[i], b[i]);
    return;
  }
}

static void i8_of(const bk_kernels *kernels, const bk_window *w, sequence *s, digest *d) {
  const size_t c = w->channels, pixels = w->output_height * w->output_width, outputs = pixels * c;
  const size_t inputs = w->height * w->width * c, taps = w->kernel_height * w->kernel_width;
  int8_t *x = random_bytes(s, inputs), *weights = random_weights(s, taps * c);
  int8_t *absent = zeroed(w->width * c), *y = zeroed(outputs), *expected = zeroed(outputs);
  int32_t *bias = zeroed(c * 4), *folded = zeroed(c * 4), *multiplier = zeroed(c * 4);
  int32_t *shift = zeroed(c * 4);
  const int32_t zero_x = next_weight(s), zero = next_weight(s) / 2, low = zero - 60, high = 110;
  memset(absent, zero_x, w->width * c);
  for (size_t i = 0; i < c; i++) {
    bias[i] = folded[i] = next_weight(s) * 300;
    multiplier[i] = (1 << 30) + next_weight(s) * 4000000 + 508000000;
    // In every other count all channels are shifted to the right, as they nearly always are.
    shift[i] = c % 2 == 0 ? -1 - (int32_t)(i % 9) : i % 5 == 4 ? 1 : -(int32_t)(i % 9);
    if (c > 32 && i == 7) shift[i] = c == 64 ? -31 : -24;
    for (size_t tap = 0; tap < taps; tap++) folded[i] -= zero_x * weights[tap * c + i];
  }
  for (size_t i = 0; i < outputs; i++) {
    int32_t sum = bias[i % c];
    EACH_TAP(w) {
      ptrdiff_t at = source(w, i / c, ky, kx, i % c);
      if (at >= 0) sum += (x[at] - zero_x) * weights[(ky * w->kernel_width + kx) * c + i % c];
    }
    expected[i] = clamped(zero + requantized(sum, multiplier[i % c], shift[i % c]), low, high);
  }
  bk_i8_depthwise_args depthwise = {*w,     0,          w->output_height, x, absent, weights,
                                    folded, multiplier, shift,            y, zero,   low,     high};
  run_in_parts(&depthwise, kernels->spatial.i8_depthwise);
  expect_equal("i8_depthwise", kernels, y, expected, outputs);
  digest_add(d, y, outputs);
  for (int average = 0; average < 2 && w->dilation_height == 1; average++) {
    for (size_t i = 0; i < outputs; i++) {
      int32_t count = 0, total = 0, top = -128;
      EACH_TAP(w) {
        ptrdiff_t at = source(w, i / c, ky, kx, i % c);
        if (at >= 0) count++, total += x[at], top = x[at] > top ? x[at] : top;
      }
      int32_t mean = (total + (total > 0 ? count / 2 : -(count / 2))) / count;
      expected[i] = clamped(average ? mean : top, -100, 90);
    }
    bk_i8_pool_args pool = {*w, 0, w->output_height, average, x, y, -100, 90};
    kernels->spatial.i8_pool(&pool);
    expect_equal("i8_pool", kernels, y, expected, outputs);
    digest_add(d, y, outputs);
  }
  free(x), free(weights), free(absent), free(y), free(expected), free(bias), free(folded);
  free(multiplier), free(shift);
}

// Below, at and above every vector of channels (8, 16, 32, 64).
static const size_t many_channels[] = {42, 48, 63, 64, 65, 96};
enum { most_channels = 41, counts = most_channels + sizeof many_channels / sizeof *many_channels };

void check_spatial(const bk_kernels *kernels) {
  sequence s = {6};
  digest d = digest_start();
  for (size_t i = 0; i < window_count; i++)
    for (size_t count = 0; count < counts; count++) {
      bk_window w = windows[i];
      w.channels = count < most_channels ? count + 1 : many_channels[count - most_channels];
      f32_of(kernels, &w, &s);
      i8_of(kernels, &w, &s, &d);
    }
  digest_print(&d, kernels, "spatial");
}
