// The system calls that the hall and the agent need, behind plain integers.
//
// Swift's importer has no sysroot for the bare-metal triples that the agents are built with, so this
// header includes nothing but <stdint.h>. Conventions: a negative result is `-errno`; descriptors are
// close-on-exec; interrupted calls are made again, except `bp_poll`.
#ifndef BRAMBLE_CPOSIX_H
#define BRAMBLE_CPOSIX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Files

#define BP_READ 1
#define BP_WRITE 2
#define BP_CREATE 4
#define BP_EXCLUSIVE 8
#define BP_TRUNCATE 16
#define BP_APPEND 32
#define BP_DSYNC 64
#define BP_DIRECTORY 128

#define BP_ENOENT 2
#define BP_EAGAIN 11
#define BP_EEXIST 17
#define BP_ENOSPC 28
#define BP_EDQUOT 122
#define BP_EBADMSG 74
#define BP_EINTR 4

int32_t bp_open(const char *path, int32_t flags, uint32_t mode);
int32_t bp_close(int32_t fd);
int64_t bp_read(int32_t fd, void *bytes, uint64_t count);
int64_t bp_write(int32_t fd, const void *bytes, uint64_t count);
/// Reads or writes `count` bytes at `offset`, less only at the end of the file.
int64_t bp_pread(int32_t fd, void *bytes, uint64_t count, uint64_t offset);
int64_t bp_pwrite(int32_t fd, const void *bytes, uint64_t count, uint64_t offset);
int32_t bp_datasync(int32_t fd);
int32_t bp_sync(int32_t fd);
int32_t bp_truncate(int32_t fd, uint64_t size);
/// Reserves blocks up to `size`; with `keep_size` the file's length stays as it is.
int32_t bp_reserve(int32_t fd, uint64_t size, int32_t keep_size);
int64_t bp_size(int32_t fd);
int32_t bp_rename(const char *from, const char *to);
int32_t bp_unlink(const char *path);
int32_t bp_make_directory(const char *path, uint32_t mode);
int32_t bp_remove_directory(const char *path);
int32_t bp_symlink(const char *target, const char *path);
/// The target of a link, zero-terminated and cut to fit.
int32_t bp_read_link(const char *path, char *target, uint32_t capacity);
int32_t bp_change_mode(const char *path, uint32_t mode);
int32_t bp_change_owner(const char *path, uint32_t uid, uint32_t gid);
/// Makes renames and unlinks in a directory durable.
int32_t bp_sync_directory(const char *path);
/// Takes an exclusive lock without waiting: 0, or -EAGAIN when another process holds it.
int32_t bp_lock(int32_t fd);

#define BP_KIND_FILE 1
#define BP_KIND_DIRECTORY 2
#define BP_KIND_SOCKET 3
#define BP_KIND_OTHER 4

struct bp_status {
  uint64_t size;
  uint64_t blocks_bytes;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  int32_t kind;
};
int32_t bp_stat(const char *path, struct bp_status *status);
/// Bytes that an unprivileged process may still write on the file system of `path`.
int64_t bp_free_space(const char *path);

void *bp_directory_open(const char *path);
/// The next name: 1, 0 at the end, negative on error. Leaves out `.` and `..`.
int32_t bp_directory_next(void *directory, char *name, uint32_t capacity);
void bp_directory_close(void *directory);

/// Maps a file read-only; NULL when it cannot be mapped.
const void *bp_map(int32_t fd, uint64_t length);
void bp_unmap(const void *address, uint64_t length);

// Sockets and waiting

#define BP_POLL_READ 1
#define BP_POLL_WRITE 2
#define BP_POLL_HANGUP 4

struct bp_poll_entry {
  int32_t fd;
  int32_t wanted;
  int32_t ready;
};
int32_t bp_poll(struct bp_poll_entry *entries, uint32_t count, int32_t milliseconds);
int32_t bp_set_nonblocking(int32_t fd);
/// Listens on a Unix socket, replacing a stale one; the path may be longer than `sun_path`.
int32_t bp_listen_unix(const char *path, uint32_t mode);
int32_t bp_connect_unix(const char *path);
int32_t bp_accept(int32_t fd);
/// Says that nothing more will be written.
int32_t bp_shutdown_write(int32_t fd);
int32_t bp_peer_uid(int32_t fd, uint32_t *uid);
int32_t bp_socket_pair(int32_t fds[2]);
int32_t bp_pipe(int32_t fds[2]);

// Processes

