#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera workload` and `tessera import` as a user types them.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
tessera=$1
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
cd "$scratch"

run 0 "$tessera" workload
has "$out" '^resnet50 +128 +25557032 +4\.089 '
run 0 "$tessera" workload --json
equal "$(jq -r 'length' <<<"$out")" 9

run 0 "$tessera" workload resnet18
has "$out" '^  stage2\.1\.conv_shortcut +conv +64x56x56 +128x28x28 +1x1 +2x2 +1 +8192 '
has "$out" '^parameters +11689512$'
has "$out" '^forward, a sample +1814073344 MACs, 1\.814 G$'
has "$out" '^1x1 convolutions +[0-9.]+ % of a step'

# The JSON adds up, and what is written and edited is read.
run 0 "$tessera" workload --json mobilenet_v2 --batch 4
equal "$(jq '[.layers[].gemms // {} | .[].macs] | add == ([$j.macs[]] | add)' \
    --argjson j "$out" <<<"$out")" true
equal "$(jq 'all(.layers[].gemms // {} | .[]; .macs == .m * .n * .k * .count)' <<<"$out")" true
equal "$(jq '[.layers[].parameters] | add == $j.parameters' --argjson j "$out" <<<"$out")" true
run 0 "$tessera" workload mobilenet_v2 --batch 4 -o net.json
equal "$out" ''
from_name=$("$tessera" workload --json mobilenet_v2 --batch 4)
equal "$("$tessera" workload --json net.json)" "$from_name"
jq '.layers |= .[0:3] | .batch = 2' net.json >edited.json
run 0 "$tessera" workload edited.json --batch 8
has "$out" '^batch 8, 3 layers'

printf '%s\n' 'Layer, M, N, K,' 'a, 2, 3, 4,' >gemm.csv
run 0 "$tessera" import gemm.csv --batch 5 -o gemm.json
equal "$("$tessera" workload --json gemm.json | jq -c '.layers[0].gemms.fwd')" \
    '{"m":10,"n":3,"k":4,"count":1,"macs":120}'
run 0 "$tessera" import gemm.csv
equal "$(jq -r .name <<<"$out")" gemm

expect_error()
{
    local status=$1 pattern=$2
    shift 2
    run "$status" "$tessera" "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
printf '%s\n' 'Layer, M, N, K,' 'a, 2, 3, x,' >bad.csv
cp gemm.json kept.json
expect_error 1 "^tessera import: bad.csv: line 2: K is 'x'" import bad.csv -o gemm.json
cmp gemm.json kept.json
equal "$(find . -name '*.partial*')" ''
expect_error 1 "none.csv: cannot be opened" import none.csv
node='{"parent": 1, "inputs": [], "input_shapes": [[2, 3], [3, 4]],'
echo "{\"nodes\": [$node \"id\": 1, \"name\": \"root\"}, $node \"id\": 2, \"name\": \"aten::mm\"},
    $node \"id\": 3, \"name\": \"aten::_int_mm\"}]}" >trace.json
run 0 "$tessera" import trace.json
equal "$(jq '.layers | length' <<<"$out")" 1
equal "$err" 'tessera import: warning: trace.json: left out, as it is not known what they multiply: 1 of aten::_int_mm'
expect_error 1 "bad.csv: line 1, column 1: not JSON" workload bad.csv
expect_error 1 "'resnet' is no file, and no shipped network; there are bert_base" workload resnet
expect_error 1 "above 16777216" workload bert_base --batch 16777216
expect_error 1 "no/where.json" workload resnet18 -o no/where.json
expect_error 2 'one NETWORK or FILE' workload a b
expect_error 2 'one NETWORK or FILE' workload --batch 3
expect_error 2 'one FILE is needed' import
expect_error 2 '--batch' import --batch 0 gemm.csv
for verb in workload import; do
    run 0 "$tessera" "$verb" --summary
    equal "$(lines "$out")" 1
    run 0 "$tessera" "$verb" --help
    has "$out" '^[Ee]xample'
    run 2 "$tessera" "$verb" --none
done
run 1 sh -c "'$tessera' workload > /dev/full"
has "$err" 'cannot write'
run 1 sh -c "'$tessera' import gemm.csv > /dev/full"
has "$err" 'cannot write'
