// The inner loops of the float32 product for the in-order Cortex-A53, by hand: four values of k at
// a time. A fused multiply takes ten cycles there, so 16 sums are under way, and loads stand
// together between blocks of multiplications, as each change from one to the other waits.
#ifndef BRAMBLE_F32_RUN_NEON_A53_H
#define BRAMBLE_F32_RUN_NEON_A53_H

#include <arm_neon.h>

#include "../templates/loop.h"
#include "../templates/vector.h"

#define TEMPORARIES                                                                            \
  "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", \
      "v29", "v30", "v31"
#define FUSED(sum, w, x, lane) "fmla %[" #sum "].4s, v" #w ".4s, " x ".s[" #lane "]\n"

// Weights of one k (v24 to v31 hold four of them) times the value of each row (v16 to v23).
#define ROW(r, x, w0, w1, lane) FUSED(s##r##0, w0, "v" #x, lane) FUSED(s##r##1, w1, "v" #x, lane)
#define ONE_K(w0, w1, lane)                                                                 \
  ROW(0, 16, w0, w1, lane) ROW(1, 17, w0, w1, lane) ROW(2, 18, w0, w1, lane)                \
  ROW(3, 19, w0, w1, lane) ROW(4, 20, w0, w1, lane) ROW(5, 21, w0, w1, lane)                \
  ROW(6, 22, w0, w1, lane) ROW(7, 23, w0, w1, lane)
#define SUMS_OF_ROW(r) [s##r##0] "+w"(s[r][0]), [s##r##1] "+w"(s[r][1])

#define FOUR_K ONE_K(24, 25, 0) ONE_K(26, 27, 1) ONE_K(28, 29, 2) ONE_K(30, 31, 3)
#define LOAD_FOUR_K                                                                         \
  "ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [%[b0]]\n" "add %[b0], %[b0], #128\n"              \
  "ld1 {v28.4s, v29.4s, v30.4s, v31.4s}, [%[b1]]\n" "add %[b1], %[b1], #128\n"              \
  "ldr q16, [%[a0], %[at]]\n" "ldr q17, [%[a1], %[at]]\n" "ldr q18, [%[a2], %[at]]\n"       \
  "ldr q19, [%[a3], %[at]]\n" "ldr q20, [%[a4], %[at]]\n" "ldr q21, [%[a5], %[at]]\n"       \
  "ldr q22, [%[a6], %[at]]\n" "subs %[fours], %[fours], #1\n"                               \
  "ldr q23, [%[a7], %[at]]\n" "add %[at], %[at], #16\n"

// Eight rows, one panel of eight columns, `fours` times four values of k.
BK_INLINE void bk_f32_run_of_eight__neon_a53(
    size_t fours, const float *const a[8], const float *b, float32x4_t s[8][2]) {
  const float *b1 = b + 16;
  size_t at = 0;
  if (fours == 0) return;
  __asm__(LOAD_FOUR_K "b.eq 2f\n"
          "1:\n" BK_LOOP("f32 8x8") FOUR_K LOAD_FOUR_K "b.ne 1b\n"
          "2:\n" FOUR_K
          : [fours] "+r"(fours), [at] "+r"(at), [b0] "+r"(b), [b1] "+r"(b1), SUMS_OF_ROW(0),
            SUMS_OF_ROW(1), SUMS_OF_ROW(2), SUMS_OF_ROW(3), SUMS_OF_ROW(4), SUMS_OF_ROW(5),
            SUMS_OF_ROW(6), SUMS_OF_ROW(7)
          : [a0] "r"(a[0]), [a1] "r"(a[1]), [a2] "r"(a[2]), [a3] "r"(a[3]), [a4] "r"(a[4]),
            [a5] "r"(a[5]), [a6] "r"(a[6]), [a7] "r"(a[7])
          : "memory", "cc", TEMPORARIES);
}

// Eight values of k of one panel (16 vectors of weights) times two quads of A. Each value of a quad has
// sums of its own, as latency wants eight of them.
#define LOAD_EIGHT_K                                                                           \
  "ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [%[b0]]\n" "add %[b0], %[b0], #256\n"                \
  "ld1 {v20.4s, v21.4s, v22.4s, v23.4s}, [%[b1]]\n" "add %[b1], %[b1], #256\n"                \
  "ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [%[b2]]\n" "add %[b2], %[b2], #256\n"                \
  "ld1 {v28.4s, v29.4s, v30.4s, v31.4s}, [%[b3]]\n" "add %[b3], %[b3], #256\n"                \
  "ldr %q[x], [%[a]]\n" "subs %[eights], %[eights], #1\n"                                     \
  "ldr %q[y], [%[a], #16]\n" "add %[a], %[a], #32\n"
#define QUAD(x, w0, w1, w2, w3, w4, w5, w6, w7)                                       \
  FUSED(s00, w0, x, 0) FUSED(s01, w1, x, 0) FUSED(s10, w2, x, 1) FUSED(s11, w3, x, 1) \
  FUSED(s20, w4, x, 2) FUSED(s21, w5, x, 2) FUSED(s30, w6, x, 3) FUSED(s31, w7, x, 3)
#define EIGHT_K                                \
  QUAD("%[x]", 16, 17, 18, 19, 20, 21, 22, 23) \
  QUAD("%[y]", 24, 25, 26, 27, 28, 29, 30, 31)

// One row, one panel, `eights` times eight values of k; s[u] is for k % 4 == u.
BK_INLINE void bk_f32_run_of_one__neon_a53(
    size_t eights, const float *a, const float *b, float32x4_t s[4][2]) {
  const float *b1 = b + 16, *b2 = b + 32, *b3 = b + 48;
  float32x4_t x, y;
  if (eights == 0) return;
  __asm__(LOAD_EIGHT_K "b.eq 2f\n"
          "1:\n" BK_LOOP("f32 1x8") EIGHT_K LOAD_EIGHT_K "b.ne 1b\n"
          "2:\n" EIGHT_K
          : [eights] "+r"(eights), [a] "+r"(a), [b0] "+r"(b), [b1] "+r"(b1), [b2] "+r"(b2),
            [b3] "+r"(b3), [x] "=&w"(x), [y] "=&w"(y), SUMS_OF_ROW(0), SUMS_OF_ROW(1),
            SUMS_OF_ROW(2), SUMS_OF_ROW(3)
          :
          : "memory", "cc", TEMPORARIES);
}

#undef TEMPORARIES
#undef FUSED
#undef ROW
#undef ONE_K
#undef SUMS_OF_ROW
#undef FOUR_K
#undef LOAD_FOUR_K
#undef LOAD_EIGHT_K
#undef QUAD
#undef EIGHT_K
#endif
