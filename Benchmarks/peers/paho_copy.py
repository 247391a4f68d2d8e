"""paho-mqtt and psycopg done well: binary COPY of 1,000 rows a transaction, or of what came within 100 ms.

paho acknowledges when the callback returns, so what waits for its COPY is lost when the process is killed."""

import time

import psycopg
from paho_common import COLUMNS, COUNT, DATABASE, Clock, connect, row, wait_for_end

TYPES = ["int8", "timestamptz", "float8", "float8", "float4", "int2", "int2", "int4", "int2", "float4"]
database = psycopg.connect(DATABASE)
clock = Clock()
rows = []


def store(client, user, message):
    clock.received()
    rows.append(row(message))
    if len(rows) >= 1000:
        flush()


def flush():
    with database.cursor() as cursor:
        with cursor.copy(f"COPY peer_position ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(TYPES)
            for each in rows:
                copy.write_row(each)
    database.commit()
    clock.commit(len(rows))
    rows.clear()


client = connect(store)
opened = time.monotonic()
while clock.committed < COUNT:
    client.loop(0.1)
    if len(rows) == 0:
        opened = time.monotonic()
    elif time.monotonic() - opened > 0.1:
        flush()
        opened = time.monotonic()
client.disconnect()
wait_for_end()
