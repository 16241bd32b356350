// Powers of two in sixteen lanes, for softmax by itself and within attention.
#ifndef BRAMBLE_F32_POWER_AVX512_H
#define BRAMBLE_F32_POWER_AVX512_H

#include <immintrin.h>

#define BK_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,fma")))

// 2^x for x <= 0; below -126 it gives a denormal or zero. The polynomial is within 2^-23 of 2^r - 1 on [-0.5, 0.5].
BK_WIDE static inline __m512 power_of_two(__m512 x) {
  __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT), r = _mm512_sub_ps(x, n);
  __m512 p = _mm512_fmadd_ps(
      r, _mm512_set1_ps(0x1.5bba14p-10f), _mm512_set1_ps(0x1.3cea88p-7f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.c6b752p-5f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.ebf9bcp-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.62e42ap-1f));
  return _mm512_scalef_ps(_mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f)), n);
}

#endif
