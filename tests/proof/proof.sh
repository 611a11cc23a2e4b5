#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# proof.sh BUILD [-v VECTORS] [-s SECONDS] [-f FAULT] [-j JOBS] [-o DIRECTORY] [BLOCK...]
# RTL = netlist in two links, block by block; README.md says what is proved and how.
# FAULT is one gate's fault that must be found: pre (before mapping) or post (in the mapped netlist).
set -euo pipefail
usage='usage: proof.sh BUILD [-v VECTORS] [-s SECONDS] [-f pre|post] [-j JOBS] [-o DIRECTORY] [BLOCK...]'
source=$(realpath "$(dirname "$0")/../..")
build=$(realpath "${1:?$usage}")
shift
vectors=100000 seconds=30 fault='' jobs=$(nproc) output=$build/proof only_run=
while getopts rv:s:f:j:o: option; do
    case $option in
    r) only_run=yes ;; # one block, without the table
    v) vectors=$OPTARG ;;
    s) seconds=$OPTARG ;; # of processor time, for each attempt of a proof
    f) fault=$OPTARG ;;
    j) jobs=$OPTARG ;;
    o) output=$OPTARG ;;
    *)
        echo "$usage" >&2
        exit 2
        ;;
    esac
done
shift $((OPTIND - 1))
# shellcheck source=tests/netlist/netlist.sh
. "$source/tests/netlist/netlist.sh"

here=$source/tests/proof
flow=$source/reports/synth/flow/synth.ys.in
liberty=${TESSERA_LIBERTY:-/usr/share/qflow/tech/osu018/osu018_stdcells.lib}

# fault_at WHERE MODULE FILTER...: the Yosys command of a fault, if it is asked for there.
fault_at()
{
    [ "$fault" != "$1" ] || printf 'mutate -list 1 -seed 7 -mode inv -module %s %s -o fault.ys
script fault.ys\n' "$2" "${*:3}"
}

# The flow of reports/synth, of RTL that the first lines of standard input read. Flip-flops get
# names, and what is there before mapping is kept.
synthesize()
{
    local top=$1 script
    script=$(sed -e "s,@BLOCK@,$top,; s,@LIBERTY@,library.lib,; s,@PERIOD_PS@,5000,; s,@CONSTRAINTS@,," \
        -e '/^#/d; /^read_verilog/d; /^@PARAMETERS@/d; /^hierarchy/d' "$flow")
    {
        cat
        sed '/^rename -top/Q' <<<"$script"
        cat <<END
rename -enumerate -pattern ff_% t:\$_*DFF*
rename -top netlist
write_rtlil pre.il
END
        sed -n '/^rename -top/,$p' <<<"$script"
    } | yosys_run synth
}

# The RTL as it was elaborated, module gold in gold.il, and before mapping, gate in gate.il.
elaborate()
{
    {
        cat
        cat <<END
proc
flatten
opt_clean
memory_map
dffunmap
rename -top gold
write_rtlil gold.il
design -reset
read_rtlil pre.il
rename -top gate
$(fault_at pre gate)
write_rtlil gate.il
END
    } | yosys_run elaborate
}

# prove NAME FRAMES FROM: output of module miter 0 in frames from FROM on, from any state.
prove()
{
    yosys_run "$1" <<END
$(cat)
flatten
opt_clean
techmap
opt_clean
dfflegalize -cell \$_DFF_P_ 01
aigmap
opt_clean
write_aiger $1.aig
END
    (
        ulimit -t "$seconds"
        berkeley-abc -c "read_aiger $1.aig; undc; strash; frames -i -F $2; $3 iprove" >"$1.proof" 2>&1
    ) || true
    verdict "$1.proof" '^UNSATISFIABLE' '^SATISFIABLE'
}

# verdict FILE PROVED FAILED: by what is written there.
verdict()
{
    if grep -q "$2" "$1"; then echo proved; elif grep -q "$3" "$1"; then echo failed; else echo open; fi
}

# The whole block without state: every output that counts, as README.md says.
window()
{
    prove window "$1" 'orpos;' <<END
read_rtlil gold.il
read_rtlil gate.il
read_verilog -sv miter.sv
hierarchy -check -top miter
proc
END
}

# With state: registers of one name are equal, by induction.
induction()
{
    local unpaired
    # What a register gets need not be paired, and synthesis may change it where it does not count.
    sed -n 's/^  wire.* \\\([^ ]*_d\)$/\1/p' gold.il | sort -u >next_states.txt
    for unpaired in "-blacklist next_states.txt" ""; do
        (
            ulimit -t "$((10 * seconds))"
            yosys -q -l equiv.log -p "
                read_rtlil gold.il; techmap; read_rtlil gate.il
                opt_clean -purge gate; dffunmap; techmap
                equiv_make $unpaired gold gate equiv; hierarchy -top equiv; opt_clean
                equiv_struct; equiv_simple; equiv_induct; equiv_status" >equiv.out 2>&1
        ) || true
        ! grep -q 'Equivalence successfully proven' equiv.log || break
    done
    verdict equiv.log 'Equivalence successfully proven' 'never'
}

