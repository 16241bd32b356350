#define _GNU_SOURCE
#include "cposix.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#include <sys/random.h>
#else
#include <stdlib.h>
#endif

uint64_t bp_boot_time(void) {
  struct timespec now;
#ifdef CLOCK_BOOTTIME
  clock_gettime(CLOCK_BOOTTIME, &now);
#else
  clock_gettime(CLOCK_MONOTONIC, &now);
#endif
  return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

uint64_t bp_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t bp_wall_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec < 0 ? 0 : (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

void bp_sleep(uint64_t milliseconds) {
  struct timespec rest = {(time_t)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000};
  while (nanosleep(&rest, &rest) < 0 && errno == EINTR) {
  }
}

int32_t bp_machine(char *machine, char *release, uint32_t capacity) {
  struct utsname now;
  if (uname(&now) < 0) return -errno;
  if (capacity == 0) return 0;
  bp_append(machine, machine + capacity, now.machine);
  bp_append(release, release + capacity, now.release);
  return 0;
}

uint64_t bp_hwcap(void) {
#ifdef __linux__
  return getauxval(AT_HWCAP);
#else
  return 0;
#endif
}

uint64_t bp_hwcap2(void) {
#ifdef __linux__
  return getauxval(AT_HWCAP2);
#else
  return 0;
#endif
}

uint64_t bp_midr(void) {
#if defined(__linux__) && defined(__aarch64__)
  if (getauxval(AT_HWCAP) & (1u << 11)) {  // HWCAP_CPUID
    uint64_t value;
    __asm__("mrs %0, MIDR_EL1" : "=r"(value));
    return value;
  }
#endif
  return 0;
}

uint32_t bp_core_count(void) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1 : (uint32_t)n;
}

uint32_t bp_page_size(void) { return (uint32_t)sysconf(_SC_PAGESIZE); }

uint64_t bp_peak_memory(void) {
#ifdef __linux__
  // getrusage() also counts what the process was before it became this program: its parent's memory.
  char text[4096];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    text[count > 0 ? count : 0] = 0;
    const char *peak = strstr(text, "VmHWM:");
    if (peak) {
      peak += strlen("VmHWM:");
      while (*peak == ' ' || *peak == '\t') peak++;
      return (uint64_t)bp_number(peak) * 1024u;
    }
  }
#endif
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) < 0) return 0;
#ifdef __APPLE__
  return (uint64_t)usage.ru_maxrss;
#else
  return (uint64_t)usage.ru_maxrss * 1024;
#endif
}

int32_t bp_random(void *bytes, uint64_t count) {
#ifdef __linux__
  uint64_t done = 0;
  while (done < count) {
    ssize_t n = getrandom((char *)bytes + done, (size_t)(count - done), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -errno;
    done += (uint64_t)n;
  }
#else
  arc4random_buf(bytes, (size_t)count);
#endif
  return 0;
}
