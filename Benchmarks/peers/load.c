/* The load: position reports of 5,000 vehicles at QoS 1, published as fast as the broker takes them or at a rate.

     load COUNT RATE CONNECTIONS WINDOW START CLOCK

   RATE 0 is as fast as possible. START is how many reports were published before, so that no terminal and time come
   twice. CLOCK 1 puts the moment of publishing into the report, in microseconds, for latencies; CLOCK 0 puts event
   times 20 s apart, as devices send them. Each vehicle drives: its numbers change as a real one's do.
   BENCH_PORT. Prints "first S last S count N": first publish, last PUBACK. */
#include "mqtt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>

enum { VEHICLES = 5000, ROOM = 1 << 16, CONNECTIONS = 16 };

struct vehicle {
    int32_t latitude, longitude, odometer;
    int16_t speed, heading, altitude, drum;
    int32_t load;
    uint32_t sequence;
};

struct connection {
    int socket;
    long next, unacknowledged;
    uint16_t id;
    size_t from, to, odd;
    char out[ROOM];
    unsigned char part[4];
};

static struct vehicle vehicles[VEHICLES];
static struct connection connections[CONNECTIONS];
static uint64_t state = 88172645463325252ULL;

static uint32_t draw(uint32_t below) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)((state >> 32) * below >> 32);
}

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static char *text(char *p, const char *words) {
    size_t size = strlen(words);
    memcpy(p, words, size);
    return p + size;
}

/* `value` in units of 10^-places. */
static char *decimal(char *p, int64_t value, int places) {
    char reversed[24];
    int count = 0;
    if (value < 0) *p++ = '-', value = -value;
    do {
        reversed[count++] = (char)('0' + value % 10);
        if (count == places) reversed[count++] = '.';
        value /= 10;
    } while (value > 0 || (places > 0 && count <= places + 1));
    while (count > 0) *p++ = reversed[--count];
    return p;
}

static char *two(char *p, int value) {
    *p++ = (char)('0' + value / 10), *p++ = (char)('0' + value % 10);
    return p;
}

static char *timestamp(char *p, int64_t us, int with_fraction) {
    static int64_t known = -1;
    static char date[24];
    int64_t seconds = us / 1000000;
    if (seconds / 86400 != known) {
        struct tm parts;
        time_t day = seconds;
        gmtime_r(&day, &parts);
        strftime(date, sizeof date, "%Y-%m-%dT", &parts);
        known = seconds / 86400;
    }
    int second = (int)(seconds % 86400);
    p = text(p, date);
    p = two(p, second / 3600), *p++ = ':';
    p = two(p, second / 60 % 60), *p++ = ':';
    p = two(p, second % 60);
    if (with_fraction) {
        *p++ = '.';
        int fraction = (int)(us % 1000000);
        for (int unit = 100000; unit > 0; unit /= 10) *p++ = (char)('0' + fraction / unit % 10);
    }
    *p++ = 'Z';
    return p;
}

/* Twenty seconds of driving, standing or turning. */
static void drive(struct vehicle *v) {
    if (draw(4) > 0) {
        v->speed = (int16_t)(v->speed + (int)draw(101) - 50);
        if (v->speed < 0) v->speed = 0;
        if (v->speed > 800) v->speed = 800;
        v->heading = (int16_t)((v->heading + 3600 + (int)draw(601) - 300) % 3600);
        v->latitude += (v->heading < 900 || v->heading > 2700 ? 1 : -1) * v->speed * 3 + (int)draw(20);
        v->longitude += (v->heading < 1800 ? 1 : -1) * v->speed * 4 + (int)draw(20);
        v->odometer += v->speed / 18;
        v->altitude = (int16_t)(v->altitude + (int)draw(3) - 1);
    }
    if (draw(40) == 0) v->drum = (int16_t)(draw(2) ? 20 + draw(100) : -(int)draw(100)), v->load = (int32_t)draw(260) * 100;
    v->sequence++;
}

static char *payload(char *p, struct vehicle *v, int64_t us, int with_fraction) {
    p = text(p, "{\"time\": \""), p = timestamp(p, us, with_fraction);
    p = text(p, "\", \"lat\": "), p = decimal(p, v->latitude, 6);
    p = text(p, ", \"lon\": "), p = decimal(p, v->longitude, 6);
    p = text(p, ", \"speed_kmh\": "), p = decimal(p, v->speed, 1);
    p = text(p, ", \"heading_deg\": "), p = decimal(p, v->heading, 1);
    p = text(p, ", \"altitude_m\": "), p = decimal(p, v->altitude, 0);
    p = text(p, ", \"ignition\": "), p = text(p, v->speed > 0 ? "true" : "false");
    p = text(p, ", \"odometer_km\": "), p = decimal(p, v->odometer, 2);
    p = text(p, ", \"satellites\": "), p = decimal(p, 8 + draw(6), 0);
    p = text(p, ", \"hdop\": "), p = decimal(p, 7 + draw(6), 1);
    p = text(p, ", \"drum_rpm\": "), p = decimal(p, v->drum, 1);
    p = text(p, ", \"load_kg\": "), p = decimal(p, v->load, 0);
    p = text(p, ", \"seq\": "), p = decimal(p, v->sequence, 0);
    *p++ = '}';
    return p;
}

