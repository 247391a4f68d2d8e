#!/bin/bash
# 服务是否存活：/healthz 答 200。Whether the service is alive: /healthz answers 200. Needs no curl, which slim images lack.
set -u
trap '' PIPE
host=${1:-127.0.0.1}
port=${2:-${TONGXING_WEB_PORT:-8080}}

{ exec 3<>"/dev/tcp/$host/$port"; } 2>/dev/null || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$host" >&3 || exit 1
read -r -t 4 _ status _ <&3 || exit 1
[ "$status" = 200 ]
