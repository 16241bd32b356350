#define _GNU_SOURCE
#include "cposix.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static int signal_pipe = -1;
static const int handled[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};

static void on_signal(int number) {
  int saved = errno;
  unsigned char byte = number == SIGCHLD ? BP_SIGCHLD : (unsigned char)number;
  // A full pipe already holds a wake-up; nothing is lost.
  ssize_t ignored = write(signal_pipe, &byte, 1);
  (void)ignored;
  errno = saved;
}

// A program that threads of a dispatch pool start inherits their mask, which blocks everything.
static void unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int32_t bp_signals_open(void) {
  int fds[2];
  if (pipe(fds) < 0) return -errno;
  for (int i = 0; i < 2; i++) {
    fcntl(fds[i], F_SETFD, FD_CLOEXEC);
    fcntl(fds[i], F_SETFL, fcntl(fds[i], F_GETFL) | O_NONBLOCK);
  }
  signal_pipe = fds[1];
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
  for (unsigned i = 0; i < sizeof handled / sizeof *handled; i++) {
    if (sigaction(handled[i], &action, NULL) < 0) return -errno;
  }
  signal(SIGPIPE, SIG_IGN);
  unblock_signals();
  return fds[0];
}

int32_t bp_fork(void) {
  pid_t pid = fork();
  return pid < 0 ? -errno : (int32_t)pid;
}

int32_t bp_exec(const char *path, const char *const *arguments) {
  execv(path, (char *const *)arguments);
  return -errno;
}

static void close_all_but(int kept) {
  DIR *open_files = opendir("/proc/self/fd");
  if (!open_files) {
    for (int fd = 3; fd < 1024; fd++) {
      if (fd != kept) close(fd);
    }
    return;
  }
  int own = dirfd(open_files);
  struct dirent *entry;
  while ((entry = readdir(open_files))) {
    int fd = bp_number(entry->d_name);
    if (fd > 2 && fd != kept && fd != own) close(fd);
  }
  closedir(open_files);
}

void bp_become_child(int32_t kept) {
  for (unsigned i = 0; i < sizeof handled / sizeof *handled; i++) signal(handled[i], SIG_DFL);
  signal_pipe = -1;
  unblock_signals();
  close_all_but(kept);
}

void bp_yield_to_others(void) { setpriority(PRIO_PROCESS, 0, 10); }

int32_t bp_die_with_parent(int32_t parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  return getppid() == parent ? 0 : -ESRCH;
}

int32_t bp_wait(int32_t pid, int32_t no_wait, int32_t *code) {
  int status = 0;
  pid_t found;
  do {
    found = waitpid(pid, &status, no_wait ? WNOHANG : 0);
  } while (found < 0 && errno == EINTR);
  if (found < 0) return -errno;
  if (found > 0) *code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return (int32_t)found;
}

int32_t bp_kill(int32_t pid, int32_t number) {
  if (number == BP_SIGCHLD) number = SIGCHLD;
  return kill(pid, number) < 0 ? -errno : 0;
}

int32_t bp_pid(void) { return (int32_t)getpid(); }
int32_t bp_parent_pid(void) { return (int32_t)getppid(); }
void bp_exit(int32_t code) { _exit(code); }
int32_t bp_new_session(void) { return setsid() < 0 ? -errno : 0; }
int32_t bp_duplicate(int32_t fd, int32_t onto) { return dup2(fd, onto) < 0 ? -errno : 0; }
uint32_t bp_set_umask(uint32_t mask) { return (uint32_t)umask((mode_t)mask); }
int32_t bp_change_directory(const char *path) { return chdir(path) < 0 ? -errno : 0; }
uint32_t bp_effective_uid(void) { return geteuid(); }
uint32_t bp_effective_gid(void) { return getegid(); }

int32_t bp_drop_privileges(uint32_t uid, uint32_t gid) {
  if (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0) return -errno;
  return uid != 0 && setuid(0) == 0 ? -EPERM : 0;
}

static int argument_count = 0;
static char **argument_values = NULL;

// Embedded Swift has no CommandLine on these triples; glibc hands the arguments to constructors.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

uint32_t bp_argument_count(void) { return argument_count < 0 ? 0 : (uint32_t)argument_count; }

const char *bp_argument(uint32_t index) {
  return index < bp_argument_count() ? argument_values[index] : NULL;
}

const char *bp_environment(const char *name) { return getenv(name); }
int32_t bp_set_environment(const char *name, const char *value) {
  return setenv(name, value, 1) < 0 ? -errno : 0;
}
