#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../portable/tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni"))), \
    apply_to = function)

// The int8 templates once more: eight products of 64 bits fit in a register, and values narrow in one instruction.
#define BK_NAME(name) name##__avx512vnni
#define BK_I8_LINKAGE
#define BK_I16_PRODUCT _mm256_mulhrs_epi16
#define BK_I16_PAIRS _mm256_madd_epi16
#define BK_I8_ADD add_rows
typedef struct bk_i8_binary_plan__avx512vnni bk_i8_binary_plan__avx512vnni;
static size_t add_rows(
    const bk_i8_binary_plan__avx512vnni *plan, size_t count, const int8_t *a, const int8_t *b, int8_t *y);
#include "../templates/i8_elementwise.inc.h"
#include "i8_add__avx512vnni.h"
#include "../templates/i8_lstm.inc.h"
#include "../templates/i8_matmul.inc.h"
#include "../templates/i8_rows.inc.h"

#pragma clang attribute pop
#endif
