#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh [TESSERA]: Verilator's lint (lint.vlt holds the waivers) and Yosys' elaboration, module by
# module; with the tessera command also at both ends of the range of every parameter of every block.
set -euo pipefail
tessera=${1:+$(realpath "$1")}
cd "$(dirname "$0")"

mapfile -t packages < <(grep -lE '^package ' -- *.sv)
mapfile -t modules < <(grep -lE '^module ' -- *.sv)
status=0

complain()
{
    echo "rtl/$1"
    status=1
}

# An array is linted small: the same code, in minutes less.
declare -A small=(
    [mac_array]='Rows=2 Cols=2 Simd=2 Lanes=2 Chunk=8 Depth=4'
    [mac_array_os]='Rows=2 Cols=2 Simd=2 Lanes=2 Chunk=8'
    [mac_column]='Rows=2 Simd=2 Lanes=2 Chunk=8 Depth=4'
    [mpe]='Simd=2 Lanes=4 Chunk=8'
    [mpe_os]='Simd=2 Lanes=4 Chunk=8'
)

# lint MODULE [PARAMETER=VALUE]
lint()
{
    local module=$1 extra=${2-} override=() chparam='' what="$1.sv ${2-}" assignment
    for assignment in ${small[$module]-} $extra; do
        # A later value of a parameter replaces an earlier one.
        override=("${override[@]/#-G${assignment%%=*}=*/}")
        override+=("-G$assignment")
        chparam+="chparam -set ${assignment%%=*} ${assignment#*=} $module; "
    done
    mapfile -t override < <(printf '%s\n' "${override[@]}" | grep . || true)
    verilator --lint-only -Wall --top-module "$module" "${override[@]}" lint.vlt "${packages[@]}" \
        -y . "$module.sv" || complain "$what: verilator --lint-only"
    # A latch or a combinational loop is never meant.
    # chparam, as hierarchy's own -chparam trips over an assertion of Yosys 0.23.
    yosys -q -p "read_verilog -sv -defer ${packages[*]} ${modules[*]};
        $chparam hierarchy -check -top $module; proc;
        select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; check -assert" ||
        complain "$what: yosys"
}

# Yosys 0.23 reads '1 as the value of a parameter as one, where Verilator sees all ones.
if grep -nE "(localparam|parameter) .*= *'1" -- *.sv; then
    complain "a parameter is '1: write {Width{1'b1}}"
fi

for file in "${modules[@]}"; do
    module=$(basename "$file" .sv)
    grep -qE "^module $module\b" "$file" || complain "$file: the module is not named as the file"
    [ "$(grep -cE '^module ' "$file")" -eq 1 ] || complain "$file: more than one module"
    lint "$module"
done

[ -n "$tessera" ] || exit $status
while read -r block parameter value; do
    if [ ! -e "$block.sv" ]; then
        complain "$block.sv: missing, but the models have this block"
    elif [[ ${small[$block]-} != *"$parameter="* ]]; then # else: the size of an array
        read -ra shape <<<"${small[$block]-}"
        if "$tessera" blocks "$block" "${shape[@]}" "$parameter=$value" >/dev/null 2>&1; then
            lint "$block" "$parameter=$value" # else: does not fit the other values
        fi
    fi
done < <("$tessera" blocks --json |
    jq -r '.[] | .name as $block | .parameters[] | . as $p | [.min, .max][] |
           select(. != $p.preset) | "\($block) \($p.name) \(.)"')
exit $status
