#include "kernel_check.h"

static const size_t rows[] = {1, 2, 3, 4, 5, 6, 7, 13, 17};
static const size_t columns[] = {1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 130};
static const size_t depths[] = {1, 3, 4, 5, 8, 9, 31, 64, 67};
#define EACH(i, list) for (size_t i = 0; i < sizeof list / sizeof *list; i++)

// The reference's rounding as it is written down: a nudge, then a division that truncates.
static int32_t requantized(int32_t x, int32_t multiplier, int32_t shift) {
  x = (int32_t)((uint32_t)x << (shift > 0 ? shift : 0));
  int64_t product = (int64_t)x * multiplier;
  int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
  x = (int32_t)((product + nudge) / (1ll << 31));
  int64_t divisor = 1ll << (shift > 0 ? 0 : -shift), whole = x / divisor, rest = x % divisor;
  if (2 * rest >= divisor && divisor > 1) whole++;
  if (-2 * rest >= divisor && divisor > 1) whole--;
  return (int32_t)whole;
}

// Multipliers and shifts of every size: those of real layers, huge ones, ties, and down to nothing. Two matrices of
// three have only ones of real layers, which may have a way of their own.
static void scales_of(sequence *s, size_t n, int32_t *multiplier, int32_t *shift) {
  static const int32_t multipliers[] = {1 << 30, INT32_MAX, 1518500250, 1073741825, 0};
  static const int32_t shifts[] = {-8, -7, -6, -9, 0, -1, -12, -20, 1, 7, 22, -21, -30, -31};
  const unsigned kinds = next_float(s) < 0.3f ? 8 : 14;
  for (size_t j = 0; j < n; j++) {
    unsigned draw = (unsigned)(next_float(s) * 1000 + 1000);
    multiplier[j] = draw % 4 == 3 ? 1234567890 : multipliers[draw / 4 % 5];
    shift[j] = shifts[draw / 20 % kinds];
  }
}

typedef struct {
  size_t m, n;
  int32_t *sums;
  bk_i8_product product;
} exact;

static void to_f32(const bk_kernels *kernels, const exact *e, sequence *s, digest *d) {
  const size_t m = e->m, n = e->n, stride = n + 3;
  float *scales = random_floats(s, round_up(n, 32), 0.01f), *bias = random_floats(s, round_up(n, 32), 1);
  float *row_scales = random_floats(s, m, 0.01f);
  float *c = zeroed(m * stride * 4), *expected = zeroed(m * stride * 4);
  for (size_t i = 0; i < m * stride; i++) c[i] = expected[i] = 77;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      float scale = scales[j] * row_scales[i], y = (float)e->sums[i * n + j] * scale;
      expected[i * stride + j] = y + bias[j];
    }
  bk_i8_f32_gemm_args args = {e->product, row_scales, 1, scales, bias, c, stride, -INFINITY, INFINITY};
  kernels->gemm.i8_f32_gemm(&args);
  expect_near("i8_f32_gemm", kernels, c, expected, m * stride, 0);
  digest_add(d, c, m * stride * 4);
  free(scales), free(bias), free(row_scales), free(c), free(expected);
}

