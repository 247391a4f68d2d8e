/// A buffer below a library that reads and writes its socket in small pieces: libmosquitto takes a packet with four
/// read(2) calls, gives each PUBACK a write(2) of its own, and has no option for either. For a socket that was handed in
/// here, `read` in this process takes 64 KB at once and gives the library its pieces from there, and `write` can be held
/// back until all pieces are together. For every other descriptor both are the system calls. `close` forgets the socket,
/// so that its number can be given out again. The three stand in front of libc's in every library that is loaded; under
/// a sanitizer, which has its own, none does, and `begin` says no.
///
/// One thread at a time may use a socket.
#ifndef TONGXING_SOCKET_BUFFER_H
#define TONGXING_SOCKET_BUFFER_H

#include <stdbool.h>

/// From now on `read` reads ahead on this socket, until it is closed. False when that cannot be: all is as before.
bool tongxing_socket_begin(int descriptor);

/// Whether bytes of this socket wait where `poll` cannot see them.
bool tongxing_socket_waits(int descriptor);

/// From now on `write` keeps what this socket is given.
void tongxing_socket_hold(int descriptor);

/// Sends what was kept, and keeps no more. Waits for so long while the socket takes nothing.
/// Not 0 when it could not be sent, and the connection is of no use any more: the error, or ETIMEDOUT.
int tongxing_socket_release(int descriptor, int milliseconds);

#endif
