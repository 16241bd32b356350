// The inner loops of the int8 products for the in-order Cortex-A53, by hand.
//
// It issues two instructions a cycle, one of them NEON's, and loads 64 bits a cycle beside it: so
// weights come eight bytes at a time between the multiplications, five loads ahead of their use,
// and eight independent sums stand between two uses of a register (latency 6). In the loop of one
// row half the weights come sixteen bytes at a time, as llvm-mca's model charges per load.
#ifndef BRAMBLE_I8_RUN_NEON_A53_H
#define BRAMBLE_I8_RUN_NEON_A53_H

#include <arm_neon.h>

#include "../templates/vector.h"
#include "../templates/loop.h"

#define LOAD8(w, at) "ldr d" #w ", [%[b], #" at "]\n"
#define LOAD16(w, at) "ldr q" #w ", [%[b], #" at "]\n"
#define MULTIPLY(t, w, x) "smull v" #t ".8h, v" #w ".8b, v" #x ".8b\n"
#define ADD_TO(t, w, x) "smlal v" #t ".8h, v" #w ".8b, v" #x ".8b\n"
#define ADD_HIGH_TO(t, w, x) "smlal2 v" #t ".8h, v" #w ".16b, v" #x ".16b\n"
#define WIDEN(sum, t) "sadalp %[" #sum "].4s, v" #t ".8h\n"

#define TEMPORARIES                                                                            \
  "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", \
      "v29", "v30", "v31"
