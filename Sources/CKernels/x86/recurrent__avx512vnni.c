#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512vl,avx512vnni"))), apply_to = function)
#include "../templates/vector.h"

typedef float f32x16 __attribute__((ext_vector_type(16)));

// The smaller of two, or what stands in the first where one is not a number, as in vector.h.
BK_INLINE f32x16 clamp(f32x16 x, float low, float high) {
  f32x16 least = (f32x16)(low), most = (f32x16)(high);
  x = x < least ? least : x;
  return x > most ? most : x;
}

BK_DEFINE_TANH(f32x16, tanh16, sigmoid16, clamp)

// Sixteen units have their four gates in vectors of sixteen: four panels of float weights, or two of int8.
enum { UNITS = 16, GATES = 4, COLUMNS = GATES * UNITS };

BK_INLINE f32x16 load(const float *p) { return (f32x16)_mm512_loadu_ps(p); }

// The cells of one block; what lies past the layer's units is not written.
BK_INLINE void cell(const bk_lstm_step *step, size_t block, const f32x16 gates[GATES]) {
  size_t unit = block * UNITS, left = step->layer->units - unit;
  __mmask16 mask = left >= UNITS ? 0xffff : (__mmask16)((1u << left) - 1);
  f32x16 c = (f32x16)_mm512_maskz_loadu_ps(mask, step->c + unit);
  c = sigmoid16(gates[1]) * c;
  c = c + sigmoid16(gates[0]) * tanh16(gates[2]);
  _mm512_mask_storeu_ps(step->c + unit, mask, (__m512)c);
  _mm512_mask_storeu_ps(step->y + unit, mask, (__m512)(sigmoid16(gates[3]) * tanh16(c)));
}

BK_INLINE void float_block(const bk_lstm_step *step, size_t block) {
  const size_t k = step->layer->units;
  const float *b = (const float *)step->layer->recurrent.weights + block * COLUMNS * k;
  const float *x = step->x + block * COLUMNS;
  __m512 sums[GATES];
#pragma clang loop unroll(full)
  for (int gate = 0; gate < GATES; gate++) sums[gate] = _mm512_loadu_ps(x + UNITS * gate);
#pragma clang loop unroll_count(4)
  for (size_t i = 0; i < k; i++) {
    __m512 h = _mm512_set1_ps(step->h[i]);
#pragma clang loop unroll(full)
    for (size_t gate = 0; gate < GATES; gate++)
      sums[gate] = _mm512_fmadd_ps(h, _mm512_loadu_ps(b + (gate * k + i) * UNITS), sums[gate]);
  }
  f32x16 gates[GATES];
#pragma clang loop unroll(full)
  for (int gate = 0; gate < GATES; gate++) gates[gate] = (f32x16)sums[gate];
  cell(step, block, gates);
}

// The rounding of the scaled sums is that of bk_i8_f32_gemm.
BK_INLINE void i8_block(const bk_lstm_step *step, size_t block) {
  const bk_matrix *r = &step->layer->recurrent;
  const size_t k = (r->k + BK_I8_K_ALIGNMENT - 1) & ~(size_t)(BK_I8_K_ALIGNMENT - 1);
  const int8_t *b = (const int8_t *)r->weights + block * COLUMNS * k, *b1 = b + 2 * UNITS * k;
  __m512i sums[GATES];
#pragma clang loop unroll(full)
  for (int gate = 0; gate < GATES; gate++) sums[gate] = _mm512_setzero_si512();
#pragma clang loop unroll_count(2)
  for (size_t i = 0; i < k; i += 4) {
    // Unsigned for the instruction; 128 times each column's sum is taken off at the end.
    uint32_t four;
    memcpy(&four, step->quantized + i, sizeof four);
    __m512i h = _mm512_set1_epi32((int32_t)(four ^ 0x80808080u));
    const int8_t *w = b + 2 * UNITS * i, *w1 = b1 + 2 * UNITS * i;
    sums[0] = _mm512_dpbusd_epi32(sums[0], h, _mm512_loadu_si512(w));
    sums[1] = _mm512_dpbusd_epi32(sums[1], h, _mm512_loadu_si512(w + 64));
    sums[2] = _mm512_dpbusd_epi32(sums[2], h, _mm512_loadu_si512(w1));
    sums[3] = _mm512_dpbusd_epi32(sums[3], h, _mm512_loadu_si512(w1 + 64));
  }
  f32x16 gates[GATES];
#pragma clang loop unroll(full)
  for (size_t gate = 0; gate < GATES; gate++) {
    size_t column = block * COLUMNS + gate * UNITS;
    __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(r->sums + column), 7);
    f32x16 sum = (f32x16)_mm512_cvtepi32_ps(_mm512_sub_epi32(sums[gate], offset));
    gates[gate] = sum * (load(r->scales + column) * *step->scale) + load(step->x + column);
  }
  cell(step, block, gates);
}

void bk_f32_lstm_step__avx512vnni(const bk_lstm_step *step) {
  const bk_recurrent_args *l = step->layer;
  const bk_weight_type type = l->recurrent.type;
  const bool fits = type == BK_WEIGHTS_F32   ? l->recurrent.nr == UNITS
                    : type == BK_WEIGHTS_I8 ? l->recurrent.nr == 2 * UNITS
                                            : false;
  if (!fits || l->block != UNITS) {
    bk_f32_lstm_step__scalar(step);
    return;
  }
  // Other threads have these lines; to ask for them now costs nothing while the weights stream in.
  size_t end = step->last * UNITS < l->units ? step->last * UNITS : l->units;
  for (size_t unit = step->first * UNITS; unit < end; unit += UNITS)
    __builtin_prefetch(step->y + unit, 1);
  for (size_t i = step->first; i < step->last; i++) {
    size_t block = step->backward ? step->last - 1 - (i - step->first) : i;
    if (type == BK_WEIGHTS_I8)
      i8_block(step, block);
    else
      float_block(step, block);
  }
}

#pragma clang attribute pop
#endif
