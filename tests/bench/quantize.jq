# SPDX-License-Identifier: Apache-2.0
# Google Benchmark's JSON to a table: ns per element, and how many times as fast as the golden one.
def median: sort | .[length / 2 | floor];
def fixed(digits): . * pow(10; digits) | round / pow(10; digits) | tostring;
def pad(n): tostring | . + " " * ([n - length, 1] | max);

[.benchmarks[] | select(.run_type == "iteration")
 | {name: (.name | split("/")), rate: .items_per_second}]
| group_by(.name) | map({quantizer: .[0].name[0], isa: .[0].name[1], rate: (map(.rate) | median)})
| (map(select(.isa == "golden") | {key: .quantizer, value: .rate}) | from_entries) as $golden
| "quantizer           kernels       ns/element  x golden",
  (.[] | "\(.quantizer | pad(20))\(.isa | pad(14))\(1e9 / .rate | fixed(2) | pad(12))\(.rate / $golden[.quantizer] | fixed(1))")
