#include <stdlib.h>
#include <string.h>

#include "../include/CKernels.h"
#include "tables.h"

#if defined(__aarch64__)
#include "../arm/core.h"
#endif
#if defined(__aarch64__) || defined(__arm__)
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

#if defined(__x86_64__)
static bool has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512vnni(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}
#endif

#if defined(__ARM_NEON) && !defined(__aarch64__)
// With VFPv4, which widens binary16: every Pi that has NEON has both.
static bool has_neon(void) {
#if defined(__linux__)
  const unsigned long both = 1UL << 12 | 1UL << 16;
  return (getauxval(AT_HWCAP) & both) == both;
#else
  return true;
#endif
}
#endif

#if defined(__aarch64__)
static bool has_dotprod(void) {
#if defined(__linux__)
  return getauxval(AT_HWCAP) & (1UL << 20);
#else
  return true;
#endif
}
#endif

// The most that one build holds.
#define BK_TABLES 4

// Which tables run here, each behind those that it borrows kernels from.
static size_t available(const bk_kernels *tables[BK_TABLES]) {
  size_t count = 0;
  tables[count++] = &bk_table__scalar;
#if defined(__x86_64__)
  if (has_avx2()) tables[count++] = &bk_table__avx2;
  if (has_avx512vnni()) tables[count++] = &bk_table__avx512vnni;
#endif
#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
  tables[count++] = &bk_table__armv6;
#endif
#if defined(__aarch64__)
  tables[count++] = &bk_table__neon;
  tables[count++] = &bk_table__neon_a53;
  if (has_dotprod()) tables[count++] = &bk_table__dotprod;
#elif defined(__ARM_NEON)
  if (has_neon()) tables[count++] = &bk_table__neon;
#endif
  return count;
}

const bk_kernels *bk_kernels_portable(void) { return &bk_table__scalar; }

const bk_kernels *bk_kernels_at(size_t position) {
  const bk_kernels *tables[BK_TABLES];
  return position < available(tables) ? tables[position] : NULL;
}

const bk_kernels *bk_kernels_named(const char *name) {
  const bk_kernels *tables[BK_TABLES];
  size_t count = available(tables);
  for (size_t i = 0; i < count; i++)
    if (strcmp(tables[i]->name, name) == 0) return tables[i];
  return NULL;
}

// Any AArch64 core runs the schedule for the A53; only in-order ones gain by it.
static const bk_kernels *fastest(void) {
  const bk_kernels *tables[BK_TABLES];
  const bk_kernels *last = tables[available(tables) - 1];
#if defined(__aarch64__)
  if (last == &bk_table__neon_a53 && !bk_core_is_a53()) return &bk_table__neon;
#endif
  return last;
}

const bk_kernels *bk_kernels_select(void) {
  const char *wanted = getenv("BRAMBLE_ISA");
  if (!wanted || !*wanted) return fastest();
  const bk_kernels *named = bk_kernels_named(wanted);
  return named ? named : &bk_table__scalar;
}
