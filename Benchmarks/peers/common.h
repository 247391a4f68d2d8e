/* What the C peers share: the clock, the settings, the scan of one position, and its binary COPY row. */
#ifndef COMMON_H
#define COMMON_H

#include <endian.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static inline const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value != NULL ? value : otherwise;
}

static inline long number(const char *name, long otherwise) {
    const char *value = getenv(name);
    return value != NULL ? atol(value) : otherwise;
}

static inline void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* The line that every peer ends with; then it waits to be ended, so that its CPU time can be read. */
static inline void report(int64_t first, int64_t last, long count) {
    printf("first %.6f last %.6f count %ld\n", first / 1e6, last / 1e6, count);
    fflush(stdout);
    pause();
}

/* One narrow row: ten columns, table "b" of the measurements that the goals come from. */
struct row {
    int64_t vehicle, time;
    double longitude, latitude, speed, heading, satellites, camera, odometer;
    int32_t flags;
};

static inline int digits(const char *text, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) value = value * 10 + (text[i] - '0');
    return value;
}

/* "2026-03-02T08:15:30[.ffffff]Z" to microseconds since 2000. Howard Hinnant's days_from_civil. */
static inline int64_t scan_time(const char *text, const char *end) {
    if (end - text < 20) return 0;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    year -= month <= 2;
    int era = year / 400, year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t days = era * 146097LL + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
    int64_t seconds = days * 86400 + digits(text + 11, 2) * 3600 + digits(text + 14, 2) * 60 + digits(text + 17, 2);
    int64_t fraction = 0, unit = 100000;
    if (text[19] == '.')
        for (const char *p = text + 20; p < end && *p >= '0' && *p <= '9'; p++, unit /= 10) fraction += (*p - '0') * unit;
    return (seconds - 946684800LL) * 1000000 + fraction;
}

static inline double scan_number(const char **at, const char *end) {
    const char *p = *at;
    int negative = p < end && *p == '-';
    p += negative;
    int64_t value = 0;
    double unit = 1;
    while (p < end && *p >= '0' && *p <= '9') value = value * 10 + (*p++ - '0');
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++) value = value * 10 + (*p - '0'), unit *= 10;
    *at = p;
    return (negative ? -value : value) / unit;
}

/* One flat JSON object, any order of its keys. It trusts the sender: no escapes, no validation. */
static inline int scan(const char *topic, const char *payload, int length, struct row *row) {
    const char *p = payload, *end = payload + length;
    memset(row, 0, sizeof *row);
    /* fleet/v1/T00042/position */
    for (const char *t = topic + 10; *t >= '0' && *t <= '9'; t++) row->vehicle = row->vehicle * 10 + (*t - '0');
    while (p < end) {
        while (p < end && *p != '"') p++;
        if (p >= end) break;
        const char *key = ++p;
        while (p < end && *p != '"') p++;
        size_t size = p - key;
        while (p < end && (*p == '"' || *p == ':' || *p == ' ')) {
            if (*p++ == ':') break;
        }
        while (p < end && *p == ' ') p++;
        if (p >= end) break;
#define IS(name) (size == sizeof(name) - 1 && memcmp(key, name, sizeof(name) - 1) == 0)
        if (*p == '"') {
            const char *text = ++p;
            while (p < end && *p != '"') p++;
            if (IS("time")) row->time = scan_time(text, p);
            p++;
        } else if (*p == 't' || *p == 'f') {
            if (IS("ignition") && *p == 't') row->flags |= 1;
            p += *p == 't' ? 4 : 5;
        } else {
            double value = scan_number(&p, end);
            if (IS("lat")) row->latitude = value;
            else if (IS("lon")) row->longitude = value;
            else if (IS("speed_kmh")) row->speed = value;
            else if (IS("heading_deg")) row->heading = value;
            else if (IS("satellites")) row->satellites = value;
            else if (IS("odometer_km")) row->odometer = value;
        }
#undef IS
    }
    return row->time != 0;
}

/* ---- binary COPY ---- */

struct copy {
    char *bytes;
    size_t size, room;
    int rows;
};

static const char COPY_HEAD[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
static const char *COPY_SQL =
    "COPY peer_position (vehicle_id, ts, lon, lat, speed, heading, sat, flags, cam, odo) FROM STDIN (FORMAT binary)";

static inline void copy_reset(struct copy *copy) {
    if (copy->bytes == NULL) copy->bytes = malloc(copy->room = 1 << 20);
    memcpy(copy->bytes, COPY_HEAD, sizeof COPY_HEAD);
    copy->size = sizeof COPY_HEAD;
    copy->rows = 0;
}

static inline void put16(struct copy *copy, int16_t value) {
    uint16_t wire = htobe16((uint16_t)value);
    memcpy(copy->bytes + copy->size, &wire, 2);
    copy->size += 2;
}
static inline void put32(struct copy *copy, int32_t value) {
    uint32_t wire = htobe32((uint32_t)value);
    memcpy(copy->bytes + copy->size, &wire, 4);
    copy->size += 4;
}
static inline void put64(struct copy *copy, int64_t value) {
    uint64_t wire = htobe64((uint64_t)value);
    memcpy(copy->bytes + copy->size, &wire, 8);
    copy->size += 8;
}
static inline void field16(struct copy *copy, double value) { put32(copy, 2), put16(copy, (int16_t)value); }
static inline void field32(struct copy *copy, int32_t value) { put32(copy, 4), put32(copy, value); }
static inline void field64(struct copy *copy, int64_t value) { put32(copy, 8), put64(copy, value); }
static inline void field_real(struct copy *copy, double value) {
    float narrow = (float)value;
    int32_t bits;
    memcpy(&bits, &narrow, 4);
    field32(copy, bits);
}
static inline void field_double(struct copy *copy, double value) {
    int64_t bits;
    memcpy(&bits, &value, 8);
    field64(copy, bits);
}

static inline void copy_add(struct copy *copy, const struct row *row) {
    if (copy->room - copy->size < 256) copy->bytes = realloc(copy->bytes, copy->room *= 2);
    put16(copy, 10);
    field64(copy, row->vehicle);
    field64(copy, row->time);
    field_double(copy, row->longitude);
    field_double(copy, row->latitude);
    field_real(copy, row->speed);
    field16(copy, row->heading);
    field16(copy, row->satellites);
    field32(copy, row->flags);
    field16(copy, row->camera);
    field_real(copy, row->odometer);
    copy->rows++;
}

/* One transaction: COPY outside of BEGIN commits by itself. */
static inline void copy_commit(struct copy *copy, PGconn *database) {
    if (copy->rows == 0) return;
    put16(copy, -1);
    PGresult *result = PQexec(database, COPY_SQL);
    if (PQresultStatus(result) != PGRES_COPY_IN) fail(PQerrorMessage(database));
    PQclear(result);
    if (PQputCopyData(database, copy->bytes, (int)copy->size) != 1 || PQputCopyEnd(database, NULL) != 1)
        fail(PQerrorMessage(database));
    while ((result = PQgetResult(database)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(PQerrorMessage(database));
        PQclear(result);
    }
    copy_reset(copy);
}

static inline PGconn *open_database(void) {
    PGconn *database = PQconnectdb(setting("BENCH_DATABASE", ""));
    if (PQstatus(database) != CONNECTION_OK) fail(PQerrorMessage(database));
    return database;
}

#endif
