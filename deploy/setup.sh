#!/bin/sh
# 安装构建与运行所缺的 Debian 12 软件包；都已具备时什么也不做，也不需要网络。
# Installs the Debian 12 packages that building and running need and that are missing. When all are there it does
# nothing and needs no network. It starts, stops and configures no service of the machine.
#
#   deploy/setup.sh            what `make run` needs
#   deploy/setup.sh --test     also what `make test` needs
#   deploy/setup.sh --check    only says what is missing (exit 1 when something is); goes with --test
set -eu

run_packages='mosquitto mosquitto-clients libarchive-dev libboost-math-dev libcurl4-openssl-dev libexpat1-dev libmosquitto-dev libpq-dev
    libxlsxwriter-dev libzstd-dev postgresql postgresql-15-postgis-3 libjs-leaflet pkg-config make'
# chromium and its font draw the pages, curl speaks to its driver; python3-yaml, openssl and systemd check what deploy/ ships.
test_packages='chromium chromium-driver curl fonts-wqy-zenhei python3 python3-aiosmtpd python3-venv python3-yaml openssl systemd'

packages=$run_packages
check_only=false
wants_tests=false

say() { printf '%s\n' "$*"; }
fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

for argument in "$@"; do
    case $argument in
    --test)
        packages="$run_packages $test_packages"
        wants_tests=true
        ;;
    --check) check_only=true ;;
    *)
        printf 'setup: 未知参数 unknown argument "%s"; usage: deploy/setup.sh [--test] [--check]\n' "$argument" >&2
        exit 2
        ;;
    esac
done

# Prints those of the packages that dpkg does not call installed, one a line.
missing_packages() {
    for package in $packages; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=absent
        [ "$status" = installed ] || say "$package"
    done
}

swift=${SWIFT:-swift}
command -v "$swift" >/dev/null 2>&1 || fail "找不到 $swift：请从 https://www.swift.org/install/linux/ 安装 Swift 6.3" \
    "(Debian 12) 并把它的 usr/bin 加入 PATH。/ $swift not found: install Swift 6.3 for Debian 12 from there and put" \
    "its usr/bin on PATH."

command -v dpkg-query >/dev/null 2>&1 || fail "本机不是 Debian；请自行安装 Not Debian; install by hand:" $packages

# schemathesis holds openapi.yaml against the running server. Debian has no package of it; from PyPI, in the versions that
# are written down, into a folder of this repository. Without it that one test is passed over, and says so.
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
schemathesis() {
    wanted=$here/Tests/EndToEndTests/Scripts/schemathesis.txt
    folder=$here/.build-tools/schemathesis
    cmp -s "$wanted" "$folder/installed.txt" && return
    if $check_only; then
        say "setup: 缺少 missing: schemathesis (PyPI)"
        return
    fi
    say "setup: 正在安装 installing: schemathesis (PyPI)"
    rm -rf "$folder"
    if /usr/bin/python3 -m venv "$folder" &&
        "$folder/bin/pip" install --timeout 20 --retries 1 -q --disable-pip-version-check -r "$wanted" 2>/dev/null; then
        cp "$wanted" "$folder/installed.txt"
    else
        rm -rf "$folder"
        say "setup: 装不上 schemathesis（PyPI 不可达？），接口文档的测试将被跳过。/ it cannot be installed (is PyPI out of reach?); the test of openapi.yaml is passed over."
    fi
}

missing=$(missing_packages | tr '\n' ' ')
if [ -z "$missing" ]; then
    if $wants_tests; then schemathesis; fi
    exit 0
fi
if $check_only; then
    fail "缺少 missing: $missing; 请运行 run: deploy/setup.sh"
fi

root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
        fail "缺少软件包，需要 root 或 sudo 来安装。/ Missing, and root or sudo is needed to install: $missing"
    root=sudo
fi

# Debian creates and starts a cluster `main` when it installs a PostgreSQL server. Tongxing makes its own and needs
# none of the machine's, so where no PostgreSQL was ever installed this file says beforehand that none is wanted.
# Where the file or a PostgreSQL is there already, the machine's own policy stands.
cluster_policy=/etc/postgresql-common/createcluster.conf
if [ ! -e "$cluster_policy" ] && [ ! -d /etc/postgresql ]; then
    case " $missing " in
    *' postgresql '*)
        say "setup: 写入 $cluster_policy，不创建默认数据库集群。/ writing it, so that no default cluster is made"
        $root mkdir -p /etc/postgresql-common
        $root tee "$cluster_policy" >/dev/null <<'POLICY'
# Written by Tongxing's deploy/setup.sh before PostgreSQL was installed: installing a server creates no cluster of its
# own. Remove this line, or run `pg_createcluster 15 main --start`, to have Debian's usual one.
create_main_cluster = false
POLICY
        ;;
    esac
fi

had_mosquitto=true
case " $missing " in *' mosquitto '*) had_mosquitto=false ;; esac

say "setup: 正在安装 installing: $missing"
# noninteractive and UCF_FORCE_CONFFOLD: no question may stop an unattended run, and files that are there stay.
apt() {
    $root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@"
}
apt update || fail "apt-get update 失败；检查网络与软件源。/ failed; check the network and /etc/apt/sources.list"
# shellcheck disable=SC2086  # a list of words
apt install -y --no-install-recommends $missing ||
    fail "apt-get install 失败（需要 Debian 12 的 main 软件源）。/ failed; Debian 12's main archive is needed for: $missing"

missing=$(missing_packages | tr '\n' ' ')
[ -z "$missing" ] || fail "安装后仍缺少 still missing after the installation: $missing"

if ! $had_mosquitto && [ -d /run/systemd/system ]; then
    say "setup: Debian 已启动它自带的 mosquitto 服务 (127.0.0.1:1883)；砼行演示不使用它，可用 systemctl disable --now mosquitto 关闭。"
    say "setup: Debian has started its own mosquitto service there; the demo does not use it, and that command turns it off."
fi

if $wants_tests; then schemathesis; fi
