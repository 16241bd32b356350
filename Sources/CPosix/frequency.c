#include "cposix.h"

// One operation a cycle on every core that we know: each waits for the one before, and none can be renamed away.
#if defined(__x86_64__)
#define EXCLUSIVE_OR "xorl %1, %0\n\t"
#elif defined(__aarch64__)
#define EXCLUSIVE_OR "eor %w0, %w0, %w1\n\t"
#elif defined(__arm__)
#define EXCLUSIVE_OR "eor %0, %0, %1\n\t"
#endif

#ifdef EXCLUSIVE_OR
#define OPERATIONS 256
#define ROUNDS 800u

static uint64_t chain(void) {
  uint32_t x = 1, y = 2;
  uint64_t before = bp_nanoseconds();
  for (uint32_t i = 0; i < ROUNDS; i++)
    __asm__ volatile(".rept 256\n\t" EXCLUSIVE_OR ".endr" : "+r"(x) : "r"(y) : "cc");
  return bp_nanoseconds() - before;
}
#endif

uint64_t bp_core_frequency(void) {
#ifdef EXCLUSIVE_OR
  // The fastest of a few was not interrupted.
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 5; i++) {
    uint64_t taken = chain();
    if (taken < least) least = taken;
  }
  if (least == 0) return 0;
  uint64_t hertz = (uint64_t)OPERATIONS * ROUNDS * 1000000000u / least;
  return hertz >= 50000000u && hertz <= 8000000000u ? hertz : 0;
#else
  return 0;
#endif
}
