#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cposix.h"

// Each word that one thread writes and others watch has a cache line of its own.
#define LINE __attribute__((aligned(128)))

// How long a thread looks for what it waits for before it sleeps. Between two jobs of one inference
// pass a few microseconds; a helper that still spins is back at work without a system call.
#define IDLE_SPIN_US 200
#define BARRIER_SPIN_US 60
// How long a team waits for a helper that has to wake first. Without it the caller goes on alone.
#define GATHER_SPIN_US 120
// A helper that kept everybody waiting (its core is busy with something else) is left out of the next
// job, then of the next two, and so on up to so many.
#define LONGEST_REST 256

enum {
  STACK_BYTES = 256 * 1024,
  COUNT_BITS = 8,
  OPEN = 1 << (COUNT_BITS - 1),
  COUNT_MASK = OPEN - 1
};

struct member {
  LINE _Atomic uint32_t arrived;
  struct bp_pool *pool;
  pthread_t thread;
};

struct bp_pool {
  // [job number | open | helpers inside]: a helper enters a job only while it is open, and the caller
  // writes the next one only when nobody is inside.
  LINE _Atomic uint32_t gate;
  LINE _Atomic uint32_t next_part;
  // The team's size once it is settled, with the job's number above it.
  LINE _Atomic uint32_t team;
  LINE _Atomic uint32_t sleepers;
  _Atomic uint32_t ends, was_late;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bp_work work;
  void *context;
  uint32_t parts;
  uint32_t is_team;
  uint32_t rest, longest_rest;
  uint32_t threads;
  struct member members[BP_MOST_THREADS];
};

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#else
  __asm__ volatile("" ::: "memory");
#endif
}

static uint64_t microseconds(void) {
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

// Spins, then sleeps; true when it did not have to sleep.
WAITING int wait_until(struct bp_pool *pool, condition holds, uint64_t value, uint64_t limit) {
  if (spin(pool, holds, value, limit)) return 1;
  pthread_mutex_lock(&pool->lock);
  // Whoever changes a word looks at `sleepers` afterwards, whoever sleeps looks at the word afterwards:
  // one of them sees the other.
  atomic_fetch_add(&pool->sleepers, 1);
  while (!holds(pool, value)) pthread_cond_wait(&pool->changed, &pool->lock);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->lock);
  return 0;
}

static void tell(struct bp_pool *pool) {
  if (!atomic_load(&pool->sleepers)) return;
  pthread_mutex_lock(&pool->lock);
  pthread_cond_broadcast(&pool->changed);
  pthread_mutex_unlock(&pool->lock);
}

WAITING int is_another_job(const struct bp_pool *pool, uint64_t seen) {
  return atomic_load(&pool->gate) >> COUNT_BITS != seen || atomic_load(&pool->ends);
}
WAITING int is_empty(const struct bp_pool *pool, uint64_t unused) {
  (void)unused;
  return (atomic_load(&pool->gate) & COUNT_MASK) == 0;
}
WAITING int has_helpers(const struct bp_pool *pool, uint64_t count) {
  return (atomic_load(&pool->gate) & COUNT_MASK) >= count;
}
WAITING int is_settled(const struct bp_pool *pool, uint64_t job) {
  return atomic_load(&pool->team) >> COUNT_BITS == job;
}
// [member | turn]; one turn further is as good, as that thread has been here.
WAITING int has_arrived(const struct bp_pool *pool, uint64_t value) {
  return (int32_t)(atomic_load(&pool->members[value >> 32].arrived) - (uint32_t)value) >= 0;
}

static void take_parts(struct bp_pool *pool) {
  for (;;) {
    uint32_t part = atomic_fetch_add(&pool->next_part, 1);
    if (part >= pool->parts) return;
    pool->work(pool->context, part, pool->parts);
  }
}

// The helper's place in the job: 1 and up, or 0 when it came too late.
static uint32_t enter(struct bp_pool *pool, uint32_t *job) {
  uint32_t gate = atomic_load(&pool->gate);
  do {
    *job = gate >> COUNT_BITS;
    if (!(gate & OPEN)) return 0;
  } while (!atomic_compare_exchange_weak(&pool->gate, &gate, gate + 1));
  return (gate & COUNT_MASK) + 1;
}

static void *help(void *argument) {
  struct member *self = argument;
  struct bp_pool *pool = self->pool;
  uint32_t job = 0;
  for (;;) {
    wait_until(pool, is_another_job, job, IDLE_SPIN_US);
    if (atomic_load(&pool->ends)) return NULL;
    uint32_t place = enter(pool, &job);
    if (!place) continue;
    if (pool->is_team) {
      wait_until(pool, is_settled, job, BARRIER_SPIN_US);
      pool->work(pool->context, place, atomic_load(&pool->team) & COUNT_MASK);
    } else {
      take_parts(pool);
    }
    atomic_fetch_sub(&pool->gate, 1);
    tell(pool);
  }
}

