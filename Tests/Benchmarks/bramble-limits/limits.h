// What one core can do at most: the yardstick for every latency.
#ifndef BRAMBLE_LIMITS_H
#define BRAMBLE_LIMITS_H

#include <stdint.h>
#include <stddef.h>

// Multiply-accumulates done by one call of a loop that only multiplies, all operands in registers.
typedef struct {
  const char *name;
  int64_t (*run)(int64_t rounds);
} multiply_loop;

// The loops of this machine, the widest instructions that it has; `*count` of them.
const multiply_loop *float_loops(size_t *count);
const multiply_loop *int8_loops(size_t *count);

// Reads `bytes` (a multiple of 1024) once; the result keeps the compiler from dropping the reads.
int64_t read_buffer(const void *buffer, size_t bytes);

#endif
