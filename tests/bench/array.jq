# SPDX-License-Identifier: Apache-2.0
# Google Benchmark's JSON to a table: cycles of an array per second, and whether that is the goal.
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def pad(n): tostring | . + " " * ([n - length, 1] | max);

"", "array of 8x8x1x8       cycles/s    goal",
([.benchmarks[] | select(.run_type == "iteration")] | group_by(.name | sub("/repeats.*"; ""))[]
 | .[0] as $first
 | if any(.error_occurred == true) then "\($first.name | pad(23))failed: \($first.error_message)"
   else (map(.cycles_per_second) | median | round) as $rate
       | "\($first.name | pad(23))\($rate | pad(12))\($first.goal | round | pad(9))"
           + (if $rate >= $first.goal then "reached" else "NOT REACHED" end)
   end)
