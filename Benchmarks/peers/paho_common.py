"""What the paho peers share: settings, the session, and one position as a narrow row."""

import json
import os
import signal
import time
from datetime import datetime

import paho.mqtt.client as mqtt

PORT = int(os.environ["BENCH_PORT"])
CLIENT = os.environ["BENCH_CLIENT"]
DATABASE = os.environ["BENCH_DATABASE"]
COUNT = int(os.environ["BENCH_COUNT"])
COLUMNS = "vehicle_id, ts, lon, lat, speed, heading, sat, flags, cam, odo"


def row(message):
    """The ten columns of `peer_position`."""
    said = json.loads(message.payload)
    return (
        int(message.topic.split("/")[2][1:]),
        datetime.fromisoformat(said["time"].replace("Z", "+00:00")),
        said["lon"],
        said["lat"],
        said["speed_kmh"],
        round(said["heading_deg"]),
        said["satellites"],
        1 if said["ignition"] else 0,
        0,
        said["odometer_km"],
    )


def wait_for_end():
    """Waits to be ended, so that the CPU time can be read."""
    signal.pause()


class Clock:
    """First message, last commit, and the line that every peer ends with."""

    def __init__(self):
        self.first = 0.0
        self.committed = 0

    def received(self):
        if not self.first:
            self.first = time.time()

    def commit(self, count):
        self.committed += count
        if self.committed >= COUNT:
            print(f"first {self.first:.6f} last {time.time():.6f} count {self.committed}", flush=True)
            return True
        return False


def connect(on_message):
    """A persistent session that answers QoS 1 as paho does: after `on_message` has returned."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, CLIENT, clean_session=False, protocol=mqtt.MQTTv311)
    client.on_message = on_message
    client.on_connect = lambda client, *_: client.subscribe("fleet/v1/#", qos=1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.connect("127.0.0.1", PORT, keepalive=120)
    return client
