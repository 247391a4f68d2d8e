"""paho-mqtt and psycopg as most tutorials show them: one INSERT and one COMMIT a message."""

import psycopg
from paho_common import COLUMNS, DATABASE, Clock, connect, row, wait_for_end

database = psycopg.connect(DATABASE, autocommit=True)
statement = f"INSERT INTO peer_position ({COLUMNS}) VALUES ({', '.join(['%s'] * 10)}) ON CONFLICT DO NOTHING"
clock = Clock()


def store(client, user, message):
    clock.received()
    database.execute(statement, row(message))
    if clock.commit(1):
        client.disconnect()


connect(store).loop_forever()
wait_for_end()
