#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Lints each module of rtl/ with Verilator (lint.vlt holds the waivers) and elaborates it with Yosys.
set -euo pipefail
cd "$(dirname "$0")"

mapfile -t packages < <(grep -lE '^package ' -- *.sv)
mapfile -t modules < <(grep -lE '^module ' -- *.sv)
status=0

complain()
{
    echo "rtl/$1"
    status=1
}

for file in "${modules[@]}"; do
    module=$(basename "$file" .sv)
    grep -qE "^module $module\b" "$file" || complain "$file: the module is not named as the file"
    [ "$(grep -cE '^module ' "$file")" -eq 1 ] || complain "$file: more than one module"
    verilator --lint-only -Wall --top-module "$module" lint.vlt "${packages[@]}" -y . "$file" ||
        complain "$file: verilator --lint-only"
    # A latch or a combinational loop is never meant.
    yosys -q -p "read_verilog -sv ${packages[*]} ${modules[*]}; hierarchy -check -top $module;
        proc; select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; check -assert" ||
        complain "$file: yosys"
done
exit $status
