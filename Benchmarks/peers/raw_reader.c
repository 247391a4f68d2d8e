/* The far limit: MQTT 3.1.1 from the socket in reads of 256 KB, all acknowledgements of a batch in one write, the same
   scan and COPY as the prototype. A protocol of our own would have to be written, tested and kept for it.

   BENCH_PORT, BENCH_CLIENT, BENCH_DATABASE, BENCH_COUNT, BENCH_BATCH; BENCH_DISCARD=1 only reads and acknowledges. */
#include "common.h"
#include "mqtt.h"

#include <poll.h>

static unsigned char in[1 << 18];
static char acknowledgements[4 * 65536];

int main(void) {
    long count = number("BENCH_COUNT", 0), batch = number("BENCH_BATCH", 5000), received = 0, committed = 0;
    int discard = (int)number("BENCH_DISCARD", 0);
    PGconn *database = discard ? NULL : open_database();
    struct copy copy = {0};
    struct row row;
    char topic[256];
    size_t filled = 0;
    int64_t first = 0, last = 0;
    if (batch > 65536) fail("batch too large");
    copy_reset(&copy);
    int socket = mqtt_connect((int)number("BENCH_PORT", 1883), setting("BENCH_CLIENT", "raw"), 0);
    int waiting = 0, subscribed = 0;
    mqtt_subscribe(socket, "fleet/v1/#");
    while (committed < count) {
        struct pollfd descriptor = {.fd = socket, .events = POLLIN};
        int is_idle = poll(&descriptor, 1, waiting > 0 ? 8 : 250) == 0;
        if (!is_idle) {
            ssize_t got = recv(socket, in + filled, sizeof in - filled, 0);
            if (got <= 0) fail("connection lost");
            filled += (size_t)got;
        }
        unsigned char *p = in, *end = in + filled, *body;
        size_t length;
        while (waiting < batch && (body = mqtt_packet(p, end, &length)) != NULL) {
            if ((p[0] & 0xf0) == 0x30) {
                size_t name = (size_t)body[0] << 8 | body[1];
                if (name >= sizeof topic) fail("topic too long");
                memcpy(topic, body + 2, name);
                topic[name] = 0;
                char *ack = acknowledgements + 4 * waiting++;
                ack[0] = 0x40, ack[1] = 2, ack[2] = (char)body[2 + name], ack[3] = (char)body[3 + name];
                if (received++ == 0) first = now_us();
                if (!discard && scan(topic, (char *)body + 4 + name, (int)(length - 4 - name), &row))
                    copy_add(&copy, &row);
            } else if ((p[0] & 0xf0) == 0x90 && !subscribed) {
                subscribed = 1;
                puts("ready");
                fflush(stdout);
            }
            p = body + length;
        }
        memmove(in, p, filled = (size_t)(end - p));
        if (waiting == 0 || (waiting < batch && !is_idle)) continue;
        if (!discard) copy_commit(&copy, database);
        last = now_us();
        mqtt_send(socket, acknowledgements, 4 * (size_t)waiting);
        committed += waiting;
        waiting = 0;
    }
    report(first, last, committed);
    return 0;
}
