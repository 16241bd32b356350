// Measures what one core of this machine can do at most and prints it as JSON:
//
//   {"float32": {"loop": "avx512", "macs_per_us": ...}, "int8": {...},
//    "levels": [{"name": "L1", "bytes": ..., "bytes_per_us": ...}, ...]}
//
// Each figure is the best of many short trials: on a machine that others share, the best one is the
// nearest to what the core can do. The levels' sizes come from the system.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "limits.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

// The best rate of `trials` trials, in multiply-accumulates a microsecond.
static double best_of_loop(const multiply_loop *loop) {
  double best = 0;
  for (int trial = 0; trial < 200; trial++) {
    double start = now();
    int64_t macs = loop->run(20000);
    double rate = (double)macs / (now() - start);
    if (rate > best) best = rate;
  }
  return best;
}

static void print_best(const char *name, const multiply_loop *loops, size_t count) {
  double best = 0;
  const char *fastest = "none";
  for (size_t i = 0; i < count; i++) {
    double rate = best_of_loop(&loops[i]);
    if (rate > best) {
      best = rate;
      fastest = loops[i].name;
    }
  }
  printf("\"%s\": {\"loop\": \"%s\", \"macs_per_us\": %.0f}, ", name, fastest, best);
}

static double best_of_reading(const char *buffer, size_t bytes) {
  static volatile int64_t sink;
  size_t passes = (1u << 22) / bytes + 1;
  double best = 0;
  for (int trial = 0; trial < 60; trial++) {
    double start = now();
    for (size_t pass = 0; pass < passes; pass++) sink += read_buffer(buffer, bytes);
    double rate = (double)(passes * bytes) / (now() - start);
    if (rate > best) best = rate;
  }
  return best;
}

// A cache's size in bytes, or `otherwise` where the system does not tell.
static size_t cache(int name, size_t otherwise) {
  long size = sysconf(name);
  return size > 0 ? (size_t)size : otherwise;
}

int main(void) {
  struct {
    const char *name;
    size_t bytes;
  } levels[] = {
      {"L1", cache(_SC_LEVEL1_DCACHE_SIZE, 32 << 10)},
      {"L2", cache(_SC_LEVEL2_CACHE_SIZE, 512 << 10)},
      {"L3", cache(_SC_LEVEL3_CACHE_SIZE, 0)},
      {"memory", (size_t)256 << 20},
  };
  size_t largest = levels[3].bytes;
  char *buffer = aligned_alloc(4096, largest);
  if (!buffer) {
    fprintf(stderr, "bramble-limits: no %zu bytes of memory to read\n", largest);
    return 1;
  }
  memset(buffer, 1, largest);

  size_t count;
  printf("{");
  const multiply_loop *loops = float_loops(&count);
  print_best("float32", loops, count);
  loops = int8_loops(&count);
  print_best("int8", loops, count);
  printf("\"levels\": [");
  const char *separator = "";
  for (size_t i = 0; i < 4; i++) {
    if (levels[i].bytes == 0) continue;
    // Half of a cache stays in it whatever else runs; of a shared L3 a few megabytes are enough to tell.
    size_t bytes = i == 3 ? largest : levels[i].bytes / 2;
    if (i == 2 && bytes > (8u << 20)) bytes = 8u << 20;
    printf(
        "%s{\"name\": \"%s\", \"bytes\": %zu, \"bytes_per_us\": %.0f}", separator, levels[i].name,
        levels[i].bytes, best_of_reading(buffer, bytes & ~(size_t)1023));
    separator = ", ";
  }
  printf("]}\n");
  free(buffer);
  return 0;
}
