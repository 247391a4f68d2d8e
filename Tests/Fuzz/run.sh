#!/bin/bash
# 用 libFuzzer 测试各解码器 / fuzzes each decoder: run.sh SECONDS [native|jt808|gateway …]. Builds what is older than its
# sources; keeps the inputs it has learnt from, and an input that ends a decoder, below .build-fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:?秒数 seconds}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(native jt808 gateway)
out=.build-fuzz
mkdir -p "$out"
# swiftc stands beside swift.
compile() { "${SWIFT:-swift}c" -O -g -use-ld=lld -sanitize=fuzzer,address -parse-as-library -swift-version 6 -package-name tongxing \
  -enable-upcoming-feature InternalImportsByDefault -I "$out" "$@"; }

# The rooms, one after the other in the order of their arrows.
if [ -n "$(find Sources/Model -name '*.swift' -newer "$out/Telemetry.o" 2>/dev/null || echo none)" ]; then
  for room in Chronology Geodesy Telemetry; do
    compile -wmo -c -emit-module -emit-module-path "$out/$room.swiftmodule" -module-name "$room" \
      -o "$out/$room.o" "Sources/Model/$room"/*.swift
  done
fi

# 1,000 reports in one message; the native fuzzer's first byte chooses positions.
long_seed() {
  [ "$1" = gateway ] || printf p
  [ "$1" = native ] || printf '{"header":{"msg_id":1796,"phone":"13700000001","msg_sn":1},"body":{"type":1,"length":1000,"location":'
  awk -v target="$1" 'BEGIN {
    for (i = 0; i < 1000; i++) {
      printf "%s", i == 0 ? "[" : ","
      if (target == "gateway")
        printf "{\"alarm\":0,\"status\":3,\"latitude\":30700000,\"longitude\":120700000,\"altitude\":12,\"speed\":%d,\"direction\":90,\"time\":\"2603020%d%02d%02d\",\"extra\":{\"mileage\":%d}}", i % 900, 6 + i / 3600, i / 60 % 60, i % 60, i
      else
        printf "{\"time\":%d,\"lat\":30.7,\"lon\":120.7,\"speed_kmh\":%d.5,\"drum_rpm\":-8.0,\"seq\":%d}", 1772430000000 + i * 1000, i % 90, i
    }
    printf "]"
  }'
  [ "$1" = native ] || printf '}}'
}

# fuzz TARGET SECONDS BYTES CORPUS
fuzz() {
  "$out/$1" -max_total_time="$2" -max_len="$3" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$out/$1-" "$4" >"$out/$1.log" 2>&1 || {
    tail -40 "$out/$1.log"
    echo "解码器 $1 崩溃，输入保存于 $out / the decoder $1 ended; its input lies in $out: make it a test" >&2
    exit 1
  }
  echo "$1, 至多 up to $3 bytes: $(grep -E '^Done' "$out/$1.log")"
}

export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
for target in "${targets[@]}"; do
  if [ -n "$(find "Tests/Fuzz/$target.swift" Tests/Fuzz/Fuzz.swift "$out/Telemetry.o" -newer "$out/$target" 2>/dev/null || echo none)" ]; then
    compile -module-name fuzz_"$target" -o "$out/$target" "Tests/Fuzz/$target.swift" Tests/Fuzz/Fuzz.swift \
      "$out"/{Chronology,Geodesy,Telemetry}.o
  fi
  corpus=$out/corpus-$target
  mkdir -p "$corpus"
  for seed in Tests/Fuzz/Seeds/"$target"-*; do
    name=$corpus/$(basename "$seed")
    case $seed in
    *.hex) printf "$(tr -d '\n' <"$seed" | sed 's/../\\x&/g')" >"$name" ;;
    *) cp "$seed" "$name" ;;
    esac
  done
  # Short inputs teach most, fast. The last quarter of the time goes to long ones where there may be any: a message of JSON
  # may hold 1,000 reports and a megabyte (ValidationLimits), a frame 2 KB.
  long=0
  if [ "$target" != jt808 ]; then
    long=$(((seconds + 3) / 4))
    mkdir -p "$corpus-long"
    long_seed "$target" >"$corpus-long/seed"
  fi
  fuzz "$target" $((seconds > long ? seconds - long : 1)) 4096 "$corpus"
  [ "$long" -eq 0 ] || fuzz "$target" "$long" 1048640 "$corpus-long"
done
