#!/bin/bash
# 运行测试命令；失败时在末尾重列未通过的测试。
# Runs a test command; when it fails, what failed stands once more at the end, where thousands of lines do not hide it.
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
if [ "$code" != 0 ]; then
    printf '\n== 未通过 what failed (exit code %s)\n' "$code"
    # A failed test's line, and what its comment says; a sanitizer's report.
    grep -aE -A 12 'recorded an issue|Fatal error|(Thread|Address|Leak)Sanitizer: ' "$log" |
        grep -avE '^(◇|✔)|^--$' | cut -c 1-600 | head -n 120
    # A crash: where, and the tests that were under way. What traps in an optimised build gives no other message.
    if grep -aqE 'Program crashed:' "$log"; then
        grep -aE 'Program crashed:|^Thread [0-9]+ .*crashed:|^[0-9]+ .* in ' "$log" | cut -c 1-300 | head -n 40
        printf '== 未结束 tests that had begun and did not end\n'
        comm -23 <(sed -nE 's/^◇ (Test .*) started\.$/\1/p' "$log" | sort -u) \
            <(sed -nE 's/^[✔✘] (Test .*) (passed|failed) after .*$/\1/p' "$log" | sort -u) | head -n 40
    fi
fi
exit "$code"
