// Counts the allocations of the calling thread, by standing in for the C library's functions.
#ifndef BRAMBLE_ALLOCATION_COUNTER_H
#define BRAMBLE_ALLOCATION_COUNTER_H

#include <stdint.h>

uint64_t allocations_of_this_thread(void);

#endif
