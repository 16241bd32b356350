#include "limits.h"

// Twelve independent sums hide the latency of a multiply-add on every core that we know.
#define SUMS 12
#define EACH(i) for (int i = 0; i < SUMS; i++)
#define KEEP(value) __asm__ volatile("" : "+v"(value))

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2,fma"))) static int64_t float_avx2(int64_t rounds) {
  __m256 sums[SUMS], a = _mm256_set1_ps(1e-9f), b = _mm256_set1_ps(1e-9f);
  EACH(i) sums[i] = _mm256_setzero_ps();
  for (int64_t round = 0; round < rounds; round++) {
    KEEP(a);
#pragma clang loop unroll(full)
    EACH(i) sums[i] = _mm256_fmadd_ps(a, b, sums[i]);
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 8;
}

__attribute__((target("avx512f"))) static int64_t float_avx512(int64_t rounds) {
  __m512 sums[SUMS], a = _mm512_set1_ps(1e-9f), b = _mm512_set1_ps(1e-9f);
  EACH(i) sums[i] = _mm512_setzero_ps();
  for (int64_t round = 0; round < rounds; round++) {
    KEEP(a);
#pragma clang loop unroll(full)
    EACH(i) sums[i] = _mm512_fmadd_ps(a, b, sums[i]);
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 16;
}

__attribute__((target("avx2"))) static int64_t int8_avx2(int64_t rounds) {
  __m256i sums[SUMS], a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(1), one = _mm256_set1_epi16(1);
  EACH(i) sums[i] = _mm256_setzero_si256();
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    EACH(i) {
      KEEP(a);
      __m256i pairs = _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), one);
      sums[i] = _mm256_add_epi32(sums[i], pairs);
    }
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 32;
}

__attribute__((target("avx512f,avx512vnni"))) static int64_t int8_vnni(int64_t rounds) {
  __m512i sums[SUMS], a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(1);
  EACH(i) sums[i] = _mm512_setzero_si512();
  for (int64_t round = 0; round < rounds; round++) {
    KEEP(a);
#pragma clang loop unroll(full)
    EACH(i) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 64;
}

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
#undef KEEP
#define KEEP(value) __asm__ volatile("" : "+w"(value))

static int64_t float_neon(int64_t rounds) {
  float32x4_t sums[SUMS], a = vdupq_n_f32(1e-9f), b = vdupq_n_f32(1e-9f);
  EACH(i) sums[i] = vdupq_n_f32(0);
  for (int64_t round = 0; round < rounds; round++) {
    KEEP(a);
#pragma clang loop unroll(full)
    EACH(i) sums[i] = vfmaq_f32(sums[i], a, b);
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 4;
}

static int64_t int8_neon(int64_t rounds) {
  int32x4_t sums[SUMS];
  int8x8_t a = vdup_n_s8(1), b = vdup_n_s8(1);
  EACH(i) sums[i] = vdupq_n_s32(0);
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    EACH(i) {
      KEEP(a);
      sums[i] = vpadalq_s16(sums[i], vmlal_s8(vmull_s8(a, b), a, b));
    }
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 16;
}

__attribute__((target("dotprod"))) static int64_t int8_dotprod(int64_t rounds) {
  int32x4_t sums[SUMS];
  int8x16_t a = vdupq_n_s8(1), b = vdupq_n_s8(1);
  EACH(i) sums[i] = vdupq_n_s32(0);
  for (int64_t round = 0; round < rounds; round++) {
    KEEP(a);
#pragma clang loop unroll(full)
    EACH(i) sums[i] = vdotq_s32(sums[i], a, b);
  }
  EACH(i) KEEP(sums[i]);
  return rounds * SUMS * 16;
}

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
