#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# report.sh BUILD: what the tests that were run there executed of models/ (gcov) and rtl/
# (Verilator), as BUILD/report/coverage.txt, .json and .html. Fails on a line, branch or toggle that
# was not executed and has no reason in holes.txt, and on a reason without a hole (README.md).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: report.sh BUILD}")
cd "$here/../.."
out=$build/report
mkdir -p "$out"

# One line a point: file, line, kind (line, branch, toggle), which one there, times executed.
c_points()
{
    gcovr --root . --filter 'models/' --json "$out/gcov.json" "$build/models" >&2
    jq -r '.files[] | .file as $file | .lines[] | select(."gcovr/noncode" | not) |
        [$file, .line_number, "line", "", .count],
        (.line_number as $line | .branches | to_entries[] |
         [$file, $line, "branch", "\(.key + 1) of its branches", .value.count]) | @tsv' \
        "$out/gcov.json"
}

# A configuration is an instance of its own: the same point of all of them is one.
rtl_points()
{
    find "$build/coverage" "$build/toggles/coverage" -name '*.dat' -print0 | xargs -0 cat |
        awk -v root="$PWD/" -f "$here/verilator.awk"
}

{
    c_points
    rtl_points
} | sort -t "$(printf '\t')" -k 1,1 -k 2,2n -k 3,4 >"$out/points.tsv"
if ! grep -q '^models/' "$out/points.tsv" || ! grep -q '^rtl/' "$out/points.tsv"; then
    echo "$build: no tests were run there that count" >&2
    exit 1
fi

# The holes, each with its source line and a reason or nothing; unused reasons to unused.txt.
awk -v unused="$out/unused.txt" -f "$here/holes.awk" "$here/holes.txt" "$out/points.tsv" \
    >"$out/holes.tsv"

jq -n --rawfile points "$out/points.tsv" --rawfile holes "$out/holes.tsv" -f "$here/report.jq" \
    >"$out/coverage.json.new"
mv "$out/coverage.json.new" "$out/coverage.json"
jq -r -f "$here/text.jq" "$out/coverage.json" | column -t -s "$(printf '\t')" |
    tee "$out/coverage.txt"
jq -r -f "$here/html.jq" "$out/coverage.json" >"$out/coverage.html"

awk -F '\t' '$6 == "" {
    print $1 ":" $2 ": " $3 ($3 == "toggle" ? " (" $4 ")" : "") \
        " not executed, and holes.txt has no reason: " $5
}' "$out/holes.tsv" >"$out/unexplained.txt"
echo "the report: $out/coverage.html (and .json, .txt)"
cat "$out/unexplained.txt" "$out/unused.txt" >&2
[ ! -s "$out/unexplained.txt" ] && [ ! -s "$out/unused.txt" ]
