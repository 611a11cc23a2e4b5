#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD [FILE...]: mutants of the C models against the files' own tests (../README.md).
# LIMIT mutants a file, picked by SEED; JOBS files at a time; results to OUT. Without FILEs, all of
# models/ but programs and what makes hard inputs of tests.
set -euo pipefail
shopt -s extglob
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: run.sh BUILD [FILE...]}")
shift
cd "$here/../../.."
export SEED=${SEED:-1} LIMIT=${LIMIT:-100} JOBS=${JOBS:-1}
export TESSERA_VECTORS=${TESSERA_VECTORS:-100000}
goal=95

# Every declaration has a reason and still is a mutant; with RUN_DECLARED=1, one that no test finds.
check_declared()
{
    local file was now why status=0
    while read -r file; do
        [[ " ${files[*]} " = *" $file "* ]] || continue
        while IFS=$'\t' read -r was now why; do
            if [ -z "$why" ] || ! "$bin/c_mutants" list 1 "$file" | cut -f 3,4 |
                grep -xF "$was"$'\t'"$now" >/dev/null; then
                echo "equivalent.txt: $file: no reason, or not a mutant: $was => $now" >&2
                status=1
            elif jq -e --arg file "$file" --arg was "$was" --arg now "$now" '
                .files[] | select(.file == $file) | .mutants[] | select(.was == $was and
                .now == $now and (.result == "killed" or .result == "timeout"))' \
                "$out/mutation.json" >/dev/null; then
                echo "equivalent.txt: $file: a test finds it: $was => $now" >&2
                status=1
            fi
        done < <("$here/declared.sh" "$file")
    done < <(grep '^[^ #]' "$here/equivalent.txt")
    return "$status"
}

files=("$@")
if [ $# -eq 0 ]; then
    files=(models/{blocks,core,formats,gemm,quantize}/!(*_stress).c models/dpi/dpi.c
        models/gemm/isa/*.c)
    mapfile -t -O ${#files[@]} files < <(sed -n 's/^\([^ #]*\) .*/\1/p' "$here/units.txt")
fi
export OUT=${OUT:-$build/mutation/c}
out=$OUT bin=$build/mutation/c_bin
mkdir -p "$out/results"
ctest --test-dir "$build" --show-only=json-v1 >"$out/tests.json"
rm -f "$out"/results/*.json
failed= # a file without a result; the others' are told all the same
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$JOBS" "$here/file.sh" "$build" || failed=1

jq -s --argjson seed "$SEED" '
    def count(f): [.[].mutants[] | select(f)] | length;
    def totals: {
        mutants: count(true), killed: count(.result == "killed" or .result == "timeout"),
        timeouts: count(.result == "timeout"), same_code: count(.result == "same code"),
        declared: count(.result == "declared"), open: count(.result == "open")
    } | . + {score: (if .killed + .open == 0 then null
                     else 100 * .killed / (.killed + .open) end)};
    {seed: $seed, files: (map({file, not_run} + ([.] | totals) + {mutants: .mutants}) | sort_by(.file)),
     total: totals}' "$out"/results/*.json >"$out/mutation.json.new"
mv "$out/mutation.json.new" "$out/mutation.json"

jq -r '
    def row: [.mutants | if type == "array" then length else . end] +
             [.killed, .timeouts, .same_code, .declared, .open,
              if .score == null then "-" else (.score * 10 | floor / 10 | tostring) + "%" end];
    ["file", "mutants", "killed", "of these timeouts", "same code", "declared equal", "open", "score"],
    (.files[] | [.file] + row), (["total"] + (.total | row)) | @tsv' "$out/mutation.json" |
    column -t -s "$(printf '\t')" | tee "$out/mutation.txt"
jq -r '.files[] | .file as $file | .mutants[] | select(.result == "open") |
    "\($file):\(.line): open\n    was  \(.was)\n    now  \(.now)"' "$out/mutation.json" |
    tee -a "$out/mutation.txt"
echo "seed $SEED, at most $LIMIT mutants a file, $TESSERA_VECTORS vectors; all in $out/mutation.json"

check_declared
jq -r --argjson goal "$goal" '(.files[] | select(.score != null and .score < $goal) |
    "\(.file): less than \($goal)% of its mutants are found"), empty' "$out/mutation.json" |
    tee "$out/below.txt" >&2
[ ! -s "$out/below.txt" ] && [ -z "$failed" ]