#define SUMS(r, s)                                                                          \
  [r##0] "+w"(s[0]), [r##1] "+w"(s[1]), [r##2] "+w"(s[2]), [r##3] "+w"(s[3]), [r##4] "+w"(s[4]), \
      [r##5] "+w"(s[5]), [r##6] "+w"(s[6]), [r##7] "+w"(s[7])

// Eight values of k, 16 columns: v16 and v17 hold the two groups of four of A in every lane, v18 to
// v25 products in pairs, v26 to v31 weights. `last` stands behind the last load.
#define ONE_ROW(a0, a1, at, last)                                                              \
  "ld1r {v16.2s}, [%[" #a0 "]]\n"                                                              \
  "ld1r {v17.4s}, [%[" #a1 "]]\n"                                                              \
  LOAD8(26, at) LOAD8(27, at "+8") LOAD8(28, at "+16") LOAD8(29, at "+24") LOAD8(30, at "+32") \
  MULTIPLY(18, 26, 16) LOAD8(31, at "+40") MULTIPLY(19, 27, 16) LOAD8(26, at "+48")            \
  MULTIPLY(20, 28, 16) LOAD8(27, at "+56") MULTIPLY(21, 29, 16) LOAD16(28, at "+64")           \
  MULTIPLY(22, 30, 16) LOAD16(29, at "+80") MULTIPLY(23, 31, 16) LOAD16(30, at "+96")          \
  MULTIPLY(24, 26, 16) LOAD16(31, at "+112") last MULTIPLY(25, 27, 16)                         \
  ADD_TO(18, 28, 17) ADD_HIGH_TO(19, 28, 17) ADD_TO(20, 29, 17) ADD_HIGH_TO(21, 29, 17)        \
  ADD_TO(22, 30, 17) ADD_HIGH_TO(23, 30, 17) ADD_TO(24, 31, 17) ADD_HIGH_TO(25, 31, 17)        \
  WIDEN(s0, 18) WIDEN(s1, 19) WIDEN(s2, 20) WIDEN(s3, 21)                                      \
  WIDEN(s4, 22) WIDEN(s5, 23) WIDEN(s6, 24) WIDEN(s7, 25)

// Sum i of a row gets halves of the columns 2 * i and 2 * i + 1. `run` is a multiple of 8.
BK_INLINE void bk_i8_run_of_one__neon_a53(
    size_t run, const int8_t *a, const int8_t *b, int32x4_t s[8]) {
  const int8_t *a1 = a + 4, *a2 = a + 8, *a3 = a + 12;
  size_t count = run / 16;
  if (count > 0)
    __asm__("1:\n" BK_LOOP("i8 1x16")
            ONE_ROW(a0, a1, "0", "add %[a0], %[a0], #16\n" "add %[a1], %[a1], #16\n")
            ONE_ROW(a2, a3, "128",
                    "add %[a2], %[a2], #16\n" "add %[a3], %[a3], #16\n"
                    "add %[b], %[b], #256\n" "subs %[count], %[count], #1\n")
            "b.ne 1b\n"
            : [count] "+r"(count), [a0] "+r"(a), [a1] "+r"(a1), [a2] "+r"(a2), [a3] "+r"(a3),
              [b] "+r"(b), SUMS(s, s)
            :
            : "memory", "cc", TEMPORARIES);
  if (run & 8)
    __asm__(ONE_ROW(a0, a1, "0", "")
            : SUMS(s, s)
            : [a0] "r"(a), [a1] "r"(a1), [b] "r"(b)
            : "memory", TEMPORARIES);
}

// Half of the columns for two rows: v16 and v17 hold the first group of four of either row, v18 and
// v19 the second, v20 to v27 products in pairs, v28 to v31 weights.
#define HALF_OF_TWO(at, c0, c1, c2, c3, last)                                 \
  LOAD8(28, at) LOAD8(29, at "+8") LOAD8(30, at "+16") LOAD8(31, at "+24")    \
  MULTIPLY(20, 28, 16) MULTIPLY(24, 28, 17) LOAD8(28, at "+64")               \
  MULTIPLY(21, 29, 16) MULTIPLY(25, 29, 17) LOAD8(29, at "+72")               \
  MULTIPLY(22, 30, 16) MULTIPLY(26, 30, 17) LOAD8(30, at "+80")               \
  MULTIPLY(23, 31, 16) MULTIPLY(27, 31, 17) LOAD8(31, at "+88") last          \
  ADD_TO(20, 28, 18) ADD_TO(24, 28, 19) ADD_TO(21, 29, 18) ADD_TO(25, 29, 19) \
  ADD_TO(22, 30, 18) ADD_TO(26, 30, 19) ADD_TO(23, 31, 18) ADD_TO(27, 31, 19) \
  WIDEN(s##c0, 20) WIDEN(t##c0, 24) WIDEN(s##c1, 21) WIDEN(t##c1, 25)         \
  WIDEN(s##c2, 22) WIDEN(t##c2, 26) WIDEN(s##c3, 23) WIDEN(t##c3, 27)

BK_INLINE void bk_i8_run_of_two__neon_a53(
    size_t run, const int8_t *const a[2], const int8_t *b, int32x4_t s[8], int32x4_t t[8]) {
  const int8_t *a0 = a[0], *a1 = a[1], *a2 = a[0] + 4, *a3 = a[1] + 4;
  size_t count = run / 8;
  if (count > 0)
    __asm__("1:\n" BK_LOOP("i8 2x16")
            "ld1r {v16.2s}, [%[a0]]\n" "ld1r {v17.2s}, [%[a1]]\n"
            "ld1r {v18.2s}, [%[a2]]\n" "ld1r {v19.2s}, [%[a3]]\n"
            HALF_OF_TWO("0", 0, 1, 2, 3, "add %[a0], %[a0], #8\n" "add %[a1], %[a1], #8\n")
            HALF_OF_TWO("32", 4, 5, 6, 7,
                        "add %[a2], %[a2], #8\n" "add %[a3], %[a3], #8\n"
                        "add %[b], %[b], #128\n" "subs %[count], %[count], #1\n")
            "b.ne 1b\n"
            : [count] "+r"(count), [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2), [a3] "+r"(a3),
              [b] "+r"(b), SUMS(s, s), SUMS(t, t)
            :
            : "memory", "cc", TEMPORARIES);
}

#undef LOAD8
#undef LOAD16
#undef MULTIPLY
#undef ADD_TO
#undef ADD_HIGH_TO
#undef WIDEN
#undef TEMPORARIES
#undef SUMS
#undef ONE_ROW
#undef HALF_OF_TWO
#endif
