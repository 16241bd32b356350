#include "limits.h"

typedef uint64_t wide __attribute__((ext_vector_type(8)));

// Sixteen registers of sums, so that the reads alone decide.
#define READ(name, attribute)                                             \
  attribute static int64_t name(const void *buffer, size_t bytes) {       \
    const wide *values = __builtin_assume_aligned(buffer, 64);            \
    wide sums[16];                                                        \
    for (int i = 0; i < 16; i++) sums[i] = (wide)(0);                     \
    for (size_t at = 0; at < bytes / 64; at += 16)                        \
      for (size_t i = 0; i < 16; i++) sums[i] |= values[at + i];          \
    for (int i = 1; i < 16; i++) sums[0] |= sums[i];                      \
    return (int64_t)(sums[0][0] | sums[0][7]);                            \
  }

READ(read_plain, )

#if defined(__x86_64__)
READ(read_avx2, __attribute__((target("avx2"))))
READ(read_avx512, __attribute__((target("avx512f"))))

int64_t read_buffer(const void *buffer, size_t bytes) {
  if (__builtin_cpu_supports("avx512f")) return read_avx512(buffer, bytes);
  if (__builtin_cpu_supports("avx2")) return read_avx2(buffer, bytes);
  return read_plain(buffer, bytes);
}
#else
int64_t read_buffer(const void *buffer, size_t bytes) { return read_plain(buffer, bytes); }
#endif
