#include "kernel_check.h"

int failures = 0;

float next_float(sequence *s) {
  s->state = s->state * 1664525u + 1013904223u;
  return (float)((int32_t)(s->state >> 12) - 524288) / 524288.0f;
}

int8_t next_weight(sequence *s) {
  s->state = s->state * 1664525u + 1013904223u;
  return (int8_t)((int32_t)(s->state >> 16) % 255 - 127);
}

void *zeroed(size_t bytes) {
  void *p = calloc(1, bytes + 256);
  if (!p) exit(2);
  return p;
}

float *random_floats(sequence *s, size_t count, float scale) {
  float *p = zeroed(count * sizeof(float));
  for (size_t i = 0; i < count; i++) p[i] = next_float(s) * scale;
  return p;
}

int8_t *random_weights(sequence *s, size_t count) {
  int8_t *p = zeroed(count);
  for (size_t i = 0; i < count; i++) p[i] = next_weight(s);
  return p;
}

digest digest_start(void) { return (digest){14695981039346656037ull}; }

void digest_add(digest *d, const void *bytes, size_t count) {
  const uint8_t *p = bytes;
  for (size_t i = 0; i < count; i++) d->value = (d->value ^ p[i]) * 1099511628211ull;
}

void digest_print(const digest *d, const bk_kernels *kernels, const char *family) {
  printf("digest %s %s %016llx\n", kernels->name, family, (unsigned long long)d->value);
}

void expect_near(
    const char *what, const bk_kernels *kernels, const float *a, const float *b, size_t count,
    float tolerance) {
  for (size_t i = 0; i < count; i++) {
    if (fabsf(a[i] - b[i]) <= tolerance) continue;
    if (failures++ < 50)
      printf("fail %s %s at %zu: %.9g, expected %.9g\n", kernels->name, what, i, a[i], b[i]);
    return;
  }
}
