#pragma once
// The Glibc module does not expose these headers.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <linux/filter.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <pthread.h>

// Hidden from Swift behind _GNU_SOURCE.
extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
extern int pipe2(int fds[2], int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);
extern void *memmem(const void *bytes, size_t count, const void *wanted, size_t wantedCount);

// CMSG_* are function-like macros, which Swift does not import.
#include <string.h>
#include <sys/un.h>

// Sends bytes together with open descriptors (SCM_RIGHTS, unix(7)).
static inline ssize_t charter_send_descriptors(int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptorCount) {
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int) * 250)]; } control;
    struct iovec part = { (void *)bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (descriptorCount > 0 && descriptorCount <= 250) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptorCount);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * descriptorCount);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptorCount);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

// Receives a message and the descriptors that come with it, of which there is room for 250.
static inline ssize_t charter_receive_descriptors(int socket, void *bytes, size_t count, int *descriptors, size_t *descriptorCount) {
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int) * 250)]; } control;
    struct iovec part = { bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    *descriptorCount = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t length = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors + *descriptorCount, CMSG_DATA(header), length * sizeof(int));
        *descriptorCount += length;
    }
    return received;
}

// Hidden from Swift behind _GNU_SOURCE: what SO_PEERCRED gives (unix(7)).
struct charter_peer { pid_t process; uid_t user; gid_t group; };
