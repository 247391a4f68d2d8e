#!/usr/bin/env python3
"""Turns a day of real mixer trucks in Athens into replay format and registers.

usage: athens.py trucks-2002-09-13.csv OUTPUT_DIRECTORY

The source has truck, time_local (UTC+3), lon, lat; no speed, no drum, no camera. Its terminals sleep when parked. It has
no register either: the three batching plants are where the data show them. Writes traffic.ndjson, plants.csv and
vehicles.csv; no register of sites, because nobody knows one.
"""
import csv
import json
import pathlib
import sys

PLANTS = [
    ("ATH-1", "Plant at 37.990 N 23.881 E", 37.990, 23.881),
    ("ATH-2", "Plant at 38.131 N 23.841 E", 38.131, 23.841),
    ("ATH-3", "Plant at 38.108 N 23.769 E", 38.108, 23.769),
]
RADIUS_M = 250


def main(source: pathlib.Path, target: pathlib.Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    fixes = []
    trucks = set()
    with source.open(newline="") as file:
        for row in csv.DictReader(file):
            trucks.add(row["truck"])
            fixes.append((row["time_local"] + "+03:00", row["truck"], float(row["lat"]), float(row["lon"])))
    # As they were sent: in order of time, the trucks side by side.
    fixes.sort()
    with (target / "traffic.ndjson").open("w") as file:
        for time, truck, lat, lon in fixes:
            message = {
                "topic": f"fleet/v1/{truck}/position",
                "payload": {"time": time, "lat": lat, "lon": lon},
                "sent": time,
            }
            file.write(json.dumps(message) + "\n")
    with (target / "plants.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["plant_id", "name", "licence_kind", "status", "valid_from", "valid_to", "lat", "lon", "radius_m"])
        for plant, name, lat, lon in PLANTS:
            writer.writerow([plant, name, "concrete", "valid", "2000-01-01", "", lat, lon, RADIUS_M])
    with (target / "vehicles.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["plate", "terminal", "kind"])
        for truck in sorted(trucks):
            writer.writerow([f"ATH-{truck}", truck, "mixer"])
    print(f"{len(fixes)} fixes of {len(trucks)} trucks")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
