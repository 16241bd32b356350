// Functions of single elements and of rows.
#ifndef BRAMBLE_BK_ELEMENTWISE_H
#define BRAMBLE_BK_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

// The numbers are the raw values of ModelFormat's UnaryKind.
typedef enum {
  BK_RELU = 0,
  BK_RELU6 = 1,
  BK_RELU_N1_TO_1 = 2,
  BK_TANH = 3,
  BK_SIGMOID = 4,
  BK_NEGATE = 5,
  BK_ABSOLUTE = 6,
  BK_EXPONENTIAL = 7,
  BK_LOGARITHM = 8,
  BK_SQUARE_ROOT = 9,
  BK_RECIPROCAL_SQUARE_ROOT = 10,
  BK_SQUARE = 11,
  BK_ELU = 12,
  BK_HARD_SWISH = 13,
  BK_GELU = 14,
  BK_GELU_TANH = 15,
  BK_SELU = 16,
  BK_SILU = 17,
  BK_ERF = 18,
  BK_UNARY_COUNT = 19
} bk_unary_kind;

// The numbers are the raw values of ModelFormat's BinaryKind.
typedef enum {
  BK_ADD = 0,
  BK_SUBTRACT = 1,
  BK_MULTIPLY = 2,
  BK_DIVIDE = 3,
  BK_MINIMUM = 4,
  BK_MAXIMUM = 5,
  BK_SQUARED_DIFFERENCE = 6,
  BK_POWER = 7,
  BK_PRELU = 8,
  BK_EQUAL = 9,
  BK_NOT_EQUAL = 10,
  BK_LESS = 11,
  BK_LESS_OR_EQUAL = 12,
  BK_GREATER = 13,
  BK_GREATER_OR_EQUAL = 14,
  BK_BINARY_COUNT = 15
} bk_binary_kind;

#define BK_MAX_RANK 8

// A walk over `rank` axes, outermost first: y is written densely, a and b are read by strides in
// elements (0 repeats). Axes past `rank` are unused.
typedef struct {
  size_t rank;
  size_t extents[BK_MAX_RANK];
  ptrdiff_t a_strides[BK_MAX_RANK];
  ptrdiff_t b_strides[BK_MAX_RANK];
} bk_broadcast;

typedef struct {
  void (*f32_unary)(bk_unary_kind kind, size_t count, const float *x, float *y);
  void (*f32_binary)(
      bk_binary_kind kind, const bk_broadcast *walk, const float *a, const float *b, float *y);
  void (*f32_clamp)(size_t count, float low, float high, float *y);
} bk_elementwise_kernels;

#endif
