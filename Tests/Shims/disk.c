/* A disk that refuses: preloaded, it has calls on files of a journal fail as the file named by CHARTER_TEST_DISK says. The file holds four
   numbers of 8 bytes, for pwrite, fdatasync, ftruncate and the making of a file: that many calls from now one fails, and below zero all do;
   a fifth is the errno, and behind it stands how many of each were made to fail. A pwrite that fails has written a part. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITES, SYNCS, TRUNCATIONS, FILES, ERROR, REFUSED, COUNT = REFUSED + ERROR };
static int64_t *orders;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CHARTER_TEST_DISK");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, COUNT * sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) orders = page;
    close(file);
}

/* Whether this call is one that is to fail. */
static int refuses(int which) {
    if (!orders) return 0;
    int64_t left = __atomic_load_n(&orders[which], __ATOMIC_SEQ_CST);
    while (left > 0 && !__atomic_compare_exchange_n(&orders[which], &left, left - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}
    if (left != 1 && left >= 0) return 0;
    __atomic_fetch_add(&orders[REFUSED + which], 1, __ATOMIC_SEQ_CST);
    errno = (int)orders[ERROR];
    return 1;
}

static int is_journal(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".journal") != NULL;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite");
    if (is_journal(descriptor) && refuses(WRITES)) {
        int error = errno;
        if (count > 1) real(descriptor, bytes, count / 2, offset);
        errno = error;
        return -1;
    }
    return real(descriptor, bytes, count, offset);
}

int fdatasync(int descriptor) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    if (is_journal(descriptor) && refuses(SYNCS)) return -1;
    return real(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    static int (*real)(int, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "ftruncate");
    if (is_journal(descriptor) && refuses(TRUNCATIONS)) return -1;
    return real(descriptor, length);
}

int open(const char *path, int flags, ...) {
    static int (*real)(const char *, int, ...);
    if (!real) real = dlsym(RTLD_NEXT, "open");
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
        if (strstr(path, ".journal") && refuses(FILES)) return -1;
    }
    return real(path, flags, mode);
}
