#define _GNU_SOURCE
#include "cposix.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void close_on_exec(int fd) { fcntl(fd, F_SETFD, FD_CLOEXEC); }

int32_t bp_poll(struct bp_poll_entry *entries, uint32_t count, int32_t milliseconds) {
  struct pollfd native[256];
  if (count > 256) return -EINVAL;
  for (uint32_t i = 0; i < count; i++) {
    native[i].fd = entries[i].fd;
    native[i].events = (short)(((entries[i].wanted & BP_POLL_READ) ? POLLIN : 0) |
                               ((entries[i].wanted & BP_POLL_WRITE) ? POLLOUT : 0));
    native[i].revents = 0;
    entries[i].ready = 0;
  }
  int n = poll(native, count, milliseconds);
  if (n < 0) return -errno;
  for (uint32_t i = 0; i < count; i++) {
    short r = native[i].revents;
    entries[i].ready = ((r & POLLIN) ? BP_POLL_READ : 0) | ((r & POLLOUT) ? BP_POLL_WRITE : 0) |
                       ((r & (POLLHUP | POLLERR | POLLNVAL)) ? BP_POLL_HANGUP : 0);
  }
  return n;
}

int32_t bp_set_nonblocking(int32_t fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

// Fills `address` for `path`. A path that does not fit goes through an open descriptor of its
// directory, which the caller closes afterwards when it is not -1.
static int32_t unix_address(const char *path, struct sockaddr_un *address, int *directory) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  *directory = -1;
  if (strlen(path) < sizeof address->sun_path) {
    strcpy(address->sun_path, path);
    return 0;
  }
#ifdef __linux__
  const char *slash = strrchr(path, '/');
  if (!slash || slash == path) return -ENAMETOOLONG;
  char *parent = strndup(path, (size_t)(slash - path));
  if (!parent) return -ENOMEM;
  *directory = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int failure = errno;
  free(parent);
  if (*directory < 0) return -failure;
  const char *limit = address->sun_path + sizeof address->sun_path;
  char *end = bp_append(address->sun_path, limit, "/proc/self/fd/");
  end = bp_append_number(end, limit, (uint32_t)*directory);
  if (strlen(slash) < (size_t)(limit - end)) {
    bp_append(end, limit, slash);
    return 0;
  }
  close(*directory);
  *directory = -1;
#endif
  return -ENAMETOOLONG;
}

int32_t bp_listen_unix(const char *path, uint32_t mode) {
  struct sockaddr_un address;
  int directory;
  int32_t result = unix_address(path, &address, &directory);
  if (result < 0) return result;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd >= 0) close_on_exec(fd);
  if (fd >= 0 && unlink(path) < 0 && errno != ENOENT) {
    result = -errno;
    close(fd);
  } else if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || chmod(path, mode) < 0 ||
             listen(fd, 32) < 0) {
    result = -errno;
    if (fd >= 0) close(fd);
  } else {
    result = fd;
  }
  if (directory >= 0) close(directory);
  return result;
}

int32_t bp_connect_unix(const char *path) {
  struct sockaddr_un address;
  int directory;
  int32_t result = unix_address(path, &address, &directory);
  if (result < 0) return result;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) {
    result = -errno;
  } else {
    close_on_exec(fd);
    result = fd;
    while (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
      if (errno == EINTR) continue;
      result = -errno;
      close(fd);
      break;
    }
  }
  if (directory >= 0) close(directory);
  return result;
}

int32_t bp_accept(int32_t fd) {
  int peer;
  do {
    peer = accept(fd, NULL, NULL);
  } while (peer < 0 && errno == EINTR);
  if (peer < 0) return -errno;
  close_on_exec(peer);
  return peer;
}

int32_t bp_shutdown_write(int32_t fd) { return shutdown(fd, SHUT_WR) < 0 ? -errno : 0; }

int32_t bp_peer_uid(int32_t fd, uint32_t *uid) {
#ifdef __linux__
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
  *uid = peer.uid;
#else
  gid_t group;
  uid_t user;
  if (getpeereid(fd, &user, &group) < 0) return -errno;
  *uid = user;
#endif
  return 0;
}

int32_t bp_socket_pair(int32_t fds[2]) {
  int native[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, native) < 0) return -errno;
  for (int i = 0; i < 2; i++) {
    close_on_exec(native[i]);
    fds[i] = native[i];
  }
  return 0;
}

int32_t bp_pipe(int32_t fds[2]) {
  int native[2];
  if (pipe(native) < 0) return -errno;
  for (int i = 0; i < 2; i++) {
    close_on_exec(native[i]);
    fds[i] = native[i];
  }
  return 0;
}

int32_t bp_notify(const char *message) {
  const char *name = getenv("NOTIFY_SOCKET");
  if (!name || !*name) return 0;
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  size_t length = strlen(name);
  if (length >= sizeof address.sun_path) return -ENAMETOOLONG;
  memcpy(address.sun_path, name, length);
  if (name[0] == '@') address.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (fd < 0) return -errno;
  close_on_exec(fd);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  ssize_t n = sendto(fd, message, strlen(message), 0, (struct sockaddr *)&address, size);
  int32_t result = n < 0 ? -errno : 1;
  close(fd);
  return result;
}
