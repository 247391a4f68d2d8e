#!/bin/bash
# 由各场景的计数写成表格 / makes a table of what the fault tests counted: table.sh COUNTS. Only a run without a failure
# comes here.
set -euo pipefail
cat <<EOF
# 故障测试计数 Counts of the fault tests

由 \`make faults\` 写成；每行一个场景与种子，结束后逐条清点。Written by \`make faults\`: a scenario and seed a line, every
message counted at its end, with real servers that are killed, cut off, slowed down or filled up
(\`Tests/FaultTests\`). *duplicate* came again and was recognised; *twice* is what the log holds more than once; *lost* is
what the terminals had acknowledged and the log lacks. A broker that is killed forgets what it had acknowledged and not
saved (\`killsOfTheBroker\`): that is lost before ingestion, and the test checks that nothing else is. Lanes side by side,
backlogs of large messages and silent databases are counted by tests of their own (\`LaneTests\`, \`BacklogTests\`,
\`SilentDatabaseTests\`).

$(wc -l <"$1") 场景 scenarios; published $(awk -F'|' '{ n += $4 } END { print n }' "$1"), twice $(awk -F'|' '{ n += $9 } END { print n }' "$1"), \
lost $(awk -F'|' '$2 !~ /killsOfTheBroker/ { n += $10 } END { print n + 0 }' "$1") (killsOfTheBroker: \
$(awk -F'|' '$2 ~ /killsOfTheBroker/ { n += $10 } END { print n + 0 }' "$1"))

| scenario | seed | published | acknowledged | stored | duplicate | quarantined | twice | lost |
|---|---|---:|---:|---:|---:|---:|---:|---:|
EOF
sort -V "$1"
