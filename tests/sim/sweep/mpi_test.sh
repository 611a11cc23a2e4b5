#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mpi_test.sh TESSERA SWEEP_ALONE MPIRUN: under mpirun, a sweep has the files that it has without.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 alone=$2 mpirun=("$3" --oversubscribe --bind-to none)
[ "$(id -u)" -ne 0 ] || mpirun+=(--allow-run-as-root)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

sweep=(rapid resnet50 --set array.rows=4..32*2 --set array.cols=4..32*2 --set "dram.latency_ns=100..400+50")
run 0 "$tessera" sweep "${sweep[@]}" --jobs 1 -o one
has "$(cat one/sweep.csv)" ',impossible,'
run 0 "$tessera" sweep "${sweep[@]}" --jobs 4 -o four
equal "$(diff -r one four)" ''
run 0 "${mpirun[@]}" -n 2 "$tessera" sweep "${sweep[@]}" -o two
equal "$(diff -r one two)" ''
has "$out" ': 112 points, .*; 0 were known$'
equal "$(grep -c 'points' <<<"$out")" 1

# Killed alone, it goes on under mpirun.
mkdir three
head -n 30 one/points.jsonl >three/points.jsonl
run 0 "${mpirun[@]}" -n 3 "$tessera" sweep "${sweep[@]}" --jobs 2 -o three
has "$out" '; 29 were known$'
equal "$(diff -r one three)" ''

# Killed under mpirun, the first process or another, it goes on alone.
cat >noted.sh <<'END'
#!/bin/sh
echo $$ >"pid.$OMPI_COMM_WORLD_RANK"
exec "$@"
END
chmod +x noted.sh
long=("${sweep[@]}" --set "sfu.lanes=16..128+16")
for rank in 0 1; do
    rm -rf killed
    "${mpirun[@]}" -n 2 ./noted.sh "$tessera" sweep "${long[@]}" -o killed >log 2>&1 &
    pid=$!
    until [ -e killed/points.jsonl ] && [ "$(wc -l <killed/points.jsonl)" -gt 3 ]; do
        [ -d "/proc/$pid" ] || fail "$(cat log)"
        sleep 0.01
    done
    kill -9 "$(cat "pid.$rank")"
    wait "$pid" && fail 'mpirun was to fail'
    known=$(($(wc -l <killed/points.jsonl) - 1))
    [ ! -e killed/sweep.csv ] || fail 'a sweep that was killed has results'
    run 0 "$tessera" sweep "${long[@]}" -o killed
    has "$out" "; $known were known$"
done
run 0 "$tessera" sweep "${long[@]}" -o unkilled
equal "$(diff -r killed unkilled)" ''

# Bad input: one line of ours, whatever mpirun adds.
run 2 "${mpirun[@]}" -n 2 "$tessera" sweep rapid resnet50 --set array.rows=x -o bad
equal "$(grep '^tessera' <<<"$err")" \
    "tessera sweep: --set: array.rows is 'x'; it must be a power of two from 1 to 64"
[ ! -e bad ] || fail 'a directory was made'

# Each process has files of its own: here the second has another design.
cat >differ.sh <<'END'
#!/bin/sh
[ "$OMPI_COMM_WORLD_RANK" = 0 ] && design=rapid || design=$3
exec "$1" sweep "$design" resnet50 --set array.rows=8 -o "$2"
END
chmod +x differ.sh
run 2 "${mpirun[@]}" -n 2 ./differ.sh "$tessera" differ tiny
has "$err" '^tessera sweep: process 1 of mpirun: its design, workload or version is another one$'
run 2 "${mpirun[@]}" -n 2 ./differ.sh "$tessera" differ nope
has "$err" '^tessera sweep: process 1 of mpirun: nope: no such file'

# Built without MPI.
run 0 "$alone" "${sweep[@]}" -o alone
equal "$(diff -r one alone)" ''
run 1 env OMPI_COMM_WORLD_SIZE=2 "$alone" "${sweep[@]}" -o two
equal "$err" 'tessera sweep: was built without MPI; start it without mpirun, with --jobs'
