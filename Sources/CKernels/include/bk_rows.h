// Kernels over rows of floats.
#ifndef BRAMBLE_BK_ROWS_H
#define BRAMBLE_BK_ROWS_H

#include <stddef.h>
#include <stdint.h>

// One head of attention: y = softmax(scale * q . k^T) . v, with one row for each query. Queries have `size` values,
// as have keys; rows begin a stride apart. Scratch memory: the packed keys and values as `bk_f32_pack` writes them
// for panels of `nr`, and the scores of `block` queries.
typedef struct {
  size_t queries, keys, size, value_size;
  float scale;
  const float *q, *k, *v;
  size_t q_stride, k_stride, v_stride;
  float *y;
  size_t y_stride;
  float *packed_keys, *packed_values, *scores;
  size_t block, nr;
  const struct bk_kernels *kernels;
} bk_attention_args;

// By the products and the softmax of `kernels`, block by block: scores stay in the first-level cache.
void bk_f32_attention__scalar(const bk_attention_args *args);

typedef struct {
  // y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, for each row of `columns`; gamma NULL
  // stands for ones, beta NULL for zeros. In the row kernels y may be x.
  void (*f32_layer_norm)(
      size_t rows, size_t columns, float epsilon, const float *x, const float *gamma,
      const float *beta, float *y);
  // y = x - log(sum of exp(x)).
  void (*f32_log_softmax)(size_t rows, size_t columns, const float *x, float *y);
  // y = x / max(norm of x, 1e-6).
  void (*f32_l2_norm)(size_t rows, size_t columns, const float *x, float *y);
  // exp(beta * (x - max)) / sum, for each row of `columns`.
  void (*f32_softmax)(size_t rows, size_t columns, float beta, const float *x, float *y);
  void (*f32_attention)(const bk_attention_args *args);
  // y[outer][inner] = scale * sum of x[outer][reduced][inner].
  void (*f32_sum)(
      size_t outer, size_t reduced, size_t inner, float scale, const float *x, float *y);
  void (*f32_maximum)(size_t outer, size_t reduced, size_t inner, const float *x, float *y);
} bk_row_kernels;

#endif
