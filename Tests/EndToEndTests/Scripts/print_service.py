"""Prints behind a local socket, as systemd does with deploy/tongxing-print.socket: print_service.py SOCKET PROGRAM.

The first page is printed, the second gets half a PDF, as from a service that is ended meanwhile; then this ends.
"""
import os
import socket
import subprocess
import sys

path, program = sys.argv[1:]
server = socket.socket(socket.AF_UNIX)
# There under its name only once it listens.
server.bind(path + ".new")
server.listen()
os.rename(path + ".new", path)
# Whoever asks nothing for so long has failed by then.
server.settimeout(300)

first, _ = server.accept()
with first:
    first.settimeout(None)
    subprocess.run([program, "evidence", "print"], stdin=first, stdout=first, check=False)
second, _ = server.accept()
with second:
    second.settimeout(60)
    while second.recv(65536):
        pass
    second.sendall(b"%PDF-1.4\n1 0 obj")