static void to_integers(const bk_kernels *kernels, const exact *e, sequence *s, digest *d) {
  const size_t m = e->m, n = e->n, stride = n + 3;
  int32_t *bias = zeroed(round_up(n, 32) * 4), *multiplier = zeroed(round_up(n, 32) * 4);
  int32_t *shift = zeroed(round_up(n, 32) * 4), *wide = zeroed(m * stride * 4);
  int8_t *c = zeroed(m * stride), *once = zeroed(m * stride);
  const float largest = next_float(s) < -0.6f ? 1e9f : 20000;
  for (size_t j = 0; j < n; j++) bias[j] = (int32_t)(next_float(s) * largest);
  scales_of(s, n, multiplier, shift);
  memset(c, 77, m * stride);
  memset(wide, 77, m * stride * 4);
  bk_i8_i8_gemm_args narrow = {e->product, bias, multiplier, shift, -3, -120, 119, c, stride, false};
  kernels->gemm.i8_i8_gemm(&narrow);
  narrow.c = once, narrow.once = true;
  kernels->gemm.i8_i8_gemm(&narrow);
  bk_i8_i32_gemm_args args = {e->product, bias, wide, stride};
  kernels->gemm.i8_i32_gemm(&args);
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < stride; j++) {
      int64_t sum = j < n ? e->sums[i * n + j] + bias[j] : 0x4d4d4d4d, y = 77;
      if (j < n) {
        y = (int32_t)((uint32_t)requantized((int32_t)sum, multiplier[j], shift[j]) - 3);
        y = y < -120 ? -120 : y > 119 ? 119 : y;
      }
      if (c[i * stride + j] != y && failures++ < 50)
        printf("fail %s i8_i8 at %zu %zu of %zu: %d, expected %d (%d, %d)\n", kernels->name, i, j, n,
               c[i * stride + j], (int)y, multiplier[j], shift[j]);
      int64_t product = j < n ? sum * multiplier[j] : 0, half = j < n ? 1ll << (30 - shift[j]) : 0;
      int64_t at_once = j < n ? (int32_t)((uint32_t)((product + half) >> (31 - shift[j])) - 3) : 0;
      at_once = at_once < -120 ? -120 : at_once > 119 ? 119 : at_once;
      if (j < n && once[i * stride + j] != at_once && failures++ < 50)
        printf("fail %s i8_i8 rounded once at %zu %zu\n", kernels->name, i, j);
      if (wide[i * stride + j] != sum && failures++ < 50)
        printf("fail %s i8_i32 at %zu %zu of %zu\n", kernels->name, i, j, n);
    }
  digest_add(d, c, m * stride);
  digest_add(d, once, m * stride);
  digest_add(d, wide, m * stride * 4);
  free(bias), free(multiplier), free(shift), free(wide), free(c), free(once);
}

static void one(
    const bk_kernels *kernels, size_t m, size_t n, size_t k, int form, int extreme, sequence *s,
    digest *d) {
  int32_t offsets[32];
  size_t count = operand_count(m, k), nr = kernels->i8_nr;
  int8_t *a = random_weights(s, count), *first = a + (form == 2 ? 16 : 0);
  bk_rows operand = operand_rows(first, m, k, form, offsets);
  size_t depth = operand.segments * k;
  int8_t *w = random_weights(s, n * depth);
  for (size_t i = 0; i < count; i += 5) a[i] = -128;
  if (extreme) {
    for (size_t i = 0; i < count; i++) a[i] = i % 3 ? -128 : 127;
    for (size_t i = 0; i < n * depth; i++) w[i] = i % 5 ? -127 : 127;
  }
  int8_t *b = zeroed(bk_i8_packed_count(n, operand.segments, k, nr));
  int32_t *sums = zeroed(4 * round_up(n, 32));
  if (!bk_i8_pack(n, operand.segments, k, w, 1, depth, nr, b, sums)) failures++;
  exact e = {m, n, zeroed(m * n * 4), {m, n, operand, b, sums, nr}};
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++)
      for (size_t l = 0; l < depth; l++)
        e.sums[i * n + j] += first[operand_index(&operand, i, l / k, l % k)] * w[j * depth + l];
  if (kernels->i8_flips && (m + n) % 2) {
    bk_flip(count, a);
    e.product.a.flipped = true;
  }
  to_f32(kernels, &e, s, d);
  to_integers(kernels, &e, s, d);
  free(a), free(w), free(b), free(sums), free(e.sums);
}

void check_i8_gemm(const bk_kernels *kernels) {
  sequence s = {2};
  digest d = digest_start();
  EACH(i, rows) EACH(j, columns) EACH(l, depths)
      one(kernels, rows[i], columns[j], depths[l], (int)(i + j + l) % 3, 0, &s, &d);
  for (int form = 0; form < 3; form++) one(kernels, 9, 130, 256, form, 1, &s, &d);
  digest_print(&d, kernels, "i8_gemm");
  int8_t lowest = -128, packed[256];
  int32_t sums[32];
  if (bk_i8_pack(1, 1, 1, &lowest, 1, 1, kernels->i8_nr, packed, sums))
    failures++, printf("fail %s packs -128\n", kernels->name);
}

