// The last step of an int8 product, alike on every instruction set: multiply, add, clamp, never contracted.
#ifndef BRAMBLE_I8_STORE_H
#define BRAMBLE_I8_STORE_H

#include "vector.h"

// Writes eight columns, from n0 on, of row m of C out of their integer sums.
BK_INLINE void bk_i8_store(const bk_i8_gemm_args *args, size_t m, size_t n0, bk_i32x8 sums) {
  bk_f32x8 scale = bk_load(args->b_scale + n0) * args->a_scale[m * args->a_scale_stride];
  bk_f32x8 bias = args->bias ? bk_load(args->bias + n0) : bk_splat(0);
  bk_f32x8 y = __builtin_convertvector(sums, bk_f32x8) * scale + bias;
  y = bk_clamp(y, args->low, args->high);
  float *c = args->c + m * args->c_stride + n0;
  if (n0 + 8 <= args->n)
    bk_store(c, y);
  else if (n0 < args->n)
    bk_store_part(c, y, args->n - n0);
}

#endif
