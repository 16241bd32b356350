// Reads QEMU's log of `-d exec,nochain,in_asm` and prints how many instructions were executed: each block that is
// entered counts with the length that it was translated with. A block is known by where its translation stands.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 20 };
static struct {
  uint64_t place, length;
} blocks[SLOTS];

static uint64_t *length_at(uint64_t place) {
  size_t slot = (place >> 6) % SLOTS;
  for (size_t tried = 0; tried < SLOTS; tried++, slot = (slot + 1) % SLOTS) {
    if (!blocks[slot].place) blocks[slot].place = place;
    if (blocks[slot].place == place) return &blocks[slot].length;
  }
  fputs("more blocks than there is room for\n", stderr);
  exit(1);
}

int main(void) {
  static char line[4096];
  uint64_t translated = 0, total = 0;
  while (fgets(line, sizeof line, stdin)) {
    if (!strncmp(line, "IN:", 3)) {
      translated = 0;
    } else if (!strncmp(line, "0x", 2)) {
      translated++;
    } else if (!strncmp(line, "Trace ", 6)) {
      const char *place = strstr(line, ": 0x");
      if (!place) continue;
      uint64_t *length = length_at(strtoull(place + 2, NULL, 16));
      if (translated) *length = translated, translated = 0;
      total += *length;
    }
  }
  printf("%llu\n", (unsigned long long)total);
  return 0;
}
