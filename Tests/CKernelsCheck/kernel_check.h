#ifndef BRAMBLE_KERNEL_CHECK_H
#define BRAMBLE_KERNEL_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"

extern int failures;

// A fixed sequence: the same numbers on every machine, in [-1, 1] with 20 bits.
typedef struct {
  uint32_t state;
} sequence;
float next_float(sequence *s);
int8_t next_weight(sequence *s);
float *random_floats(sequence *s, size_t count, float scale);
int8_t *random_weights(sequence *s, size_t count);
void *zeroed(size_t bytes);

typedef struct {
  uint64_t value;
} digest;
digest digest_start(void);
void digest_add(digest *d, const void *bytes, size_t count);
void digest_print(const digest *d, const bk_kernels *kernels, const char *family);

// Counts and prints a failure when a and b differ by more than `tolerance`.
void expect_near(
    const char *what, const bk_kernels *kernels, const float *a, const float *b, size_t count,
    float tolerance);

void check_f32_gemm(const bk_kernels *kernels);
void check_i8_gemm(const bk_kernels *kernels);
void check_quantize(const bk_kernels *kernels);
void check_unary(const bk_kernels *kernels);
void check_lstm_cell(const bk_kernels *kernels);
void check_rows(const bk_kernels *kernels);
void check_spatial(const bk_kernels *kernels);
int bench(void);

#endif
