// The part of a recurrent step that follows its products.
#ifndef BRAMBLE_BK_RECURRENT_H
#define BRAMBLE_BK_RECURRENT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  // gates [4 * units] in the order i, f, g, o before their activations; c and h are updated.
  void (*f32_lstm_cell)(size_t units, const float *gates, float *c, float *h);
} bk_recurrent_kernels;

#endif
