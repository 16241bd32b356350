#include "walk.h"

void bk_walk_begin(bk_walk *walk, const bk_broadcast *over) {
  *walk = (bk_walk){over->extents, 2, {over->a_strides, over->b_strides}};
}

bool bk_walk_next(bk_walk *walk, size_t axes) {
  for (size_t axis = axes; axis-- > 0; walk->position[axis] = 0) {
    for (size_t i = 0; i < walk->operands; i++) walk->at[i] += walk->strides[i][axis];
    if (++walk->position[axis] < walk->extents[axis]) return true;
    for (size_t i = 0; i < walk->operands; i++)
      walk->at[i] -= walk->strides[i][axis] * (ptrdiff_t)walk->extents[axis];
  }
  return false;
}
