// For the ARM1176 of the first Pi and of the Zero: no vectors, but two products of 16 bits in one
// instruction. Four int8 become two registers of two int16 each: the even and the odd ones.
#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
#include <arm_acle.h>

#include "../portable/i8_sinks.h"
#include "../portable/tables.h"

// The next four values of a row, which may stand anywhere: the core loads unaligned words.
BK_INLINE int8x4_t next_four(const int8_t **p) {
  int8x4_t values;
  __asm__("ldr %0, [%1], #4" : "=r"(values), "+r"(*p) : : "memory");
  return values;
}

// Two columns of a group of a panel, which is aligned to its 16 bytes; then `step` bytes further.
#define NEXT_TWO(columns, p, step) \
  __asm__("ldrd %0, %H0, [%1], #" #step : "=r"(columns), "+r"(p) : : "memory")

BK_INLINE int16x2_t even(int8x4_t x) { return __sxtb16(x); }
BK_INLINE int16x2_t odd(int8x4_t x) { return __sxtb16((int8x4_t)__ror((uint32_t)x, 8)); }
BK_INLINE int8x4_t first(uint64_t columns) { return (int8x4_t)columns; }
BK_INLINE int8x4_t second(uint64_t columns) { return (int8x4_t)(columns >> 32); }

// One row, four columns.
static __attribute__((noinline)) void bk_i8_one_by_four__armv6(
    size_t run, const int8_t *a, const int8_t *b, int32_t *sums) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  const int8_t *end = a + run;
  while (a != end) {
    BK_LOOP_OF_TILE("i8", 1, 4);
    uint64_t w;
    int8x4_t x = next_four(&a);
    NEXT_TWO(w, b, 8);
    int16x2_t x0 = even(x), x1 = odd(x);
    s0 = __smlad(odd(first(w)), x1, __smlad(even(first(w)), x0, s0));
    s1 = __smlad(odd(second(w)), x1, __smlad(even(second(w)), x0, s1));
    NEXT_TWO(w, b, 8);
    s2 = __smlad(odd(first(w)), x1, __smlad(even(first(w)), x0, s2));
    s3 = __smlad(odd(second(w)), x1, __smlad(even(second(w)), x0, s3));
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

// Two rows, two columns of a panel of four: each word of weights is taken apart once for both.
static __attribute__((noinline)) void bk_i8_two_by_two__armv6(
    size_t run, const int8_t *a0, const int8_t *a1, const int8_t *b, int32_t (*sums)[4]) {
  int32_t s00 = sums[0][0], s01 = sums[0][1], s10 = sums[1][0], s11 = sums[1][1];
  const int8_t *end = a0 + run;
  while (a0 != end) {
    BK_LOOP_OF_TILE("i8", 2, 2);
    uint64_t w;
    NEXT_TWO(w, b, 16);
    int8x4_t x = next_four(&a0), y = next_four(&a1);
    int16x2_t x0 = even(x), x1 = odd(x), y0 = even(y), y1 = odd(y);
    int16x2_t even0 = even(first(w)), odd0 = odd(first(w));
    s00 = __smlad(odd0, x1, __smlad(even0, x0, s00));
    s10 = __smlad(odd0, y1, __smlad(even0, y0, s10));
    int16x2_t even1 = even(second(w)), odd1 = odd(second(w));
    s01 = __smlad(odd1, x1, __smlad(even1, x0, s01));
    s11 = __smlad(odd1, y1, __smlad(even1, y0, s11));
  }
  sums[0][0] = s00, sums[0][1] = s01, sums[1][0] = s10, sums[1][1] = s11;
}

// Up to two rows and one panel.
static void tile(
    const bk_i8_product *p, size_t m, size_t rows, size_t n0, size_t run, int32_t sums[2][4]) {
  const int8_t *b = p->b + n0 * p->a.segments * run;
  for (size_t segment = 0; segment < p->a.segments; segment++, b += 4 * run) {
    const int8_t *a = bk_i8_run_at(p, m, segment);
    if (rows == 1) {
      bk_i8_one_by_four__armv6(run, a, b, sums[0]);
    } else {
      const int8_t *next = bk_i8_run_at(p, m + 1, segment);
      bk_i8_two_by_two__armv6(run, a, next, b, sums);
      bk_i8_two_by_two__armv6(run, a, next, b + 8, (int32_t(*)[4])(sums[0] + 2));
    }
  }
}

static void product(const bk_i8_product *p, bk_i8_sink sink, const void *args) {
  const size_t run = bk_i8_run(p->a.k);
  for (size_t n0 = 0; n0 < p->n; n0 += 4)
    for (size_t m = 0, rows; m < p->m; m += rows) {
      int32_t sums[2][4] = {{0}};
      rows = p->m - m < 2 ? 1 : 2;
      tile(p, m, rows, n0, run, sums);
      for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < 4 && n0 + i < p->n; i++) sink(args, m + r, n0 + i, sums[r][i]);
    }
}

void bk_i8_f32_gemm__armv6(const bk_i8_f32_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_f32, args);
}
void bk_i8_i8_gemm__armv6(const bk_i8_i8_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_i8, args);
}
void bk_i8_i32_gemm__armv6(const bk_i8_i32_gemm_args *args) {
  product(&args->product, bk_i8_sum_to_i32, args);
}
#endif
