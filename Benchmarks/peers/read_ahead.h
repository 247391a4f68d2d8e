/* Larger reads below libmosquitto: it reads a packet in four read(2) calls (type, two bytes of length, body). This
   replaces read() in the whole process; for the one socket of the calling thread it reads up to 64 KB ahead. What is read
   ahead is acknowledged by nobody, for libmosquitto has not seen it. Not for TLS, where OpenSSL reads.

   An experiment, measured beside the prototype without it; see Benchmarks/README.md for why the service has none. */
#ifndef READ_AHEAD_H
#define READ_AHEAD_H

#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread int ahead_socket = -1;
static __thread size_t ahead_from, ahead_to;
static __thread char ahead[1 << 16];

/* Poll does not see what was read ahead. */
static inline int read_ahead_waits(void) { return ahead_to > ahead_from; }

ssize_t read(int descriptor, void *into, size_t count) {
    if (descriptor != ahead_socket) return syscall(SYS_read, descriptor, into, count);
    if (ahead_from == ahead_to) {
        ssize_t got = recv(descriptor, ahead, sizeof ahead, MSG_DONTWAIT);
        if (got <= 0) return got;
        ahead_from = 0, ahead_to = (size_t)got;
    }
    size_t part = ahead_to - ahead_from < count ? ahead_to - ahead_from : count;
    memcpy(into, ahead + ahead_from, part);
    ahead_from += part;
    return (ssize_t)part;
}

#endif
