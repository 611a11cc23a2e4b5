#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# resume_test.sh TESSERA OTHER: a sweep that is killed, whenever and whoever, goes on where it was.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 other=$2
directory=$(mktemp -d)
trap 'kill -9 $(jobs -p) 2>/dev/null || true; rm -rf "$directory"' EXIT
cd "$directory"
seed=${TESSERA_SEED:-$RANDOM}
echo "TESSERA_SEED=$seed"
RANDOM=$seed

# Not by a program that counts otherwise.
run 0 "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o l1
run 1 "$other" tiny tiny_conv --set l1.kib=4,8 -o l1
has "$err" 'l1/points.jsonl: is of another sweep'
rm -r l1

points=1200
sweep=("$tessera" sweep rapid resnet50 --set "dram.latency_ns=1..$points+1")

# whole FILE: its whole lines but the first.
whole()
{
    echo $(($(wc -l <"$1") - 1))
}

# until_lines N: waits until the sweep in the background has so many points, or has ended.
until_lines()
{
    while [ -d "/proc/$pid" ] && { [ ! -e run/points.jsonl ] || [ "$(wc -l <run/points.jsonl)" -le "$1" ]; }; do
        sleep 0.01
    done
}

# last N: a directory in which so many points are left to do.
last()
{
    rm -rf run
    mkdir run
    head -n $((points + 1 - $1)) whole/points.jsonl >run/points.jsonl
}

run 0 "${sweep[@]}" --jobs 2 -o whole
known=0 in_time=0

# ---- kill -9, at random moments: no line is lost, none is worked out again ----

for jobs in 1 3 2 4; do
    "${sweep[@]}" --jobs "$jobs" -o run >/dev/null 2>&1 &
    pid=$!
    until_lines $((known + RANDOM % 60))
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    now=$(whole run/points.jsonl)
    [ "$now" -ge "$known" ] || fail "$known points were known, $now are"
    known=$now
    [ "$known" -lt "$points" ] || break # too late
    in_time=$((in_time + 1))
    [ ! -e run/sweep.csv ] || fail 'a sweep that was killed has results'
    equal "$(tail -n +2 run/points.jsonl | grep -o '^{"point":[0-9]*' | sort -u | wc -l)" \
        "$(tail -n +2 run/points.jsonl | grep -c '^{"point":')"
    # Half a line, as a kill within a write leaves it.
    head -c $((RANDOM % 300 + 1)) <(sed -n '$p' whole/points.jsonl) >>run/points.jsonl
done
[ "$in_time" -gt 0 ] || fail 'no kill was in time'
run 0 "${sweep[@]}" -o run
has "$out" "; $known were known$"
equal "$(diff -rq whole run)" ''

# ---- A damaged line is worked out again; half a first line is none ----

sed -i -e '10s/"cycles":/"cycles";/' -e '20s/ok/?/' -e '30s/}$//' run/points.jsonl
run 0 "${sweep[@]}" -o run
has "$err" 'run/points.jsonl: damaged lines: 3; their points are worked out again'
has "$out" "; $((points - 3)) were known$"
equal "$(diff -rq whole run)" ''
last 100
run 0 "${sweep[@]}" -o run
has "$err" "^tessera sweep: $((points - 100)) of $points points are known$"
equal "$(diff -rq whole run)" ''
small=("$tessera" sweep tiny tiny_conv --set 'l0.kib=1,2')
run 0 "${small[@]}" -o small
mkdir half
head -c 50 small/points.jsonl >half/points.jsonl
run 0 "${small[@]}" -o half
has "$out" '; 0 were known$'
equal "$(diff -r small half)" ''

# ---- A point whose process dies is a row; the next run tries it again ----

last 1000
"${sweep[@]}" --jobs 2 -o run >out.txt 2>err.txt &
pid=$!
until_lines $((points - 1000 + 5))
kill -STOP "$pid"
worker=$(tr ' ' '\n' <"/proc/$pid/task/$pid/children" | head -1)
kill -STOP "$worker"
kill -CONT "$pid"
until_lines $(($(whole run/points.jsonl) + 20)) # by now it has been given a point
kill -9 "$worker"
status=0
wait "$pid" || status=$?
equal "$status" 1
has "$(cat err.txt)" '^tessera sweep: of 1 points the processes died, as their rows say; the same command tries them again$'
equal "$(grep -c ',crashed,' run/sweep.csv)" 1
has "$(cat run/sweep.csv)" ',crashed,.*,the process at work on it died of signal 9 [(]Killed[)]$'
equal "$(jq '[.points[] | select(.status != "ok")] | length' run/sweep.json)" 1
equal "$(whole run/points.jsonl)" $((points - 1))
run 0 "${sweep[@]}" -o run
has "$out" "; $((points - 1)) were known$"
equal "$(diff -rq whole run)" ''

# ---- Two at the same sweep ----

last 100
"${sweep[@]}" --jobs 1 -o run >/dev/null 2>&1 &
pid=$!
until_lines $((points - 100 + 1)) # one more: it has the lock
kill -STOP "$pid"
run 1 "${sweep[@]}" -o run
equal "$err" 'tessera sweep: run/points.jsonl: another process is at this sweep'
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
run 0 "${sweep[@]}" -o run
equal "$(diff -rq whole run)" ''
