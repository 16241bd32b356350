// Which kernels of a table are called: for profiles, which so name what ran and not what should have.
#ifndef BRAMBLE_BK_TRACE_H
#define BRAMBLE_BK_TRACE_H

#include "bk_table.h"

// A table that calls those of `kernels` and notes which; what was noted before is forgotten. There is one
// in a process: two may not trace at once, but one may trace what several threads do.
const bk_kernels *bk_trace_begin(const bk_kernels *kernels);

// The entry that was first called as the position-th, or -1 past the last one.
int bk_trace_call(size_t position);

// "i8_f32_gemm".
const char *bk_entry_name(size_t entry);

// Whose version stands there: the name of `kernels`, or of the table that it is borrowed from.
const char *bk_entry_isa(const bk_kernels *kernels, size_t entry);

#endif
