#include "CSocketBuffer.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_CALLS_OF_ITS_OWN
#endif
#endif

#ifdef HAS_CALLS_OF_ITS_OWN

bool tongxing_socket_begin(int descriptor) {
    (void)descriptor;
    return false;
}

bool tongxing_socket_waits(int descriptor) {
    (void)descriptor;
    return false;
}

void tongxing_socket_hold(int descriptor) { (void)descriptor; }

int tongxing_socket_release(int descriptor, int milliseconds) {
    (void)descriptor;
    (void)milliseconds;
    return 0;
}

#else

/// libc's own, under their second names.
extern ssize_t __read(int descriptor, void *into, size_t count);
extern ssize_t __write(int descriptor, const void *from, size_t count);
extern int __close(int descriptor);

enum { DESCRIPTORS = 1024, SIZE = 1 << 16 };

struct buffer {
    /// What was read and not yet taken.
    size_t from, to;
    /// What was written and not yet sent.
    size_t held;
    bool is_holding;
    char in[SIZE];
    char out[SIZE];
};

/// By descriptor; what no descriptor has is NULL.
static _Atomic(struct buffer *) table[DESCRIPTORS];

static struct buffer *find(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
    return atomic_load_explicit(&table[descriptor], memory_order_acquire);
}

bool tongxing_socket_begin(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS || find(descriptor)) return false;
    struct buffer *buffer = malloc(sizeof *buffer);
    if (!buffer) return false;
    buffer->from = buffer->to = buffer->held = 0;
    buffer->is_holding = false;
    atomic_store_explicit(&table[descriptor], buffer, memory_order_release);
    return true;
}

bool tongxing_socket_waits(int descriptor) {
    struct buffer *buffer = find(descriptor);
    return buffer && buffer->to > buffer->from;
}

void tongxing_socket_hold(int descriptor) {
    struct buffer *buffer = find(descriptor);
    if (buffer) buffer->is_holding = true;
}

/// Sends as much as the socket takes now; false with errno when something is left.
static bool send_held(int descriptor, struct buffer *buffer) {
    size_t sent = 0;
    while (sent < buffer->held) {
        ssize_t count = send(descriptor, buffer->out + sent, buffer->held - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        sent += (size_t)count;
    }
    int error = errno;
    buffer->held -= sent;
    memmove(buffer->out, buffer->out + sent, buffer->held);
    errno = error;
    return buffer->held == 0;
}

int tongxing_socket_release(int descriptor, int milliseconds) {
    struct buffer *buffer = find(descriptor);
    if (!buffer) return 0;
    buffer->is_holding = false;
    while (!send_held(descriptor, buffer)) {
        if (errno != EAGAIN && errno != EWOULDBLOCK) return errno;
        struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
        int ready = poll(&waiting, 1, milliseconds);
        if (ready == 0) return ETIMEDOUT;
        if (ready < 0 && errno != EINTR) return errno;
    }
    return 0;
}

ssize_t read(int descriptor, void *into, size_t count) {
    struct buffer *buffer = find(descriptor);
    if (!buffer) return __read(descriptor, into, count);
    if (buffer->from == buffer->to) {
        // The body of a large packet goes where it belongs at once.
        if (count >= SIZE) return __read(descriptor, into, count);
        ssize_t got = __read(descriptor, buffer->in, SIZE);
        if (got <= 0) return got;
        buffer->from = 0;
        buffer->to = (size_t)got;
    }
    size_t part = buffer->to - buffer->from;
    if (part > count) part = count;
    memcpy(into, buffer->in + buffer->from, part);
    buffer->from += part;
    return (ssize_t)part;
}

ssize_t write(int descriptor, const void *from, size_t count) {
    struct buffer *buffer = find(descriptor);
    if (!buffer || !buffer->is_holding) return __write(descriptor, from, count);
    // What is held goes first; a writer who is told EAGAIN keeps its piece.
    if (count > SIZE - buffer->held && !send_held(descriptor, buffer)) return -1;
    if (count > SIZE) return __write(descriptor, from, count);
    memcpy(buffer->out + buffer->held, from, count);
    buffer->held += count;
    return (ssize_t)count;
}

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        free(atomic_exchange_explicit(&table[descriptor], NULL, memory_order_acq_rel));
    }
    return __close(descriptor);
}

#endif
