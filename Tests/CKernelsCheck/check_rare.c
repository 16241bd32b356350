// The int8 operators that are C alone: against real numbers, and by digest, as compilers and CPUs must not differ.
#include "kernel_check.h"

static void expect_level(
    const char *what, const bk_kernels *kernels, int8_t level, double real, double tolerance) {
  real = real < -128 ? -128 : real > 127 ? 127 : real;
  if (fabs(level - real) <= tolerance) return;
  if (failures++ < 50)
    printf("fail %s %s: level %d, expected %.9g\n", kernels->name, what, level, real);
}

static void check_quotients(const bk_kernels *kernels, digest *d) {
  enum { count = 256 };
  int8_t a[count], b[count], y[count];
  float truths[count];
  for (int i = 0; i < count; i++) a[i] = (int8_t)(i - 128);
  bk_i8_binary_args args = {
      .kind = BK_DIVIDE, .a_zero = -20, .b_zero = 7, .y_zero = 3, .y_scale = {1 << 30, 6}, .low = -128,
      .high = 127, .a = a, .b = b, .y = y};
  args.walk.rank = 1;
  bk_broadcast_set(&args.walk, 0, count, 1, 1);
  for (int divisor = -128; divisor < 128; divisor++) {
    memset(b, divisor, sizeof b);
    bk_i8_rare_binary(&args, NULL);
    digest_add(d, y, sizeof y);
    for (int i = 0; i < count; i++) {
      double dividend = a[i] + 20;
      double real = divisor == 7 ? (dividend < 0 ? -128 : 127) : 32 * dividend / (divisor - 7) + 3;
      expect_level("quotient", kernels, y[i], real, 0.51);
    }
  }
  args.left = 8, args.a_scale = (bk_scale){1 << 30, -3}, args.b_scale = (bk_scale){3 << 29, -4};
  for (int kind = BK_EQUAL; kind <= BK_GREATER_OR_EQUAL; kind++) {
    args.kind = (bk_binary_kind)kind;
    for (int other = -128; other < 128; other++) {
      memset(b, other, sizeof b);
      bk_i8_rare_binary(&args, truths);
      digest_add(d, truths, sizeof truths);
    }
  }
}

static void check_i8_rows(const bk_kernels *kernels, digest *d) {
  sequence s = {14};
  float exps[256];
  for (size_t columns = 1; columns < 60; columns += 3) {
    int8_t *x = random_weights(&s, 3 * columns), *y = zeroed(3 * columns);
    float scale = 0.01f + 0.004f * (float)columns;
    bk_i8_softmax_table(scale, exps);
    bk_i8_log_softmax(3, columns, scale, exps, x, y);
    digest_add(d, y, 3 * columns);
    for (size_t row = 0; row < 3; row++) {
      double sum = 0;
      for (size_t i = 0; i < columns; i++) sum += exp(scale * x[row * columns + i]);
      for (size_t i = 0; i < columns; i++)
        expect_level("log softmax", kernels, y[row * columns + i],
                     16 * (scale * x[row * columns + i] - log(sum)) + 127, 0.51);
    }
    bk_i8_l2_norm(3, columns, 11, x, y);
    digest_add(d, y, 3 * columns);
    for (size_t row = 0; row < 3; row++) {
      double sum = 0;
      for (size_t i = 0; i < columns; i++) sum += pow(x[row * columns + i] - 11, 2);
      for (size_t i = 0; i < columns; i++)
        expect_level("length", kernels, y[row * columns + i],
                     128 * (x[row * columns + i] - 11) / sqrt(sum > 0 ? sum : 1), 0.51);
    }
    free(x), free(y);
  }
}

static void check_images(digest *d) {
  sequence s = {15};
  for (size_t i = 0; i < 60; i++) {
    bk_resize resize = {
        .height = 1 + i % 5, .width = 1 + i % 7, .channels = 1 + i % 3, .output_height = 1 + i % 11,
        .output_width = 1 + i % 13, .aligns_corners = i % 3 == 1, .centers_pixels = i % 3 == 2};
    size_t count = resize.output_height * resize.output_width * resize.channels;
    int8_t *x = random_weights(&s, resize.height * resize.width * resize.channels), *y = zeroed(count);
    bk_i8_resize_bilinear(&resize, x, y);
    digest_add(d, y, count);
    free(x), free(y);
  }
}

void check_rare(const bk_kernels *kernels) {
  digest d = digest_start();
  check_quotients(kernels, &d);
  check_i8_rows(kernels, &d);
  check_images(&d);
  digest_print(&d, kernels, "rare");
}
