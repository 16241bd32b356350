// The cells of recurrent layers, eight units at a time.
#include "vector.h"

BK_INLINE bk_f32x8 BK_NAME(bk_up_to_eight)(const float *p, size_t count) {
  return count >= 8 ? bk_load(p) : bk_load_part(p, count);
}

BK_INLINE void BK_NAME(bk_store_up_to_eight)(float *p, bk_f32x8 v, size_t count) {
  if (count >= 8)
    bk_store(p, v);
  else
    bk_store_part(p, v, count);
}

// Calls `body` with the block's first unit, the unit within the block, and how many are left.
#define BK_FOR_UNITS(units, block)                                  \
  for (size_t b = 0; b < (units); b += (block))                     \
    for (size_t u = 0, end = (units) - b < (block) ? (units) - b : (block), left = end; u < end; \
         u += 8, left = end - u)

static void BK_NAME(bk_f32_lstm_cell)(
    size_t units, size_t block, const float *gates, float *c, float *h) {
  BK_FOR_UNITS(units, block) {
    const float *i = gates + 4 * b + u, *f = i + block, *g = f + block, *o = g + block;
    bk_f32x8 cell = bk_sigmoid(BK_NAME(bk_up_to_eight)(f, left)) *
                    BK_NAME(bk_up_to_eight)(c + b + u, left);
    cell = cell + bk_sigmoid(BK_NAME(bk_up_to_eight)(i, left)) *
                      bk_tanh(BK_NAME(bk_up_to_eight)(g, left));
    BK_NAME(bk_store_up_to_eight)(c + b + u, cell, left);
    bk_f32x8 out = bk_sigmoid(BK_NAME(bk_up_to_eight)(o, left)) * bk_tanh(cell);
    BK_NAME(bk_store_up_to_eight)(h + b + u, out, left);
  }
}

static void BK_NAME(bk_f32_gru_gates)(
    size_t units, size_t block, const float *x, const float *r, size_t r_gates, const float *v,
    float *update, float *reset) {
  BK_FOR_UNITS(units, block) {
    const float *xz = x + 3 * b + u, *rz = r + r_gates * b + u;
    const float *other = v ? v + b + u : rz + 2 * block;
    bk_f32x8 z = BK_NAME(bk_up_to_eight)(xz, left) + BK_NAME(bk_up_to_eight)(rz, left);
    bk_f32x8 gate = BK_NAME(bk_up_to_eight)(xz + block, left) +
                    BK_NAME(bk_up_to_eight)(rz + block, left);
    BK_NAME(bk_store_up_to_eight)(update + b + u, bk_sigmoid(z), left);
    bk_f32x8 product = bk_sigmoid(gate) * BK_NAME(bk_up_to_eight)(other, left);
    BK_NAME(bk_store_up_to_eight)(reset + b + u, product, left);
  }
}

static void BK_NAME(bk_f32_gru_blend)(
    size_t units, size_t block, const float *x, const float *candidate, const float *update,
    const float *h, float *y) {
  BK_FOR_UNITS(units, block) {
    bk_f32x8 g = BK_NAME(bk_up_to_eight)(x + 3 * b + 2 * block + u, left) +
                 BK_NAME(bk_up_to_eight)(candidate + b + u, left);
    bk_f32x8 z = BK_NAME(bk_up_to_eight)(update + b + u, left);
    bk_f32x8 out = z * BK_NAME(bk_up_to_eight)(h + b + u, left) + (1.0f - z) * bk_tanh(g);
    BK_NAME(bk_store_up_to_eight)(y + b + u, out, left);
  }
}
#undef BK_FOR_UNITS
