#!/bin/sh
# Three standard tools in a pipe, one transaction at the end: killed, it has stored nothing and acknowledged everything.
# stdbuf is not needed: whole blocks between the tools are faster.
set -eu

# -E ends once subscribed: the session is there before anything is published. A session that is there already has
# messages waiting, which this would take away.
[ -n "$BENCH_RESUMES" ] || mosquitto_sub -h 127.0.0.1 -p "$BENCH_PORT" -i "$BENCH_CLIENT" -c -q 1 -t "fleet/v1/#" -E
printf "ready\n"
first=$(date +%s.%6N)
mosquitto_sub -h 127.0.0.1 -p "$BENCH_PORT" -i "$BENCH_CLIENT" -c -q 1 -t 'fleet/v1/#' -F '%t %p' -C "$BENCH_COUNT" |
    jq -R -r '(.[10:15] | tonumber) as $vehicle | .[25:] | fromjson
        | [$vehicle, .time, .lon, .lat, .speed_kmh, (.heading_deg | round), .satellites,
            (if .ignition then 1 else 0 end), 0, .odometer_km] | @csv' |
    psql -q -X -v ON_ERROR_STOP=1 -d "$BENCH_DATABASE" \
        -c '\copy peer_position (vehicle_id, ts, lon, lat, speed, heading, sat, flags, cam, odo) from pstdin (format csv)'
printf 'first %s last %s count %s\n' "$first" "$(date +%s.%6N)" "$BENCH_COUNT"
# Waits to be ended, so that the CPU time of the pipe can be read.
exec sleep 600
