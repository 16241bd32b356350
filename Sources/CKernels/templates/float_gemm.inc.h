// The float products over panels of two vectors of BK_LANES floats. The including file defines
// BK_LANES, BK_MR (rows of a tile), BK_A_BY_LANE (1 where a multiply can take a scalar out of a
// vector register, so that four values of A are loaded at once), and BK_HALF_LOAD where there is an
// instruction that widens BK_LANES binary16 numbers at a place.
#include "gemm_rows.h"

#define BK_NR (2 * BK_LANES)

typedef float BK_NAME(bk_vec) __attribute__((ext_vector_type(BK_LANES)));
#define BK_VEC BK_NAME(bk_vec)

BK_INLINE BK_VEC BK_NAME(bk_vec_load)(const float *p) {
  BK_VEC v;
  memcpy(&v, p, sizeof v);
  return v;
}

// BK_LANES weights from the index on; `half` is a constant at each call.
BK_INLINE BK_VEC BK_NAME(bk_weights)(const void *b, size_t index, const bool half) {
#if defined(BK_HALF_LOAD)
  if (half) {
    BK_VEC v;
    __auto_type wide = BK_HALF_LOAD((const uint16_t *)b + index);
    memcpy(&v, &wide, sizeof v);
    return v;
  }
#endif
  return BK_NAME(bk_vec_load)((const float *)b + index);
}

BK_INLINE BK_VEC BK_NAME(bk_vec_clamp)(BK_VEC v, float low, float high) {
  v = v < low ? (BK_VEC)(low) : v;
  return v > high ? (BK_VEC)(high) : v;
}

BK_INLINE void BK_NAME(bk_panel_store)(
    const bk_float_gemm_args *args, float *c, size_t n0, BK_VEC v0, BK_VEC v1) {
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

// `rows` rows times one panel; `rows` and `half` are constants at each call.
BK_INLINE void BK_NAME(bk_float_tile)(
    const bk_float_gemm_args *args, size_t m0, size_t n0, const size_t rows, const bool half) {
#pragma clang fp contract(fast)
  const size_t k = args->a.k;
  size_t b = n0 * args->a.segments * k;
  BK_VEC sum[BK_MR][2];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++) {
    sum[i][0] = args->bias ? BK_NAME(bk_vec_load)(args->bias + n0) : (BK_VEC)(0.0f);
    sum[i][1] = args->bias ? BK_NAME(bk_vec_load)(args->bias + n0 + BK_LANES) : (BK_VEC)(0.0f);
  }
  for (size_t segment = 0; segment < args->a.segments; segment++) {
    const float *start = (const float *)args->a.a + bk_segment_start(&args->a, segment), *a[BK_MR];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++) a[i] = start + bk_row_start(&args->a, m0 + i);
    size_t kk = 0;
#if BK_A_BY_LANE
    typedef float quad __attribute__((ext_vector_type(4)));
    for (; kk + 4 <= k; kk += 4, b += 4 * BK_NR) {
      quad values[BK_MR];
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) memcpy(&values[i], a[i] + kk, sizeof(quad));
#pragma clang loop unroll(full)
      for (size_t lane = 0; lane < 4; lane++) {
        BK_VEC b0 = BK_NAME(bk_weights)(args->b, b + lane * BK_NR, half);
        BK_VEC b1 = BK_NAME(bk_weights)(args->b, b + lane * BK_NR + BK_LANES, half);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < rows; i++) {
          sum[i][0] += b0 * values[i][lane];
          sum[i][1] += b1 * values[i][lane];
        }
      }
    }
#endif
    for (; kk < k; kk++, b += BK_NR) {
      BK_VEC b0 = BK_NAME(bk_weights)(args->b, b, half);
      BK_VEC b1 = BK_NAME(bk_weights)(args->b, b + BK_LANES, half);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < rows; i++) {
        sum[i][0] += b0 * a[i][kk];
        sum[i][1] += b1 * a[i][kk];
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; i++)
    BK_NAME(bk_panel_store)(args, args->c + (m0 + i) * args->c_stride, n0, sum[i][0], sum[i][1]);
}

// One row times four panels at once: enough independent sums to hide the latency of a multiply.
BK_INLINE void BK_NAME(bk_float_row)(const bk_float_gemm_args *args, size_t n0, const bool half) {
#pragma clang fp contract(fast)
  const size_t k = args->a.k, panel = args->a.segments * k * BK_NR;
  size_t b = n0 * args->a.segments * k;
  BK_VEC sum[4][2];
#pragma clang loop unroll(full)
  for (size_t p = 0; p < 4; p++)
    for (size_t v = 0; v < 2; v++) {
      const float *bias = args->bias + n0 + p * BK_NR + v * BK_LANES;
      sum[p][v] = args->bias ? BK_NAME(bk_vec_load)(bias) : (BK_VEC)(0.0f);
    }
  for (size_t segment = 0; segment < args->a.segments; segment++) {
    const float *a = (const float *)args->a.a + bk_row_start(&args->a, 0);
    a += bk_segment_start(&args->a, segment);
    for (size_t kk = 0; kk < k; kk++, b += BK_NR)
#pragma clang loop unroll(full)
      for (size_t p = 0; p < 4; p++) {
        sum[p][0] += BK_NAME(bk_weights)(args->b, b + p * panel, half) * a[kk];
        sum[p][1] += BK_NAME(bk_weights)(args->b, b + p * panel + BK_LANES, half) * a[kk];
      }
  }
#pragma clang loop unroll(full)
  for (size_t p = 0; p < 4; p++)
    BK_NAME(bk_panel_store)(args, args->c, n0 + p * BK_NR, sum[p][0], sum[p][1]);
}

BK_INLINE void BK_NAME(bk_float_gemm)(const bk_float_gemm_args *args, const bool half) {
  size_t n0 = 0;
  if (args->m == 1)
    for (; n0 + 4 * BK_NR <= args->n; n0 += 4 * BK_NR) BK_NAME(bk_float_row)(args, n0, half);
  for (; n0 < args->n; n0 += BK_NR) {
    size_t m0 = 0;
    for (; m0 + BK_MR <= args->m; m0 += BK_MR) BK_NAME(bk_float_tile)(args, m0, n0, BK_MR, half);
    switch (args->m - m0) {
#if BK_MR > 5
    case 5: BK_NAME(bk_float_tile)(args, m0, n0, 5, half); break;
#endif
#if BK_MR > 4
    case 4: BK_NAME(bk_float_tile)(args, m0, n0, 4, half); break;
#endif
    case 3: BK_NAME(bk_float_tile)(args, m0, n0, 3, half); break;
    case 2: BK_NAME(bk_float_tile)(args, m0, n0, 2, half); break;
    case 1: BK_NAME(bk_float_tile)(args, m0, n0, 1, half); break;
    default: break;
    }
  }
}

void BK_NAME(bk_f32_gemm)(const bk_float_gemm_args *args) {
  BK_NAME(bk_float_gemm)(args, false);
}

#if defined(BK_HALF_LOAD)
void BK_NAME(bk_f16_gemm)(const bk_float_gemm_args *args) {
  BK_NAME(bk_float_gemm)(args, true);
}
#endif
