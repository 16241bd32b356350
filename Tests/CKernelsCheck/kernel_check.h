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

// An operand of products in one of three forms: a plain matrix; rows and runs anywhere; runs of rows
// by stride, which begin before `a`. `offsets` takes m numbers.
size_t round_up(size_t x, size_t to);
size_t operand_count(size_t m, size_t k);
bk_rows operand_rows(const void *a, size_t m, size_t k, int form, int32_t *offsets);
ptrdiff_t operand_index(const bk_rows *a, size_t row, size_t segment, size_t k);

void check_float_gemm(const bk_kernels *kernels);
void check_i8_gemm(const bk_kernels *kernels);
void check_i4_gemm(const bk_kernels *kernels);
void check_i8_add(const bk_kernels *kernels);
void check_quantize(const bk_kernels *kernels);
void check_unary(const bk_kernels *kernels);
void check_lstm_cell(const bk_kernels *kernels);
void check_rows(const bk_kernels *kernels);
void check_spatial(const bk_kernels *kernels);
void check_rare(const bk_kernels *kernels);
int bench(void);
int list(void);

#endif
