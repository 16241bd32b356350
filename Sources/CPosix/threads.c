#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

static uint32_t job_of(uint32_t gate) { return gate / JOB; }
static uint32_t helpers_of(uint32_t gate) { return (gate & HELPERS) / HELPER; }
static uint32_t parts_of(uint32_t gate) { return gate >> PART_BITS & MOST_PARTS; }
static uint32_t next_of(uint32_t gate) { return gate & MOST_PARTS; }

WAITING int is_another_job(const struct bp_pool *pool, uint64_t seen) {
  return job_of(atomic_load(&pool->gate)) != seen || atomic_load(&pool->ends);
}
WAITING int is_empty(const struct bp_pool *pool, uint64_t unused) {
  (void)unused;
  return helpers_of(atomic_load(&pool->gate)) == 0;
}
WAITING int has_helpers(const struct bp_pool *pool, uint64_t count) {
  return helpers_of(atomic_load(&pool->gate)) >= count;
}
WAITING int is_settled(const struct bp_pool *pool, uint64_t unused) {
  (void)unused;
  return atomic_load(&pool->team) != 0;
}
// [member | turn]; one turn further is as good, as that thread has been here.
WAITING int has_arrived(const struct bp_pool *pool, uint64_t value) {
  return (int32_t)(atomic_load(&pool->members[value >> 32].arrived) - (uint32_t)value) >= 0;
}

// Takes the next part, entering with it or, when there is none, leaving as `entering` and `leaving` say.
// False when there was none.
static int take(struct bp_pool *pool, uint32_t entering, uint32_t leaving, uint32_t *part, uint32_t *gate) {
  uint32_t now = atomic_load(&pool->gate), after;
  do {
    int is_left = next_of(now) < parts_of(now);
    if (!is_left && !leaving) {
      *gate = now;
      return 0;
    }
    after = is_left ? now + 1 + entering : now - leaving;
  } while (!atomic_compare_exchange_weak(&pool->gate, &now, after));
  *gate = now;
  *part = next_of(now);
  return next_of(now) < parts_of(now);
}

static void wait_for_job(struct bp_pool *pool, uint32_t last) {
  uint32_t spins = 0;
  do {
    if (spin(pool, is_another_job, last, IDLE_SPIN_US)) return;
  } while (atomic_load(&pool->runs) && ++spins < RUN_SPINS);
  sleep_until(pool, is_another_job, last);
}

static void *help(void *argument) {
  struct member *self = argument;
  struct bp_pool *pool = self->pool;
  uint32_t job = 0;
  for (;;) {
    wait_for_job(pool, job);
    if (atomic_load(&pool->ends)) return NULL;
    uint32_t part, gate;
    int has_part = take(pool, HELPER, 0, &part, &gate);
    job = job_of(gate);
    if (!has_part) continue;
    if (pool->is_team) {
      wait_until(pool, is_settled, 0, BARRIER_SPIN_US);
      pool->work(pool->context, part, atomic_load(&pool->team));
      atomic_fetch_sub(&pool->gate, HELPER);
    } else {
      do {
        pool->work(pool->context, part, parts_of(gate));
      } while (take(pool, 0, HELPER, &part, &gate));
    }
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
  bp_pool_learn_cores(pool);
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

// Opens the next job to the helpers. Its first part is the caller's.
static void publish(
    struct bp_pool *pool, bp_work work, void *context, uint32_t parts, uint32_t is_team) {
  bp_pool_leave_callers_core(pool);
  pool->work = work;
  pool->context = context;
  pool->is_team = is_team;
  uint32_t job = job_of(atomic_load(&pool->gate)) + 1;
  atomic_store(&pool->gate, job * JOB | parts << PART_BITS | 1);
  tell(pool);
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
  if (parts < 2 || parts > MOST_PARTS || works_alone(pool)) {
    for (uint32_t part = 0; part < parts; part++) work(context, part, parts);
    return;
  }
  publish(pool, work, context, parts, 0);
  uint32_t part = 0, gate;
  do {
    work(context, part, parts);
  } while (take(pool, 0, 0, &part, &gate));
  judge(pool, wait_until(pool, is_empty, 0, BARRIER_SPIN_US));
}

void bp_pool_run_team(struct bp_pool *pool, bp_work work, void *context) {
  if (works_alone(pool)) {
    work(context, 0, 1);
    return;
  }
  atomic_store(&pool->team, 0);
  publish(pool, work, context, pool->threads, 1);
  int is_whole = spin(pool, has_helpers, pool->threads - 1, GATHER_SPIN_US);
  // Nobody enters any more: all parts count as taken.
  uint32_t gate = atomic_fetch_or(&pool->gate, MOST_PARTS);
  uint32_t size = helpers_of(gate) + 1;
  for (uint32_t i = 0; i < size; i++) atomic_store(&pool->members[i].arrived, 0);
  atomic_store(&pool->was_late, 0);
  atomic_store(&pool->team, size);
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
  if (!pool) return;
  bp_pool_leave_callers_core(pool);
  atomic_store(&pool->runs, 1);
  if (!atomic_load(&pool->sleeps)) return;
  // A job that nobody may enter: the helpers look for the next one again.
  atomic_fetch_add(&pool->gate, JOB);
  tell(pool);
}

void bp_pool_rest(struct bp_pool *pool) {
  if (pool) atomic_store(&pool->runs, 0);
}
