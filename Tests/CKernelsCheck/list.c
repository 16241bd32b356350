// Every entry of every table of this build, and the function that stands there. The tests find its name by its
// address and hold Kernels.md against it. Nothing is called, so tables for other CPUs are there too.
#include "kernel_check.h"
#include "portable/entries.h"
#include "portable/tables.h"

static const bk_kernels *const tables[] = {
    &bk_table__scalar,
#if defined(__x86_64__)
    &bk_table__avx2, &bk_table__avx512vnni,
#endif
#if defined(__arm__) && defined(__ARM_FEATURE_SIMD32)
    &bk_table__armv6,
#endif
#if defined(__ARM_NEON)
    &bk_table__neon,
#endif
#if defined(__aarch64__)
    &bk_table__neon_a53, &bk_table__dotprod,
#endif
};

int list(void) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    const bk_kernels *kernels = tables[i];
#define PRINT(family, entry, parameters, arguments) \
  printf("entry %s %s %s %zx\n", kernels->name, #family, #entry, (size_t)kernels->family.entry);
    BK_ENTRIES(PRINT)
  }
  return 0;
}