struct bp_pool *bp_pool_start(uint32_t threads) {
  if (threads > BP_MOST_THREADS) threads = BP_MOST_THREADS;
  if (threads < 2) return NULL;
  void *memory = NULL;
  if (posix_memalign(&memory, 128, sizeof(struct bp_pool))) return NULL;
  struct bp_pool *pool = memory;
  memset(pool, 0, sizeof *pool);
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->changed, NULL);
  pool->threads = 1;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  // Signals are for the thread that knows what to do about them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (; pool->threads < threads; pool->threads++) {
    struct member *member = &pool->members[pool->threads];
    member->pool = pool;
    if (pthread_create(&member->thread, &attributes, help, member)) break;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (pool->threads > 1) return pool;
  bp_pool_stop(pool);
  return NULL;
}

void bp_pool_stop(struct bp_pool *pool) {
  if (!pool) return;
  atomic_store(&pool->ends, 1);
  pthread_mutex_lock(&pool->lock);
  pthread_cond_broadcast(&pool->changed);
  pthread_mutex_unlock(&pool->lock);
  for (uint32_t i = 1; i < pool->threads; i++) pthread_join(pool->members[i].thread, NULL);
  pthread_cond_destroy(&pool->changed);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

uint32_t bp_pool_threads(const struct bp_pool *pool) { return pool ? pool->threads : 1; }

// Opens the next job to the helpers; its number.
static uint32_t publish(
    struct bp_pool *pool, bp_work work, void *context, uint32_t parts, uint32_t is_team) {
  pool->work = work;
  pool->context = context;
  pool->parts = parts;
  pool->is_team = is_team;
  atomic_store(&pool->next_part, 0);
  uint32_t gate = (((atomic_load(&pool->gate) >> COUNT_BITS) + 1) << COUNT_BITS) | OPEN;
  atomic_store(&pool->gate, gate);
  tell(pool);
  return gate >> COUNT_BITS;
}

static void judge(struct bp_pool *pool, int was_in_time) {
  if (was_in_time) {
    pool->longest_rest /= 2;
    return;
  }
  pool->longest_rest = pool->longest_rest ? pool->longest_rest * 2 : 1;
  if (pool->longest_rest > LONGEST_REST) pool->longest_rest = LONGEST_REST;
  pool->rest = pool->longest_rest;
}

static int works_alone(struct bp_pool *pool) {
  if (!pool) return 1;
  if (!pool->rest) return 0;
  pool->rest--;
  return 1;
}

void bp_pool_run(struct bp_pool *pool, uint32_t parts, bp_work work, void *context) {
  if (parts < 2 || works_alone(pool)) {
    for (uint32_t part = 0; part < parts; part++) work(context, part, parts);
    return;
  }
  publish(pool, work, context, parts, 0);
  take_parts(pool);
  atomic_fetch_and(&pool->gate, ~(uint32_t)OPEN);
  judge(pool, wait_until(pool, is_empty, 0, BARRIER_SPIN_US));
}

void bp_pool_run_team(struct bp_pool *pool, bp_work work, void *context) {
  if (works_alone(pool)) {
    work(context, 0, 1);
    return;
  }
  uint32_t job = publish(pool, work, context, 0, 1);
  int is_whole = spin(pool, has_helpers, pool->threads - 1, GATHER_SPIN_US);
  uint32_t gate = atomic_fetch_and(&pool->gate, ~(uint32_t)OPEN);
  uint32_t size = (gate & COUNT_MASK) + 1;
  for (uint32_t i = 0; i < size; i++) atomic_store(&pool->members[i].arrived, 0);
  atomic_store(&pool->was_late, 0);
  atomic_store(&pool->team, job << COUNT_BITS | size);
  tell(pool);
  work(context, 0, size);
  int was_late = !wait_until(pool, is_empty, 0, BARRIER_SPIN_US) || atomic_load(&pool->was_late);
  judge(pool, is_whole && !was_late);
}

void bp_pool_barrier(struct bp_pool *pool, uint32_t part, uint32_t parts) {
  if (parts < 2) return;
  uint32_t turn = atomic_load_explicit(&pool->members[part].arrived, memory_order_relaxed) + 1;
  atomic_store(&pool->members[part].arrived, turn);
  tell(pool);
  for (uint32_t other = 0; other < parts; other++) {
    if (other == part) continue;
    if (!wait_until(pool, has_arrived, (uint64_t)other << 32 | turn, BARRIER_SPIN_US))
      atomic_store(&pool->was_late, 1);
  }
}

void bp_pool_wake(struct bp_pool *pool) {
  if (!pool || !atomic_load(&pool->sleepers)) return;
  // A job that nobody may enter: the helpers look for the next one again.
  atomic_fetch_add(&pool->gate, 1 << COUNT_BITS);
  tell(pool);
}
