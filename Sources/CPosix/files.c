#define _GNU_SOURCE
#include "cposix.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RETRY(call)                                   \
  ({                                                  \
    __typeof__(call) result_;                         \
    do {                                              \
      result_ = (call);                               \
    } while (result_ == -1 && errno == EINTR);        \
    result_;                                          \
  })
#define OR_ERRNO(value) ((value) < 0 ? -errno : (value))

int32_t bp_open(const char *path, int32_t flags, uint32_t mode) {
  int native = O_CLOEXEC;
  if ((flags & BP_READ) && (flags & BP_WRITE)) native |= O_RDWR;
  else if (flags & BP_WRITE) native |= O_WRONLY;
  else native |= O_RDONLY;
  if (flags & BP_CREATE) native |= O_CREAT;
  if (flags & BP_EXCLUSIVE) native |= O_EXCL;
  if (flags & BP_TRUNCATE) native |= O_TRUNC;
  if (flags & BP_APPEND) native |= O_APPEND;
#ifdef O_DSYNC
  if (flags & BP_DSYNC) native |= O_DSYNC;
#endif
  if (flags & BP_DIRECTORY) native |= O_DIRECTORY;
  int fd = RETRY(open(path, native, mode));
  return OR_ERRNO(fd);
}

int32_t bp_close(int32_t fd) { return close(fd) < 0 ? -errno : 0; }

int64_t bp_read(int32_t fd, void *bytes, uint64_t count) {
  ssize_t n = RETRY(read(fd, bytes, (size_t)count));
  return OR_ERRNO(n);
}

int64_t bp_write(int32_t fd, const void *bytes, uint64_t count) {
  ssize_t n = RETRY(write(fd, bytes, (size_t)count));
  return OR_ERRNO(n);
}

int64_t bp_pread(int32_t fd, void *bytes, uint64_t count, uint64_t offset) {
  uint64_t done = 0;
  while (done < count) {
    ssize_t n = RETRY(pread(fd, (char *)bytes + done, (size_t)(count - done), (off_t)(offset + done)));
    if (n < 0) return -errno;
    if (n == 0) break;
    done += (uint64_t)n;
  }
  return (int64_t)done;
}

int64_t bp_pwrite(int32_t fd, const void *bytes, uint64_t count, uint64_t offset) {
  uint64_t done = 0;
  while (done < count) {
    ssize_t n = RETRY(pwrite(fd, (const char *)bytes + done, (size_t)(count - done), (off_t)(offset + done)));
    if (n < 0) return -errno;
    if (n == 0) return -EIO;
    done += (uint64_t)n;
  }
  return (int64_t)done;
}

int32_t bp_datasync(int32_t fd) {
#ifdef __linux__
  return RETRY(fdatasync(fd)) < 0 ? -errno : 0;
#else
  return RETRY(fsync(fd)) < 0 ? -errno : 0;
#endif
}

int32_t bp_sync(int32_t fd) { return RETRY(fsync(fd)) < 0 ? -errno : 0; }

int32_t bp_truncate(int32_t fd, uint64_t size) {
  return RETRY(ftruncate(fd, (off_t)size)) < 0 ? -errno : 0;
}

int32_t bp_reserve(int32_t fd, uint64_t size, int32_t keep_size) {
#ifdef __linux__
  if (RETRY(fallocate(fd, keep_size ? FALLOC_FL_KEEP_SIZE : 0, 0, (off_t)size)) == 0) return 0;
  if (errno != EOPNOTSUPP && errno != ENOSYS) return -errno;
#endif
  // A file system without reservation: the length alone, so that readers find what they expect.
  if (keep_size) return 0;
  struct stat now;
  if (fstat(fd, &now) < 0) return -errno;
  return (uint64_t)now.st_size >= size ? 0 : bp_truncate(fd, size);
}

int64_t bp_size(int32_t fd) {
  struct stat now;
  return fstat(fd, &now) < 0 ? -errno : (int64_t)now.st_size;
}