static uint8_t *stored_blocks(size_t n, size_t k, const int8_t *w, const float *scales) {
  const size_t blocks = round_up(k, BK_I4_BLOCK) / BK_I4_BLOCK;
  uint8_t *stored = zeroed(n * blocks * BK_I4_BLOCK_BYTES);
  for (size_t i = 0; i < n * blocks; i++) {
    uint8_t *block = stored + i * BK_I4_BLOCK_BYTES;
    memcpy(block, &scales[i], 4);
    memset(block + 4, 0x88, 16);
    for (size_t j = 0; j < BK_I4_BLOCK && i % blocks * BK_I4_BLOCK + j < k; j++) {
      int value = w[i / blocks * k + i % blocks * BK_I4_BLOCK + j];
      // The exclusive or puts 8 + value in place of 8.
      block[4 + j % 16] ^= (uint8_t)(((value + 8) ^ 8) << (j < 16 ? 0 : 4));
    }
  }
  return stored;
}

static void one_i4(const bk_kernels *kernels, size_t m, size_t n, size_t k, sequence *s, digest *d) {
  const size_t run = round_up(k, BK_I4_BLOCK), blocks = run / BK_I4_BLOCK, nr = kernels->i8_nr;
  int8_t *a = zeroed(m * run), *w = random_weights(s, n * k);
  for (size_t i = 0; i < m; i++)
    for (size_t l = 0; l < k; l++) a[i * run + l] = next_weight(s);
  for (size_t i = 0; i < n * k; i++) w[i] = (int8_t)(w[i] % 8);
  float *scales = random_floats(s, n * blocks, 0.01f), *row_scales = random_floats(s, m, 0.01f);
  float *bias = random_floats(s, round_up(n, 32), 1);
  float *c = zeroed(m * (n + 3) * 4), *expected = zeroed(m * (n + 3) * 4);
  int32_t *sums = zeroed(m * blocks * 4);
  uint8_t *b = zeroed(bk_i4_packed_count(n, k, nr));
  uint8_t *stored = stored_blocks(n, k, w, scales);
  if (!bk_i4_pack(n, k, stored, nr, b)) failures++;
  stored[4] = 0x80;
  if (bk_i4_pack(n, k, stored, nr, b)) failures++, printf("fail packs -8\n");
  stored[4] = (uint8_t)((w[0] + 8) | (k > 16 ? w[16] + 8 : 8) << 4);
  if (!bk_i4_pack(n, k, stored, nr, b)) failures++;
  free(stored);
  bk_i8_block_sums(m, k, a, run, sums);
  for (size_t i = 0; i < m * (n + 3); i++) c[i] = expected[i] = 77;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      float y = 0;
      for (size_t block = 0; block < blocks; block++) {
        int32_t sum = 0;
        for (size_t l = block * BK_I4_BLOCK; l < k && l < (block + 1) * BK_I4_BLOCK; l++)
          sum += a[i * run + l] * w[j * k + l];
        float part = (float)sum * scales[j * blocks + block];
        y = y + part;
      }
      y = y * row_scales[i];
      expected[i * (n + 3) + j] = y + bias[j];
    }
  bk_i4_f32_gemm_args args = {m,    n, k,     a,         run,      row_scales, sums, b,
                              bias, c, n + 3, -INFINITY, INFINITY, nr};
  kernels->gemm.i4_f32_gemm(&args);
  expect_near("i4_f32_gemm", kernels, c, expected, m * (n + 3), 0);
  digest_add(d, c, m * (n + 3) * 4);
  free(a), free(w), free(scales), free(row_scales), free(bias), free(c), free(expected), free(sums);
  free(b);
}

void check_i4_gemm(const bk_kernels *kernels) {
  static const size_t i4_depths[] = {1, 8, 31, 32, 33, 64, 100, 256};
  sequence s = {12};
  digest d = digest_start();
  EACH(i, rows) EACH(j, columns) EACH(l, i4_depths)
      one_i4(kernels, rows[i], columns[j], i4_depths[l], &s, &d);
  digest_print(&d, kernels, "i4_gemm");
}
