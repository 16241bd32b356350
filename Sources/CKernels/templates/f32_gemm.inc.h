// The float product over panels of two vectors of BK_LANES floats. The including file defines
// BK_LANES, BK_MR (rows of a tile) and BK_A_BY_LANE (1 where a multiply can take a scalar out of a
// vector register, so that four values of A are loaded at once).
#include "vector.h"

#define BK_NR (2 * BK_LANES)

typedef float BK_NAME(bk_vec) __attribute__((ext_vector_type(BK_LANES)));
#define BK_VEC BK_NAME(bk_vec)

BK_INLINE BK_VEC BK_NAME(bk_vec_load)(const float *p) {
  BK_VEC v;
  memcpy(&v, p, sizeof v);
  return v;
}

BK_INLINE BK_VEC BK_NAME(bk_vec_clamp)(BK_VEC v, float low, float high) {
  v = v < low ? (BK_VEC)(low) : v;
  return v > high ? (BK_VEC)(high) : v;
}

BK_INLINE void BK_NAME(bk_panel_store)(
    const bk_f32_gemm_args *args, float *c, size_t n0, BK_VEC v0, BK_VEC v1) {
  v0 = BK_NAME(bk_vec_clamp)(v0, args->low, args->high);
  v1 = BK_NAME(bk_vec_clamp)(v1, args->low, args->high);
  size_t left = args->n - n0;
  if (left >= BK_NR) {
    memcpy(c + n0, &v0, sizeof v0);
    memcpy(c + n0 + BK_LANES, &v1, sizeof v1);
  } else {
    float lanes[BK_NR];
    memcpy(lanes, &v0, sizeof v0);
    memcpy(lanes + BK_LANES, &v1, sizeof v1);
    for (size_t i = 0; i < left; i++) c[n0 + i] = lanes[i];
  }
}

// `rows` rows times one panel; `rows` is a constant at each call.
BK_INLINE void BK_NAME(bk_f32_tile)(
    const bk_f32_gemm_args *args, size_t m0, size_t n0, const size_t rows) {
#pragma clang fp contract(fast)
  const size_t k = args->k;
  const float *b = args->b + n0 * k;
  const float *a[BK_MR];
  BK_VEC sum[BK_MR][2];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++) {
    a[i] = args->a + (m0 + i) * args->a_stride;
    sum[i][0] = args->bias ? BK_NAME(bk_vec_load)(args->bias + n0) : (BK_VEC)(0.0f);
    sum[i][1] = args->bias ? BK_NAME(bk_vec_load)(args->bias + n0 + BK_LANES) : (BK_VEC)(0.0f);
  }
  size_t kk = 0;
#if BK_A_BY_LANE
  typedef float quad __attribute__((ext_vector_type(4)));
  for (; kk + 4 <= k; kk += 4, b += 4 * BK_NR) {
    quad values[BK_MR];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++) memcpy(&values[i], a[i] + kk, sizeof(quad));
#pragma clang loop unroll(full)
    for (size_t lane = 0; lane < 4; lane++) {
      BK_VEC b0 = BK_NAME(bk_vec_load)(b + lane * BK_NR);
      BK_VEC b1 = BK_NAME(bk_vec_load)(b + lane * BK_NR + BK_LANES);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) {
        sum[i][0] += b0 * values[i][lane];
        sum[i][1] += b1 * values[i][lane];
      }
    }
  }
#endif
  for (; kk < k; kk++, b += BK_NR) {
    BK_VEC b0 = BK_NAME(bk_vec_load)(b), b1 = BK_NAME(bk_vec_load)(b + BK_LANES);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++) {
      sum[i][0] += b0 * a[i][kk];
      sum[i][1] += b1 * a[i][kk];
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
    BK_NAME(bk_panel_store)(args, args->c + (m0 + i) * args->c_stride, n0, sum[i][0], sum[i][1]);
}

// One row times four panels at once: enough independent sums to hide the latency of a multiply.
BK_INLINE void BK_NAME(bk_f32_row)(const bk_f32_gemm_args *args, size_t n0) {
#pragma clang fp contract(fast)
  const size_t k = args->k, panel = k * BK_NR;
  const float *a = args->a, *b = args->b + n0 * k;
  BK_VEC sum[4][2];
#pragma clang loop unroll(full)
  for (size_t p = 0; p < 4; p++)
    for (size_t v = 0; v < 2; v++) {
      const float *bias = args->bias + n0 + p * BK_NR + v * BK_LANES;
      sum[p][v] = args->bias ? BK_NAME(bk_vec_load)(bias) : (BK_VEC)(0.0f);
    }
  for (size_t kk = 0; kk < k; kk++, b += BK_NR)
#pragma clang loop unroll(full)
    for (size_t p = 0; p < 4; p++) {
      sum[p][0] += BK_NAME(bk_vec_load)(b + p * panel) * a[kk];
      sum[p][1] += BK_NAME(bk_vec_load)(b + p * panel + BK_LANES) * a[kk];
    }
#pragma clang loop unroll(full)
  for (size_t p = 0; p < 4; p++)
    BK_NAME(bk_panel_store)(args, args->c, n0 + p * BK_NR, sum[p][0], sum[p][1]);
}

void BK_NAME(bk_f32_gemm)(const bk_f32_gemm_args *args) {
  size_t n0 = 0;
  if (args->m == 1)
    for (; n0 + 4 * BK_NR <= args->n; n0 += 4 * BK_NR) BK_NAME(bk_f32_row)(args, n0);
  for (; n0 < args->n; n0 += BK_NR) {
    size_t m0 = 0;
    for (; m0 + BK_MR <= args->m; m0 += BK_MR) BK_NAME(bk_f32_tile)(args, m0, n0, BK_MR);
    switch (args->m - m0) {
#if BK_MR > 5
    case 5: BK_NAME(bk_f32_tile)(args, m0, n0, 5); break;
#endif
#if BK_MR > 4
    case 4: BK_NAME(bk_f32_tile)(args, m0, n0, 4); break;
#endif
    case 3: BK_NAME(bk_f32_tile)(args, m0, n0, 3); break;
    case 2: BK_NAME(bk_f32_tile)(args, m0, n0, 2); break;
    case 1: BK_NAME(bk_f32_tile)(args, m0, n0, 1); break;
    default: break;
    }
  }
}