static char *publish(char *p, long index, int64_t us, int with_fraction, uint16_t id) {
    int number = (int)(index % VEHICLES);
    char *head = p, *body;
    drive(&vehicles[number]);
    *p++ = 0x32;
    p += 2; /* a body of 128 to 16,383 bytes: two bytes of length */
    body = p;
    *p++ = 0, *p++ = 24;
    p = text(p, "fleet/v1/T");
    for (int unit = 10000; unit > 0; unit /= 10) *p++ = (char)('0' + number / unit % 10);
    p = text(p, "/position");
    *p++ = (char)(id >> 8), *p++ = (char)id;
    p = payload(p, &vehicles[number], us, with_fraction);
    size_t length = (size_t)(p - body);
    head[1] = (char)((length & 127) | 128), head[2] = (char)(length >> 7);
    return p;
}

static long take_acknowledgements(struct connection *c) {
    unsigned char in[1 << 16];
    long count = 0;
    memcpy(in, c->part, c->odd);
    ssize_t got = recv(c->socket, in + c->odd, sizeof in - c->odd, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) fprintf(stderr, "connection lost\n"), exit(1);
    if (got < 0) return 0;
    size_t filled = c->odd + (size_t)got;
    count = (long)(filled / 4); /* nothing but PUBACKs comes */
    c->odd = filled % 4;
    memcpy(c->part, in + filled - c->odd, c->odd);
    c->unacknowledged -= count;
    return count;
}

int main(int argc, char **argv) {
    if (argc != 7) return fprintf(stderr, "load COUNT RATE CONNECTIONS WINDOW START CLOCK\n"), 2;
    long count = atol(argv[1]), rate = atol(argv[2]), window = atol(argv[4]), start = atol(argv[5]);
    int lanes = atoi(argv[3]), clock = atoi(argv[6]), port = atoi(getenv("BENCH_PORT"));
    if (lanes < 1 || lanes > CONNECTIONS) return 2;
    for (int i = 0; i < VEHICLES; i++)
        vehicles[i] = (struct vehicle){
            30500000 + (int)draw(500000), 120500000 + (int)draw(600000), (int)draw(9000000), (int16_t)draw(600),
            (int16_t)draw(3600), (int16_t)draw(60), (int16_t)draw(100), (int)draw(260) * 100, draw(100000)};
    for (int i = 0; i < lanes; i++) {
        char name[64];
        snprintf(name, sizeof name, "load-%d-%d", getpid(), i);
        connections[i].socket = mqtt_connect(port, name, 1);
        connections[i].next = i;
        fcntl(connections[i].socket, F_SETFL, O_NONBLOCK);
    }
    /* Event times begin yesterday at midnight: 10 million reports are 11 hours of 5,000 vehicles. */
    int64_t first = now_us(), midnight = (first / 86400000000LL - 1) * 86400000000LL;
    long acknowledged = 0;
    while (acknowledged < count) {
        int64_t now = now_us();
        long due = rate == 0 ? count : (long)((now - first) * (double)rate / 1e6) + 1;
        if (due > count) due = count;
        struct pollfd descriptors[CONNECTIONS];
        int more = 0;
        for (int i = 0; i < lanes; i++) {
            struct connection *c = &connections[i];
            while (c->next < due && c->unacknowledged < window && ROOM - c->to > 1024) {
                long index = start + c->next;
                int64_t event = midnight + (index / VEHICLES * 20 + index % VEHICLES % 20) * 1000000LL;
                if (++c->id == 0) c->id = 1;
                c->to = (size_t)(publish(c->out + c->to, index, clock ? now_us() : event, clock, c->id) - c->out);
                c->next += lanes;
                c->unacknowledged++;
            }
            if (c->to > c->from) {
                ssize_t sent = send(c->socket, c->out + c->from, c->to - c->from, MSG_NOSIGNAL | MSG_DONTWAIT);
                if (sent > 0) c->from += (size_t)sent;
                if (c->from == c->to) c->from = c->to = 0;
            }
            acknowledged += take_acknowledgements(c);
            more |= c->to == c->from && c->next < due && c->unacknowledged < window;
            descriptors[i] = (struct pollfd){c->socket, (short)(POLLIN | (c->to > c->from ? POLLOUT : 0)), 0};
        }
        if (!more) poll(descriptors, (nfds_t)lanes, 1);
    }
    printf("first %.6f last %.6f count %ld\n", first / 1e6, now_us() / 1e6, acknowledged);
    return 0;
}
