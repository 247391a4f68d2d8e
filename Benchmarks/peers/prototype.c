/* The bound: what libmosquitto and libpq allow. Deferred acknowledgement (decision D1), a scan that trusts its input,
   ten columns by binary COPY. It seals nothing, counts nothing, checks nothing and survives nothing.

   BENCH_PORT, BENCH_CLIENT, BENCH_DATABASE, BENCH_COUNT, BENCH_BATCH; BENCH_DISCARD=1 only reads and acknowledges. */
#include "common.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>

#ifdef READ_AHEAD
#include "read_ahead.h"
#else
static int ahead_socket;
static int read_ahead_waits(void) { return 0; }
#endif

static struct copy copy;
static long received;
static int64_t first;
static int connected, subscribed, fired, discard;

static void on_connect(struct mosquitto *client, void *user, int code) { connected = code == 0, fired = 1; }
static void on_subscribe(struct mosquitto *client, void *user, int id, int count, const int *granted) {
    subscribed = 1, fired = 1;
}
static void on_message(struct mosquitto *client, void *user, const struct mosquitto_message *message) {
    struct row row;
    if (received++ == 0) first = now_us();
    fired = 1;
    if (discard) {
        copy.rows++;
    } else if (scan(message->topic, message->payload, message->payloadlen, &row)) {
        copy_add(&copy, &row);
    }
}

static int readable(struct mosquitto *client, int milliseconds) {
    if (read_ahead_waits()) return 1;
    struct pollfd descriptor = {.fd = mosquitto_socket(client), .events = POLLIN};
    return poll(&descriptor, 1, milliseconds) > 0;
}

static int read_packet(struct mosquitto *client) {
    fired = 0;
    if (mosquitto_loop_read(client, 1) != MOSQ_ERR_SUCCESS) fail("connection lost");
    return fired;
}

static void write_all(struct mosquitto *client) {
    do {
        if (mosquitto_loop_write(client, 1) != MOSQ_ERR_SUCCESS) fail("connection lost");
    } while (mosquitto_want_write(client));
}

int main(void) {
    long count = number("BENCH_COUNT", 0), batch = number("BENCH_BATCH", 1000), committed = 0;
    discard = (int)number("BENCH_DISCARD", 0);
    PGconn *database = discard ? NULL : open_database();
    copy_reset(&copy);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(setting("BENCH_CLIENT", "prototype"), false, NULL);
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, batch < 5000 ? 10000 : 2 * (int)batch);
    mosquitto_threaded_set(client, true);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_callback_set(client, on_message);
    mosquitto_property *properties = NULL;
    mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, 86400);
    if (mosquitto_connect_bind_v5(client, "127.0.0.1", (int)number("BENCH_PORT", 1883), 120, NULL, properties))
        fail("no broker");
    write_all(client);
    while (!connected)
        if (!read_packet(client)) readable(client, 100);
    mosquitto_subscribe(client, NULL, "fleet/v1/#", 1);
    write_all(client);
    while (!subscribed)
        if (!read_packet(client)) readable(client, 100);
    ahead_socket = mosquitto_socket(client);
    puts("ready");
    fflush(stdout);
    int64_t last = 0;
    while (committed < count) {
        /* A batch closes when it is full, or when nothing more came for 8 ms. */
        if (readable(client, copy.rows > 0 ? 8 : 250)) {
            while (copy.rows < batch && read_packet(client)) {}
            if (copy.rows < batch) continue;
        }
        if (copy.rows == 0) {
            mosquitto_loop_misc(client);
            continue;
        }
        committed += copy.rows;
        if (discard) {
            copy.rows = 0;
        } else {
            copy_commit(&copy, database);
        }
        last = now_us();
        write_all(client);
    }
    report(first, last, committed);
    return 0;
}