#define BP_SIGHUP 1
#define BP_SIGINT 2
#define BP_SIGKILL 9
#define BP_SIGTERM 15
#define BP_SIGCHLD 17

int32_t bp_fork(void);
int32_t bp_exec(const char *path, const char *const *arguments);
/// Reaps `pid`: 0 when it still runs (only with `no_wait`), else the pid. `*code` is the exit status, or minus the signal.
int32_t bp_wait(int32_t pid, int32_t no_wait, int32_t *code);
int32_t bp_kill(int32_t pid, int32_t signal);
int32_t bp_pid(void);
int32_t bp_parent_pid(void);
void bp_exit(int32_t code) __attribute__((noreturn));
int32_t bp_new_session(void);
int32_t bp_duplicate(int32_t fd, int32_t onto);
uint32_t bp_set_umask(uint32_t mask);
int32_t bp_change_directory(const char *path);
/// From now on SIGTERM, SIGINT, SIGHUP and SIGCHLD arrive as bytes on the returned descriptor; SIGPIPE is ignored.
int32_t bp_signals_open(void);
/// In a forked child: default signals again, and every descriptor above 2 closed but `kept` (or -1).
void bp_become_child(int32_t kept);
/// Lets other processes go first where they compete for a core.
void bp_yield_to_others(void);
/// SIGKILL comes when `parent` ends. Negative when it has ended already.
int32_t bp_die_with_parent(int32_t parent);
uint32_t bp_effective_uid(void);
uint32_t bp_effective_gid(void);
/// Gives up root for good.
int32_t bp_drop_privileges(uint32_t uid, uint32_t gid);
uint32_t bp_argument_count(void);
const char *bp_argument(uint32_t index);
const char *bp_environment(const char *name);
int32_t bp_set_environment(const char *name, const char *value);
/// One datagram to systemd's $NOTIFY_SOCKET; 0 when there is none.
int32_t bp_notify(const char *message);

// Threads

#define BP_MOST_THREADS 16

/// A caller and helpers that do parts of one job at a time. It belongs to one thread, and to one process: a
/// child that forked has to start its own.
struct bp_pool;
typedef void (*bp_work)(void *context, uint32_t part, uint32_t parts);

/// A pool of so many threads, the caller's included; fewer when the system gives no more. NULL means that the
/// caller is alone, which everything below takes. Nothing allocates after this.
struct bp_pool *bp_pool_start(uint32_t threads);
void bp_pool_stop(struct bp_pool *pool);
uint32_t bp_pool_threads(const struct bp_pool *pool);
/// Tells helpers that there will soon be work, and to look for it until `bp_pool_rest`. They keep off the core of
/// the thread that calls this.
void bp_pool_wake(struct bp_pool *pool);
/// Lets helpers sleep when no work comes.
void bp_pool_rest(struct bp_pool *pool);
/// Calls `work` once for every part, which must not depend on each other, and returns when all are done.
void bp_pool_run(struct bp_pool *pool, uint32_t parts, bp_work work, void *context);
/// Calls `work` on every thread that comes in time, at once, so that they may meet at barriers: `parts` is how
/// many they are, from 1 to the pool's threads.
void bp_pool_run_team(struct bp_pool *pool, bp_work work, void *context);
/// Waits until all of the team have come here. Spins, then sleeps.
void bp_pool_barrier(struct bp_pool *pool, uint32_t part, uint32_t parts);

// Time

/// Microseconds since boot, suspended time included, never set back.
uint64_t bp_boot_time(void);
/// Nanoseconds by a clock that runs while the machine does; for what is measured.
uint64_t bp_nanoseconds(void);
/// Milliseconds since 1970, by a clock that may be wrong.
uint64_t bp_wall_time(void);
void bp_sleep(uint64_t milliseconds);

// The machine

int32_t bp_machine(char *machine, char *release, uint32_t capacity);
uint64_t bp_hwcap(void);
uint64_t bp_hwcap2(void);
/// MIDR_EL1 on aarch64 where user space may read it, else 0.
uint64_t bp_midr(void);
uint32_t bp_core_count(void);
/// Cycles a second of the core that runs this, measured in about a millisecond by operations that wait for each
/// other; 0 where that is not known. Under emulation it is the emulator's pace.
uint64_t bp_core_frequency(void);
uint32_t bp_page_size(void);
/// The peak of this process's resident memory in bytes.
uint64_t bp_peak_memory(void);
int32_t bp_random(void *bytes, uint64_t count);
void bp_error_text(int32_t code, char *text, uint32_t capacity);

#ifdef __cplusplus
}
#endif
#endif
