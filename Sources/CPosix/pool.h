// What the files of the thread pool share.
#ifndef BRAMBLE_POOL_H
#define BRAMBLE_POOL_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "cposix.h"

// Each word that one thread writes and others watch has a cache line of its own.
#define LINE __attribute__((aligned(128)))

// How long a thread looks for what it waits for before it sleeps. A helper that still spins is back at work
// without a system call, so it goes on through all of a run, however long one step takes that is not
// shared, within reason; then for as long as the next run may take to come.
#define IDLE_SPIN_US 100
#define RUN_SPINS 50
#define BARRIER_SPIN_US 60
// How long a team waits for a helper that has to wake first. Without it the caller goes on alone.
#define GATHER_SPIN_US 120
// A helper that kept everybody waiting (its core is busy with something else) is left out of the next
// job, then of the next two, and so on up to so many.
#define LONGEST_REST 16

// A gate is [job number | helpers inside | parts | next part]. Whoever takes a part counts it, helpers
// count themselves too while they are inside; nobody enters when no part is left. So one word, and one
// cache line with what is to be done, goes from core to core and back.
enum {
  STACK_BYTES = 256 * 1024,
  PART_BITS = 8,
  MOST_PARTS = (1 << PART_BITS) - 1,
  HELPER = 1 << (2 * PART_BITS),
  HELPERS = HELPER * (2 * BP_MOST_THREADS - 1),
  JOB = HELPERS + HELPER
};

struct member {
  LINE _Atomic uint32_t arrived;
  struct bp_pool *pool;
  pthread_t thread;
};

struct bp_pool {
  // The caller writes the next job only when nobody is inside.
  LINE _Atomic uint32_t gate;
  uint32_t is_team;
  bp_work work;
  void *context;
  // The team's size once it is settled, before that 0.
  LINE _Atomic uint32_t team;
  // Whether somebody may be asleep.
  LINE _Atomic uint32_t sleeps;
  _Atomic uint32_t runs, ends, was_late;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint32_t rest, longest_rest;
  uint32_t threads;
#if defined(__linux__)
  // The cores that helpers may use, and the one that they are kept from; -1 at first.
  cpu_set_t cores;
  int callers_core;
#endif
  struct member members[BP_MOST_THREADS];
};

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#else
  __asm__ volatile("" ::: "memory");
#endif
}

static inline uint64_t microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

typedef int (*condition)(const struct bp_pool *pool, uint64_t value);
#define WAITING static inline __attribute__((always_inline))

// True when the condition came about within the time.
WAITING int spin(const struct bp_pool *pool, condition holds, uint64_t value, uint64_t limit) {
  uint64_t end = 0;
  for (uint32_t turn = 1;; turn++) {
    if (holds(pool, value)) return 1;
    relax();
    if (turn % 64) continue;
    uint64_t now = microseconds();
    if (!end) end = now + limit;
    if (now >= end) return 0;
  }
}

static inline void sleep_until(struct bp_pool *pool, condition holds, uint64_t value) {
  pthread_mutex_lock(&pool->lock);
  while (!holds(pool, value)) {
    // Whoever changes a word looks at `sleeps` afterwards, whoever sleeps looks at the word afterwards:
    // one of them sees the other.
    atomic_store(&pool->sleeps, 1);
    if (holds(pool, value)) break;
    pthread_cond_wait(&pool->changed, &pool->lock);
  }
  pthread_mutex_unlock(&pool->lock);
}

// Spins, then sleeps; true when it did not have to sleep.
WAITING int wait_until(struct bp_pool *pool, condition holds, uint64_t value, uint64_t limit) {
  if (spin(pool, holds, value, limit)) return 1;
  sleep_until(pool, holds, value);
  return 0;
}

// Once for each time that somebody fell asleep, though it takes a while until they are awake.
static inline void tell(struct bp_pool *pool) {
  if (!atomic_load(&pool->sleeps) || !atomic_exchange(&pool->sleeps, 0)) return;
  pthread_mutex_lock(&pool->lock);
  pthread_cond_broadcast(&pool->changed);
  pthread_mutex_unlock(&pool->lock);
}

// Keeps helpers off the core that the caller is on now.
void bp_pool_learn_cores(struct bp_pool *pool);
void bp_pool_leave_callers_core(struct bp_pool *pool);

#endif
