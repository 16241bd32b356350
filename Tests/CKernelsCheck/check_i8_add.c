#include "kernel_check.h"
#include "templates/fixed_point.h"

// Sums of int8 as the reference adds them: with scales of real layers, in either order, with extreme ones, and
// lengths below, at and above what is added at once.
static int32_t added(const bk_i8_binary_args *args, int8_t a, int8_t b) {
  int32_t x = bk_rescaled((a - args->a_zero) * (1 << args->left), args->a_scale);
  int32_t y = bk_rescaled((b - args->b_zero) * (1 << args->left), args->b_scale);
  return bk_clamped(bk_rescaled(x + y, args->y_scale) + args->y_zero, args->low, args->high);
}

void check_i8_add(const bk_kernels *kernels) {
  static const bk_scale larger = {1 << 30, 0};
  static const bk_scale others[] = {
      {1 << 30, 0}, {INT32_MAX, -1}, {1234567890, -1}, {1518500250, -3}, {1073741825, -12}};
  static const bk_scale sums[] = {{1 << 30, -17},       {1234567890, -18}, {INT32_MAX, -19}, {1518500250, -21},
                                  {1999999999, -22}, {1 << 30, -30},    {1 << 30, 0},     {1234567890, 1}};
  static const size_t counts[] = {1, 8, 63, 64, 65, 300};
  static const int32_t zeros[] = {-128, 0, 3, 127};
  sequence s = {21};
  digest d = digest_start();
  int8_t a[300], b[300], y[300];
  for (size_t other = 0; other < sizeof others / sizeof *others; other++)
    for (size_t sum = 0; sum < sizeof sums / sizeof *sums; sum++)
      for (size_t i = 0; i < 24; i++) {
        bk_i8_binary_args args = {
            .kind = BK_ADD, .a_zero = zeros[i % 4], .b_zero = zeros[(i + sum) % 4], .y_zero = zeros[i / 6],
            .left = 20, .a_scale = i % 2 ? larger : others[other], .b_scale = i % 2 ? others[other] : larger,
            .y_scale = sums[sum], .low = i % 3 ? -128 : -5, .high = i % 5 ? 127 : 90, .a = a, .b = b, .y = y};
        // Where neither is the larger, which no converter writes.
        if (i == 7) args.a_scale = args.b_scale = others[other];
        size_t count = counts[(i + other) % 6];
        args.walk = (bk_broadcast){1, {count}, {1}, {1}};
        for (size_t j = 0; j < 300; j++) {
          a[j] = (int8_t)(next_weight(&s) - (next_weight(&s) & 1));
          b[j] = (int8_t)(next_weight(&s) - (next_weight(&s) & 1));
        }
        a[0] = b[0] = -128;
        kernels->quantized.i8_binary(&args);
        for (size_t j = 0; j < count; j++)
          if (y[j] != added(&args, a[j], b[j])) {
            failures++;
            printf("fail %s i8_add %zu %zu %zu at %zu: %d, not %d\n", kernels->name, other, sum, i, j, y[j],
                   added(&args, a[j], b[j]));
            break;
          }
        digest_add(&d, y, count);
      }
  digest_print(&d, kernels, "i8_add");
}
