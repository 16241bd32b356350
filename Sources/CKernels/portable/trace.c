#include "../include/bk_trace.h"
#include "entries.h"

static bk_kernels original, tracing;
// When each entry was called first, from 1 on; 0 stands for never.
static uint32_t calls, first_call[BK_ENTRY_COUNT];

static void note(size_t entry) {
  if (__atomic_load_n(&first_call[entry], __ATOMIC_RELAXED)) return;
  uint32_t now = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&first_call[entry], now, __ATOMIC_RELAXED);
}

#define NOTING(family, entry, parameters, arguments) \
  static void noting_##entry parameters {            \
    note(BK_ENTRY_##entry);                          \
    original.family.entry arguments;                 \
  }
BK_ENTRIES(NOTING)

const bk_kernels *bk_trace_begin(const bk_kernels *kernels) {
  original = tracing = *kernels;
#define REPLACED(family, entry, parameters, arguments) tracing.family.entry = noting_##entry;
  BK_ENTRIES(REPLACED)
  calls = 0;
  for (size_t i = 0; i < BK_ENTRY_COUNT; i++) first_call[i] = 0;
  return &tracing;
}

int bk_trace_call(size_t position) {
  for (size_t i = 0; i < BK_ENTRY_COUNT; i++)
    if (first_call[i] == position + 1) return (int)i;
  return -1;
}

const char *bk_entry_name(size_t entry) {
#define NAME(family, entry, parameters, arguments) #entry,
  static const char *const names[] = {BK_ENTRIES(NAME)};
  return names[entry];
}

typedef void (*function)(void);
static function function_at(const bk_kernels *kernels, size_t entry) {
  return ((const function *)&kernels->gemm)[entry];
}

const char *bk_entry_isa(const bk_kernels *kernels, size_t entry) {
  const bk_kernels *table;
  for (size_t i = 0; (table = bk_kernels_at(i)); i++)
    if (function_at(table, entry) == function_at(kernels, entry)) return table->name;
  return kernels->name;
}
