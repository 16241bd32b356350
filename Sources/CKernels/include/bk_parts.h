// Parts of steps for several threads. What a part computes does not depend on how many there are.
#ifndef BRAMBLE_BK_PARTS_H
#define BRAMBLE_BK_PARTS_H

#include "bk_elementwise.h"
#include "bk_quantized.h"
#include "bk_spatial.h"

// Operators over windows and their kernels: each part computes output rows.
typedef struct {
  bk_f32_depthwise_args args;
  void (*kernel)(const bk_f32_depthwise_args *args);
} bk_f32_depthwise_work;
typedef struct {
  bk_i8_depthwise_args args;
  void (*kernel)(const bk_i8_depthwise_args *args);
} bk_i8_depthwise_work;
typedef struct {
  bk_f32_pool_args args;
  void (*kernel)(const bk_f32_pool_args *args);
} bk_f32_pool_work;
typedef struct {
  bk_i8_pool_args args;
  void (*kernel)(const bk_i8_pool_args *args);
} bk_i8_pool_work;

// An input laid out for windows, by `bk_window_columns` where `by_columns`, else by `bk_pad_image`: each part copies
// columns or rows of it. `flips` flips the sign bits of the copy.
typedef struct {
  bk_window window;
  bool by_columns, flips;
  int8_t fill;
  size_t element_size, height, width;
  const void *x;
  void *y;
} bk_layout_work;

// Functions of elements: each part takes elements, or steps along the outermost axis.
typedef struct {
  bk_unary_kind kind;
  size_t count;
  const float *x;
  float *y;
  void (*kernel)(bk_unary_kind kind, size_t count, const float *x, float *y);
} bk_f32_unary_work;
typedef struct {
  bk_binary_kind kind;
  bk_broadcast walk;
  const float *a, *b;
  float *y;
  void (*kernel)(
      bk_binary_kind kind, const bk_broadcast *walk, const float *a, const float *b, float *y);
} bk_f32_binary_work;
typedef struct {
  bk_i8_binary_args args;
  void (*kernel)(const bk_i8_binary_args *args);
} bk_i8_binary_work;

// Functions of rows: each part takes rows.
typedef struct {
  size_t rows, columns;
  float factor;
  const float *x, *gamma, *beta;
  float *y;
  // One of the two.
  void (*softmax)(size_t rows, size_t columns, float beta, const float *x, float *y);
  void (*norm)(
      size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
      const float *beta, float *y);
} bk_f32_rows_work;
typedef struct {
  size_t rows, columns;
  const float *exps;
  const int8_t *x;
  int8_t *y;
  void (*kernel)(
      size_t rows, size_t columns, const float *exps, const int8_t *x, int8_t *y);
} bk_i8_softmax_work;

// `work` points to the structure of that name.
void bk_f32_depthwise_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_depthwise_part(void *work, uint32_t part, uint32_t parts);
void bk_f32_pool_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_pool_part(void *work, uint32_t part, uint32_t parts);
void bk_layout_part(void *work, uint32_t part, uint32_t parts);
void bk_f32_unary_part(void *work, uint32_t part, uint32_t parts);
void bk_f32_binary_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_binary_part(void *work, uint32_t part, uint32_t parts);
void bk_f32_rows_part(void *work, uint32_t part, uint32_t parts);
void bk_i8_softmax_part(void *work, uint32_t part, uint32_t parts);

#endif
