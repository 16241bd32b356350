#if defined(__aarch64__)
#include "core.h"

#include <stddef.h>
#include <stdint.h>

#if defined(__linux__)
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

// What Arm calls implementer and primary part number: bits 31 to 24 and 15 to 4 of MIDR_EL1.
enum { arm = 0x41, cortex_a35 = 0xd04, cortex_a53 = 0xd03, cortex_a55 = 0xd05 };

// Kernels that emulate reading MIDR_EL1 for programs say so in HWCAP_CPUID.
static bool from_register(uint32_t *implementer, uint32_t *part) {
  if (!(getauxval(AT_HWCAP) & (1UL << 11))) return false;
  uint64_t midr;
  __asm__("mrs %0, MIDR_EL1" : "=r"(midr));
  *implementer = (midr >> 24) & 0xff;
  *part = (midr >> 4) & 0xfff;
  return true;
}

// "CPU implementer : 0x41" and "CPU part : 0xd03", of the first core.
static bool from_cpuinfo(uint32_t *implementer, uint32_t *part) {
  char text[1024];
  int file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return false;
  text[count] = 0;
  const char *first = strstr(text, "CPU implementer"), *second = strstr(text, "CPU part");
  first = first ? strchr(first, ':') : NULL;
  second = second ? strchr(second, ':') : NULL;
  if (!first || !second) return false;
  *implementer = (uint32_t)strtoul(first + 1, NULL, 16);
  *part = (uint32_t)strtoul(second + 1, NULL, 16);
  return true;
}

bool bk_core_is_a53(void) {
  uint32_t implementer = 0, part = 0;
  if (!from_register(&implementer, &part) && !from_cpuinfo(&implementer, &part)) return false;
  return implementer == arm && (part == cortex_a53 || part == cortex_a35 || part == cortex_a55);
}
#else
bool bk_core_is_a53(void) { return false; }
#endif
#endif
