#define _GNU_SOURCE
#include "pool.h"

#if defined(__linux__)
void bp_pool_learn_cores(struct bp_pool *pool) {
  pool->callers_core = -1;
  if (pthread_getaffinity_np(pthread_self(), sizeof pool->cores, &pool->cores)) CPU_ZERO(&pool->cores);
}

// A scheduler may wake helpers on the core of the one who calls them, or move that one to theirs. There they
// would wait until that thread, which is busy and in the end waits for them, is interrupted: milliseconds.
// To ask for the core takes a few nanoseconds.
void bp_pool_leave_callers_core(struct bp_pool *pool) {
  int core = sched_getcpu();
  if (core < 0 || core == pool->callers_core || core >= CPU_SETSIZE) return;
  cpu_set_t others = pool->cores;
  CPU_CLR(core, &others);
  if (!CPU_COUNT(&others)) return;
  for (uint32_t i = 1; i < pool->threads; i++)
    pthread_setaffinity_np(pool->members[i].thread, sizeof others, &others);
  pool->callers_core = core;
}
#else
void bp_pool_learn_cores(struct bp_pool *pool) { (void)pool; }
void bp_pool_leave_callers_core(struct bp_pool *pool) { (void)pool; }
#endif
