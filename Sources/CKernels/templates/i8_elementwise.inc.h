// Elementwise arithmetic on int8. Included once per instruction set, which may define BK_I8_ADD, a function that adds
// the first of two rows of sums that may go by bk_i8_rescale_20, and says how many.
#include "../portable/walk.h"
#include "i8_vector.h"

typedef struct BK_NAME(bk_i8_binary_plan) {
  const bk_i8_binary_args *args;
  bk_scale_parts a, b, y;
} BK_NAME(bk_i8_binary_plan);

// bk_i32_rescale of d << 20 where d has nine bits and the scale goes to the right: the product fits in
// 40 bits, of which the lowest eleven are dropped, so two products of 32 bits do for one of 64.
BK_INLINE bk_i32x8 BK_NAME(bk_i8_rescale_20)(bk_i32x8 d, const bk_scale_parts *scale) {
  bk_i32x8 x = d * (scale->multiplier >> 11) + ((d * (scale->multiplier & 2047) + 1024) >> 11);
  return (x + scale->half + ((x >> 31) & scale->sign)) >> scale->right;
}

// `splits`: sums may go that way.
BK_INLINE bk_i32x8 BK_NAME(bk_i8_binary_of)(
    bk_binary_kind kind, const BK_NAME(bk_i8_binary_plan) *plan, bk_i32x8 a, bk_i32x8 b,
    const bool splits) {
  const bk_i8_binary_args *args = plan->args;
  if (kind == BK_MINIMUM) return __builtin_elementwise_min(a, b);
  if (kind == BK_MAXIMUM) return __builtin_elementwise_max(a, b);
  a = a - args->a_zero;
  b = b - args->b_zero;
  if (kind == BK_PRELU) {
    bk_i32x8 kept = bk_i32_rescale(a, &plan->a), sloped = bk_i32_rescale(a * b, &plan->y);
    return bk_i32_clamp((a >= 0 ? kept : sloped) + args->y_zero, args->low, args->high);
  }
  if (splits) {
    a = BK_NAME(bk_i8_rescale_20)(a, &plan->a);
    b = BK_NAME(bk_i8_rescale_20)(b, &plan->b);
  } else if (kind != BK_MULTIPLY) {
    a = bk_i32_rescale(a << args->left, &plan->a);
    b = bk_i32_rescale(b << args->left, &plan->b);
  }
  bk_i32x8 y;
  switch (kind) {
  case BK_ADD: y = a + b; break;
  case BK_SUBTRACT: y = a - b; break;
  case BK_MULTIPLY: y = a * b; break;
  default: y = (a - b) * (a - b); break;
  }
  return bk_i32_clamp(bk_i32_rescale(y, &plan->y) + args->y_zero, args->low, args->high);
}

BK_INLINE bk_i32x8 BK_NAME(bk_i8_lanes)(
    const int8_t *p, ptrdiff_t stride, size_t i, size_t count) {
  if (stride == 0) return (bk_i32x8)(int32_t)*p;
  if (stride == 1) return count == 8 ? bk_i8_load(p + i) : bk_i8_load_part(p + i, count);
  int8_t lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (size_t lane = 0; lane < count; lane++) lanes[lane] = p[(ptrdiff_t)(i + lane) * stride];
  return bk_i8_load(lanes);
}

BK_INLINE void BK_NAME(bk_i8_binary_row)(
    bk_binary_kind kind, const BK_NAME(bk_i8_binary_plan) *plan, size_t count, const int8_t *a,
    ptrdiff_t sa, const int8_t *b, ptrdiff_t sb, int8_t *y, const bool splits) {
  size_t i = 0;
#ifdef BK_I8_ADD
  if (splits && sa == 1 && sb == 1) i = BK_I8_ADD(plan, count, a, b, y);
#endif
  for (; i < count; i += 8) {
    size_t lanes = count - i < 8 ? count - i : 8;
    bk_i32x8 left = BK_NAME(bk_i8_lanes)(a, sa, i, lanes);
    bk_i32x8 right = BK_NAME(bk_i8_lanes)(b, sb, i, lanes);
    bk_i32x8 v = BK_NAME(bk_i8_binary_of)(kind, plan, left, right, splits);
    bk_i8_store_part(y + i, v, lanes);
  }
}

BK_INLINE void BK_NAME(bk_i8_binary_walk)(
    bk_binary_kind kind, const BK_NAME(bk_i8_binary_plan) *plan, const bool splits) {
  const bk_broadcast *broadcast = &plan->args->walk;
  int8_t *y = plan->args->y;
  size_t last = broadcast->rank - 1, inner = broadcast->extents[last];
  ptrdiff_t sa = broadcast->a_strides[last], sb = broadcast->b_strides[last];
  bk_walk walk;
  bk_walk_begin(&walk, broadcast);
  do {
    const int8_t *a = plan->args->a + walk.at[0], *b = plan->args->b + walk.at[1];
    if (sa == 1 && sb == 1)
      BK_NAME(bk_i8_binary_row)(kind, plan, inner, a, 1, b, 1, y, splits);
    else
      BK_NAME(bk_i8_binary_row)(kind, plan, inner, a, sa, b, sb, y, splits);
    y += inner;
  } while (bk_walk_next(&walk, last));
}

BK_I8_LINKAGE void BK_NAME(bk_i8_binary)(const bk_i8_binary_args *args) {
  BK_NAME(bk_i8_binary_plan) plan = {
      args, bk_parts(args->a_scale), bk_parts(args->b_scale), bk_parts(args->y_scale)};
#if !defined(__ARM_NEON)
  // NEON has the product of 64 bits in one instruction.
  if (args->kind == BK_ADD && args->left == 20 && !plan.a.left && !plan.b.left) {
    BK_NAME(bk_i8_binary_walk)(BK_ADD, &plan, true);
    return;
  }
#endif
  // Asked for each eight values what to do with them, which they hide, rather than compiled for each kind.
  BK_NAME(bk_i8_binary_walk)(args->kind, &plan, false);
}

BK_I8_LINKAGE void BK_NAME(bk_i8_table)(
    size_t count, const int8_t *table, const int8_t *x, int8_t *y) {
  for (size_t i = 0; i < count; i++) y[i] = table[x[i] + 128];
}