int32_t bp_rename(const char *from, const char *to) { return rename(from, to) < 0 ? -errno : 0; }
int32_t bp_unlink(const char *path) { return unlink(path) < 0 ? -errno : 0; }
int32_t bp_make_directory(const char *path, uint32_t mode) { return mkdir(path, mode) < 0 ? -errno : 0; }
int32_t bp_remove_directory(const char *path) { return rmdir(path) < 0 ? -errno : 0; }
int32_t bp_symlink(const char *target, const char *path) { return symlink(target, path) < 0 ? -errno : 0; }
int32_t bp_read_link(const char *path, char *target, uint32_t capacity) {
  if (capacity == 0) return -EINVAL;
  ssize_t n = readlink(path, target, capacity - 1);
  if (n < 0) return -errno;
  target[n] = 0;
  return (int32_t)n;
}

int32_t bp_change_mode(const char *path, uint32_t mode) { return chmod(path, mode) < 0 ? -errno : 0; }

int32_t bp_change_owner(const char *path, uint32_t uid, uint32_t gid) {
  return lchown(path, uid, gid) < 0 ? -errno : 0;
}

int32_t bp_sync_directory(const char *path) {
  int32_t fd = bp_open(path, BP_READ | BP_DIRECTORY, 0);
  if (fd < 0) return fd;
  int32_t result = bp_sync(fd);
  close(fd);
  // Some file systems do not sync directories; there a rename is as durable as it can be.
  return result == -EINVAL ? 0 : result;
}

int32_t bp_lock(int32_t fd) { return RETRY(flock(fd, LOCK_EX | LOCK_NB)) < 0 ? -errno : 0; }

int32_t bp_stat(const char *path, struct bp_status *status) {
  struct stat now;
  if (stat(path, &now) < 0) return -errno;
  status->size = (uint64_t)now.st_size;
  status->blocks_bytes = (uint64_t)now.st_blocks * 512;
  status->mode = now.st_mode & 07777;
  status->uid = now.st_uid;
  status->gid = now.st_gid;
  status->kind = S_ISREG(now.st_mode)   ? BP_KIND_FILE
                 : S_ISDIR(now.st_mode) ? BP_KIND_DIRECTORY
                 : S_ISSOCK(now.st_mode) ? BP_KIND_SOCKET
                                         : BP_KIND_OTHER;
  return 0;
}

int64_t bp_free_space(const char *path) {
  struct statvfs now;
  if (RETRY(statvfs(path, &now)) < 0) return -errno;
  uint64_t bytes = (uint64_t)now.f_bavail * (uint64_t)now.f_frsize;
  return bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
}

void *bp_directory_open(const char *path) { return opendir(path); }

int32_t bp_directory_next(void *directory, char *name, uint32_t capacity) {
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir((DIR *)directory);
    if (!entry) return errno ? -errno : 0;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (strlen(entry->d_name) + 1 > capacity) return -ENAMETOOLONG;
    strcpy(name, entry->d_name);
    return 1;
  }
}

void bp_directory_close(void *directory) { closedir((DIR *)directory); }

const void *bp_map(int32_t fd, uint64_t length) {
  void *address = mmap(NULL, (size_t)length, PROT_READ, MAP_PRIVATE, fd, 0);
  return address == MAP_FAILED ? NULL : address;
}

void bp_unmap(const void *address, uint64_t length) { munmap((void *)address, (size_t)length); }

void bp_error_text(int32_t code, char *text, uint32_t capacity) {
  if (capacity == 0) return;
#ifdef __linux__
  const char *known = strerrordesc_np(code < 0 ? -code : code);
#else
  const char *known = strerror(code < 0 ? -code : code);
#endif
  const char *limit = text + capacity;
  if (known) bp_append(text, limit, known);
  else bp_append_number(bp_append(text, limit, "error "), limit, (uint32_t)(code < 0 ? -code : code));
}
