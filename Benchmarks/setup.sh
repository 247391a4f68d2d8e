#!/bin/sh
# 准备基准测试的对照程序：jq、C 编译器、Python 虚拟环境（paho-mqtt、psycopg），都放在 Benchmarks/.build。
# Prepares the peers of the benchmarks: jq, a C compiler and a Python environment with paho-mqtt and psycopg, in
# Benchmarks/.build, which git ignores. When all are there it does nothing and needs no network.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$here/.build

missing=
for package in jq gcc make python3-venv mosquitto-clients postgresql-client libmosquitto-dev libpq-dev libgeos-dev; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=absent
    [ "$status" = installed ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    root=
    [ "$(id -u)" = 0 ] || root=sudo
    printf 'benchmarks: 正在安装 installing:%s\n' "$missing"
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q update
    # shellcheck disable=SC2086  # a list of words
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
fi

mkdir -p "$folder"
if ! "$folder/venv/bin/python" -c 'import paho.mqtt, psycopg' 2>/dev/null; then
    # Debian's own interpreter: another one first in PATH may lack ensurepip.
    rm -rf "$folder/venv"
    /usr/bin/python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'paho-mqtt==2.1.0' 'psycopg[binary]==3.3.3' ||
        { printf 'benchmarks: 无法安装 paho-mqtt、psycopg，检查网络。/ cannot install them: check the network\n' >&2; exit 1; }
fi
make --silent -C "$here/peers" OUT="$folder/peers"
