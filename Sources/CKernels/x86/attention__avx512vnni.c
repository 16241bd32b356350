// Attention in one piece: eight queries go from their scores to their results without leaving the first-level cache. The
// largest score is found while scores are in registers, values are read where they lie, and the weights' sum divides
// the results instead of the weights.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "../portable/tables.h"
#include "f32_power__avx512vnni.h"

#define QUERIES 8
// Columns of a tile: two vectors.
#define COLUMNS 32
#define EACH_QUERY(r) _Pragma("clang loop unroll(full)") for (size_t r = 0; r < QUERIES; r++)

typedef __m512 sums[QUERIES][2];

// A tile of k steps: rows of `a`, and two vectors of columns that lie at b and b1 and go on by `step`.
BK_WIDE static inline __attribute__((always_inline)) void multiply(
    size_t k, const float *a, size_t a_stride, const float *b, const float *b1, size_t step, sums sum) {
  EACH_QUERY(r) sum[r][0] = sum[r][1] = _mm512_setzero_ps();
  for (size_t i = 0; i < k; i++, b += step, b1 += step) {
    __m512 w0 = _mm512_loadu_ps(b), w1 = _mm512_loadu_ps(b1);
    EACH_QUERY(r) {
      __m512 x = _mm512_set1_ps(a[r * a_stride + i]);
      sum[r][0] = _mm512_fmadd_ps(x, w0, sum[r][0]);
      sum[r][1] = _mm512_fmadd_ps(x, w1, sum[r][1]);
    }
  }
}

BK_WIDE static void attend(const bk_attention_args *args, const float *q, float *y) {
  const size_t keys = args->keys;
  const __m512 scale = _mm512_set1_ps(args->scale * 1.44269504088896341f);
  const __m512 vanishing = _mm512_set1_ps(-150.0f);
  float *scores = args->scores;
  __m512 top[QUERIES], total[QUERIES];
  sums sum;
  EACH_QUERY(r) top[r] = _mm512_set1_ps(-INFINITY), total[r] = _mm512_setzero_ps();
  for (size_t n0 = 0; n0 < keys; n0 += COLUMNS) {
    const float *b = args->packed_keys + n0 * args->size;
    multiply(args->size, q, args->q_stride, b, b + 16 * args->size, 16, sum);
    EACH_QUERY(r) {
      top[r] = _mm512_max_ps(_mm512_max_ps(sum[r][0], sum[r][1]), top[r]);
      _mm512_storeu_ps(scores + r * keys + n0, sum[r][0]);
      _mm512_storeu_ps(scores + r * keys + n0 + 16, sum[r][1]);
    }
  }
  EACH_QUERY(r) top[r] = _mm512_set1_ps(_mm512_reduce_max_ps(top[r]));
  for (size_t i = 0; i < keys; i += 16)
    EACH_QUERY(r) {
      float *p = scores + r * keys + i;
      __m512 v = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(p), top[r]), scale);
      v = power_of_two(_mm512_max_ps(vanishing, v));
      total[r] = _mm512_add_ps(total[r], v);
      _mm512_storeu_ps(p, v);
    }
  EACH_QUERY(r) total[r] = _mm512_set1_ps(1.0f / _mm512_reduce_add_ps(total[r]));
  for (size_t n0 = 0; n0 < args->value_size; n0 += COLUMNS) {
    const float *b = args->v + n0;
    multiply(keys, scores, keys, b, b + 16, args->v_stride, sum);
    EACH_QUERY(r) {
      float *to = y + r * args->y_stride + n0;
      _mm512_storeu_ps(to, _mm512_mul_ps(sum[r][0], total[r]));
      _mm512_storeu_ps(to + 16, _mm512_mul_ps(sum[r][1], total[r]));
    }
  }
}

BK_WIDE void bk_f32_attention__avx512vnni(const bk_attention_args *args) {
  const bool fits = args->nr == 16 && args->queries % QUERIES == 0 && args->keys % COLUMNS == 0 &&
                    args->value_size % COLUMNS == 0 && args->block >= QUERIES;
  if (!fits) {
    bk_f32_attention__scalar(args);
    return;
  }
  bk_f32_pack(args->keys, args->size, args->k, 1, args->k_stride, args->nr, args->packed_keys);
  for (size_t i = 0; i < args->queries; i += QUERIES)
    attend(args, args->q + i * args->q_stride, args->y + i * args->y_stride);
}
#endif
