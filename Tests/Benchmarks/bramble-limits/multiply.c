#include "limits.h"

// Twelve independent sums hide the latency of a multiply-add on every core that we know.
#define SUMS 12
#define EACH(i) for (int i = 0; i < SUMS; i++)

// A function `name` that does `rounds` times SUMS times `step`, in which `sum` takes `products` more products of
// the vectors a and b. To the compiler a changes each time.
#define MULTIPLY_LOOP(name, isa, vector, zero, operand, one, step, products) \
  TARGET(isa) static int64_t name(int64_t rounds) {                          \
    vector sums[SUMS];                                                       \
    operand a = one, b = one;                                                \
    EACH(i) sums[i] = zero;                                                  \
    for (int64_t round = 0; round < rounds; round++) {                       \
      _Pragma("clang loop unroll(full)") EACH(i) {                           \
        vector sum = sums[i];                                                \
        KEEP(a);                                                             \
        sums[i] = step;                                                      \
      }                                                                      \
    }                                                                        \
    EACH(i) KEEP(sums[i]);                                                   \
    return rounds * SUMS * products;                                         \
  }

#if defined(__x86_64__)
#include <immintrin.h>
#define KEEP(value) __asm__ volatile("" : "+v"(value))
#define TARGET(isa) __attribute__((target(isa)))

MULTIPLY_LOOP(
    float_avx2, "avx2,fma", __m256, _mm256_setzero_ps(), __m256, _mm256_set1_ps(1e-9f),
    _mm256_fmadd_ps(a, b, sum), 8)
MULTIPLY_LOOP(
    float_avx512, "avx512f", __m512, _mm512_setzero_ps(), __m512, _mm512_set1_ps(1e-9f),
    _mm512_fmadd_ps(a, b, sum), 16)

TARGET("avx2") static inline __m256i dot_avx2(__m256i sum, __m256i a, __m256i b) {
  __m256i pairs = _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1));
  return _mm256_add_epi32(sum, pairs);
}
MULTIPLY_LOOP(
    int8_avx2, "avx2", __m256i, _mm256_setzero_si256(), __m256i, _mm256_set1_epi8(1),
    dot_avx2(sum, a, b), 32)
MULTIPLY_LOOP(
    int8_vnni, "avx512f,avx512vnni", __m512i, _mm512_setzero_si512(), __m512i, _mm512_set1_epi8(1),
    _mm512_dpbusd_epi32(sum, a, b), 64)

const multiply_loop *float_loops(size_t *count) {
  static multiply_loop loops[2];
  *count = 0;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    loops[(*count)++] = (multiply_loop){"avx2", float_avx2};
  if (__builtin_cpu_supports("avx512f")) loops[(*count)++] = (multiply_loop){"avx512", float_avx512};
  return loops;
}

const multiply_loop *int8_loops(size_t *count) {
  static multiply_loop loops[2];
  *count = 0;
  if (__builtin_cpu_supports("avx2")) loops[(*count)++] = (multiply_loop){"avx2", int8_avx2};
  if (__builtin_cpu_supports("avx512vnni")) loops[(*count)++] = (multiply_loop){"avx512vnni", int8_vnni};
  return loops;
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#define KEEP(value) __asm__ volatile("" : "+w"(value))
#define TARGET(isa) __attribute__((target(isa)))

MULTIPLY_LOOP(
    float_neon, "neon", float32x4_t, vdupq_n_f32(0), float32x4_t, vdupq_n_f32(1e-9f),
    vfmaq_f32(sum, a, b), 4)
MULTIPLY_LOOP(
    int8_neon, "neon", int32x4_t, vdupq_n_s32(0), int8x8_t, vdup_n_s8(1),
    vpadalq_s16(sum, vmlal_s8(vmull_s8(a, b), a, b)), 16)
MULTIPLY_LOOP(
    int8_dotprod, "dotprod", int32x4_t, vdupq_n_s32(0), int8x16_t, vdupq_n_s8(1),
    vdotq_s32(sum, a, b), 16)

const multiply_loop *float_loops(size_t *count) {
  static const multiply_loop loops[] = {{"neon", float_neon}};
  *count = 1;
  return loops;
}

const multiply_loop *int8_loops(size_t *count) {
  static const multiply_loop loops[] = {{"neon", int8_neon}, {"dotprod", int8_dotprod}};
  *count = 1;
#if defined(__linux__)
  if (getauxval(AT_HWCAP) & (1UL << 20)) *count = 2;
#else
  *count = 2;
#endif
  return loops;
}
#endif
