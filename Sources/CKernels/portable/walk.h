// A walk over axes, outermost first, that knows where each of several operands stands.
#ifndef BRAMBLE_WALK_H
#define BRAMBLE_WALK_H

#include "../include/bk_elementwise.h"

#include <stdbool.h>

#define BK_MOST_OPERANDS 3

typedef struct {
  const size_t *extents;
  size_t operands;
  const ptrdiff_t *strides[BK_MOST_OPERANDS];
  // In elements from each operand's beginning.
  ptrdiff_t at[BK_MOST_OPERANDS];
  size_t position[BK_MAX_RANK];
} bk_walk;

// The beginning of a walk over two operands.
void bk_walk_begin(bk_walk *walk, const bk_broadcast *over);

// Goes one step along the innermost of the first `axes` axes that has one left; false where none has.
bool bk_walk_next(bk_walk *walk, size_t axes);

#endif
