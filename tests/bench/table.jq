# SPDX-License-Identifier: Apache-2.0
# Google Benchmark's JSON to a table: GMAC/s, and the ratio to sgemm of the same shape and threads.
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def fixed(digits): . * pow(10; digits) | round / pow(10; digits) | tostring;
def pad(n): tostring | . + " " * ([n - length, 1] | max);

.context as $context
| [.benchmarks[] | select(.run_type == "iteration" and .error_occurred != true)
   | {name: (.name | sub("/real_time.*"; "")), mac: .MAC}]
| group_by(.name) | map({name: .[0].name, mac: (map(.mac) | median)})
| (map({key: .name, value: .mac}) | from_entries) as $rate
| map(.path = (.name | split("/"))) as $all
| [$all[] | select((.path | length) == 3 and .path[0] != "sgemm")
   | .ratio = .mac / $rate["sgemm/\(.path[1])/\(.path[2])"]] as $runs
| "OpenBLAS as \($context.openblas), kernels \($context.tessera_isa), load \($context.load_avg | map(tostring) | join(" "))",
  "", "peak of a core                GMAC/s",
  ($all[] | select(.path[0] == "peak") | "\(.path[1] | pad(30))\(.mac / 1e9 | fixed(1))"),
  "", "kernel                 shape              threads  GMAC/s     x sgemm",
  ($all[] | select(.path[0] == "sgemm")
   | "\("sgemm" | pad(23))\(.path[1] | pad(19))\(.path[2] | pad(9))\(.mac / 1e9 | fixed(1))"),
  ($runs[] | "\(.path[0] | pad(23))\(.path[1] | pad(19))\(.path[2] | pad(9))\(.mac / 1e9 | fixed(1) | pad(11))\(.ratio | fixed(2))"),
  "", "median over shapes     threads  x sgemm   x plain",
  ($runs | group_by([.path[0], .path[2]])[]
   | .[0].path as $p
   | ($rate["plain/\($p[0])"]) as $plain
   | "\($p[0] | pad(23))\($p[2] | pad(9))\(map(.ratio) | median | fixed(2) | pad(10))\(if $plain then (map(.mac) | median) / $plain | round else "" end)")