# A small module, all outputs; in a directory of its own. Without state after more clocks than it
# has stages, with state as the block is proved.
small()
{
    enter "$PWD/small"
    ln -s "$liberty" library.lib
    read_module "$@" >read.ys
    synthesize "$1" <read.ys
    elaborate <read.ys
    if [ "$frames" -eq 0 ]; then
        induction
        return
    fi
    prove small 8 'cone -O 7;' <<END
read_rtlil gold.il
read_rtlil gate.il
miter -equiv -flatten gold gate miter
hierarchy -top miter
END
}

# The netlist before mapping on the block's vectors, against the golden C model.
simulate()
{
    yosys_run vectors <<END
read_rtlil gate.il
rename -top netlist
splitnets
opt_clean
write_verilog -noattr pre.v
END
    "$netlist" bench "$conf" "$label" >bench.sv
    verilate pre.v bench.sv ./pre.so
    "$netlist" run "$conf" "$label" ./pre.so "$vectors" 1 2>vectors.err || echo null
}

# Before = after mapping, with the flip-flops cut out by their names.
mapped()
{
    yosys_run pre <<END
read_rtlil pre.il
dfflegalize -cell \$_DFF_P_ 01
read_verilog $netlist_tests/ff.v
techmap -map $here/wrap.v
flatten
splitnets -ports -format __v
opt_clean -purge
expose -evert netlist/t:ffcut
opt_clean -purge
aigmap
write_aiger -symbols pre.aig
END
    yosys_run post <<END
read_liberty -ignore_miss_func library.lib
read_verilog $netlist_tests/ff.v
techmap -map $netlist_tests/cut.v
rename -enumerate -pattern ff% t:ffcut
read_verilog netlist.v
hierarchy -check -top netlist_top
$(fault_at post netlist_top -port Y)
flatten
opt_clean -purge
expose -evert netlist_top/t:ffcut
techmap
aigmap
opt_clean -purge
write_aiger -symbols post.aig
END
    (
        ulimit -t "$((4 * seconds))"
        berkeley-abc -c 'cec pre.aig post.aig' >cec.log 2>&1
    ) || true
    verdict cec.log '^Networks are equivalent' '^Networks are NOT EQUIVALENT'
}

now()
{
    date +%s.%N
}

# One block, in its directory; the result is result.json.
prove_block()
{
    block=$1 conf=$source/tests/blocks/$1.conf
    local start full frames words=() at=full run link_a link_b
    label=$(conf_line "$block" mutation)
    label=${label:--}
    enter "$output/$block"
    ln -s "$liberty" library.lib
    start=$(now)
    read_block "$block" "$label" >read.ys
    synthesize "$block" <read.ys
    elaborate <read.ys
    frames=$("$netlist" frames "$conf" "$label")
    "$netlist" miter "$conf" "$label" >miter.sv
    if [ "$frames" -gt 0 ]; then full=$(window "$frames"); else full=$(induction); fi
    link_a=$full
    read -ra words <<<"$(conf_line "$block" proof)"
    if [ "$full" = open ] && [ ${#words[@]} -gt 0 ]; then
        [[ ${words[0]} != *=* ]] || words=("$block" "${words[@]}")
        at="${words[*]}"
        link_a=$(small "${words[@]}")
    fi
    run=$(simulate)
    link_b=$(mapped)
    jq -n --arg block "$block" --arg configuration "$label" --arg link_a "$link_a" --arg at "$at" \
        --argjson run "$run" --arg link_b "$link_b" \
        --argjson seconds "$(jq -n "$(now) - $start | floor")" \
        '{$block, $configuration, rtl_netlist: {result: $link_a, size: $at, vectors: $run.vectors},
          netlist_mapped: {result: $link_b}, $seconds}' >result.json
}

print_table()
{
    local format='%-20s %-18s %-7s %-40s %9s  %-7s\n'
    # shellcheck disable=SC2059
    printf "$format" block configuration RTL=pre size vectors pre=post
    jq -r '.[] | [.block, .configuration, .rtl_netlist.result, .rtl_netlist.size,
           .rtl_netlist.vectors // "differ", .netlist_mapped.result] | @tsv' "$1" |
        while IFS=$'\t' read -ra row; do
            # shellcheck disable=SC2059
            printf "$format" "${row[@]}"
        done
}

need_tools yosys:yosys berkeley-abc:berkeley-abc verilator:verilator c++:g++ jq:jq
[ -r "$liberty" ] || die "$liberty: cannot be read (package qflow-tech-osu018)"
mapfile -t blocks < <(list_blocks "$@")
mkdir -p "$output"
output=$(realpath "$output")
if [ "$only_run" ]; then
    prove_block "${blocks[0]}"
    exit
fi
printf '%s\n' "${blocks[@]}" | xargs -P "$jobs" -I BLOCK \
    "$0" "$build" -r -v "$vectors" -s "$seconds" ${fault:+-f "$fault"} -o "$output" BLOCK || true
for block in "${blocks[@]}"; do
    [ ! -e "$output/$block/result.json" ] || cat "$output/$block/result.json"
done | jq -s . >"$output/proof.json"
print_table "$output/proof.json"
jq -e --argjson blocks "${#blocks[@]}" \
    'length == $blocks and all(.rtl_netlist.result == "proved" and .rtl_netlist.vectors != null and
           .netlist_mapped.result == "proved")' "$output/proof.json" >/dev/null ||
    die "proof: not every link is proved; $output/BLOCK holds the logs"
