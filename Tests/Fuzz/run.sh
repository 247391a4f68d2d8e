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
  "$out/$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$out/$target-" "$corpus" >"$out/$target.log" 2>&1 || {
    tail -40 "$out/$target.log"
    echo "解码器 $target 崩溃，输入保存于 $out / the decoder $target ended; its input lies in $out: make it a test" >&2
    exit 1
  }
  echo "$target: $(grep -E '^Done' "$out/$target.log")"
done
