/* As much of MQTT 3.1.1 as the load generator and the raw reader need; it trusts the broker. */
#ifndef MQTT_H
#define MQTT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void mqtt_send(int socket, const void *bytes, size_t count) {
    const char *p = bytes;
    while (count > 0) {
        ssize_t sent = send(socket, p, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            fprintf(stderr, "the broker takes no data\n");
            exit(1);
        }
        p += sent, count -= (size_t)sent;
    }
}

/* A persistent session unless `clean`; returns after CONNACK. */
static inline int mqtt_connect(int port, const char *client, int clean) {
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) != 0) {
        fprintf(stderr, "no broker\n");
        exit(1);
    }
    size_t name = strlen(client);
    unsigned char packet[128] = {0x10, (unsigned char)(12 + name), 0, 4, 'M', 'Q', 'T', 'T', 4, clean ? 2 : 0, 2, 88, 0};
    packet[13] = (unsigned char)name;
    memcpy(packet + 14, client, name);
    mqtt_send(socket_, packet, 14 + name);
    unsigned char answer[4];
    if (recv(socket_, answer, 4, MSG_WAITALL) != 4 || answer[3] != 0) {
        fprintf(stderr, "refused by the broker\n");
        exit(1);
    }
    return socket_;
}

static inline void mqtt_subscribe(int socket, const char *filter) {
    size_t name = strlen(filter);
    unsigned char packet[128] = {0x82, (unsigned char)(5 + name), 0, 1, 0, (unsigned char)name};
    memcpy(packet + 6, filter, name);
    packet[6 + name] = 1;
    mqtt_send(socket, packet, 7 + name);
}

/* The body of the packet at `p` and its length; NULL while it is not complete. */
static inline unsigned char *mqtt_packet(unsigned char *p, unsigned char *end, size_t *length) {
    size_t value = 0;
    int shift = 0;
    for (unsigned char *q = p + 1; q < end && shift < 28; q++, shift += 7) {
        value |= (size_t)(*q & 127) << shift;
        if (*q & 128) continue;
        *length = value;
        return (size_t)(end - q - 1) >= value ? q + 1 : NULL;
    }
    return NULL;
}

#endif
