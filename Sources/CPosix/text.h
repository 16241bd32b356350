#pragma once
// Text without stdio, which would be a tenth of the agent.

#include <stddef.h>
#include <stdint.h>

// Appends `from` at `end`, cutting what does not fit below `limit`, and ends it with a zero. Returns the new end.
static inline char *bp_append(char *end, const char *limit, const char *from) {
  while (*from && end + 1 < limit) *end++ = *from++;
  *end = 0;
  return end;
}

// Appends `number` in decimal digits.
static inline char *bp_append_number(char *end, const char *limit, uint32_t number) {
  char digits[11];
  char *first = digits + sizeof digits - 1;
  *first = 0;
  do *--first = (char)('0' + number % 10);
  while (number /= 10);
  return bp_append(end, limit, first);
}

// The number that `digits` begins with; 0 where it begins with none.
static inline int32_t bp_number(const char *digits) {
  int32_t number = 0;
  for (; *digits >= '0' && *digits <= '9' && number < 100000000; digits++) number = number * 10 + (*digits - '0');
  return number;
}
