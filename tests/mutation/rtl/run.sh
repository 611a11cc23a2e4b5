#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD [-n MUTANTS] [-v VECTORS] [-s SECONDS] [-j JOBS] [-o DIRECTORY] [BLOCK...]
# Mutants of the RTL against each block's vectors; ../README.md says what is done and why.
set -euo pipefail
usage='usage: run.sh BUILD [-n MUTANTS] [-v VECTORS] [-s SECONDS] [-j JOBS] [-o DIRECTORY] [BLOCK...]'
source=$(realpath "$(dirname "$0")/../../..")
build=$(realpath "${1:?$usage}")
shift
mutants=500 vectors=1000000 seconds=240 jobs=$(nproc) output=$build/mutation/rtl only_run=
while getopts rn:v:s:j:o: option; do
    case $option in
    r) only_run=yes ;; # one block, without the table
    n) mutants=$OPTARG ;;
    v) vectors=$OPTARG ;;
    s) seconds=$OPTARG ;; # of processor time, after which no proof of a block's survivor begins
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

seed=1
harness=$source/tests/mutation/rtl/harness.awk
proof_seconds=15     # of processor time, for one survivor
more=10              # times the vectors, for those whose logic is not the same
settled=4            # clocks after which nothing is left of a state that is not reached

# mutant NUMBER: its Yosys command, without the select input.
mutant()
{
    sed -n "$1s/ -ctrl mutant 16 [0-9]*//p" mutants.txt
}

make_mutants()
{
    {
        read_block "$block" "$label"
        cat <<END
prep -flatten -top $block
memory_map
opt_dff -nosdff
opt_clean
rename -top netlist
mutate -list $mutants -seed $seed -ctrl mutant 16 1 -o mutants.txt
script mutants.txt
write_rtlil mutants.il
# By bits: a mutant may feed one bit of a word from another one's fan-out.
splitnets
opt_clean
write_verilog -noattr mutants.v
END
    } | yosys_run mutants
}

# run_mutants VECTORS NUMBER...: with the same seed, so that more vectors begin with the fewer.
run_mutants()
{
    "$netlist" run "$conf" "$label" ./mutants.so "$1" "$seed" "${@:2}"
}

# The registers cut out: what they hold becomes inputs, what they are to hold next, outputs.
cut_registers()
{
    yosys_run cut <<END
read_rtlil mutants.il
dffunmap
read_verilog $netlist_tests/ff.v
simplemap t:\$dff
techmap -map $netlist_tests/cut.v
splitnets -ports -format __v
rename -enumerate -pattern ff% t:ffcut
opt_clean -purge
expose -evert netlist/t:ffcut
opt_clean -purge
write_rtlil cut.il
END
}

# make_aig NAME: of module miter in NAME.sv, with its modules from standard input. Both are of the
# same netlist, so that what no mutant changes is the same logic in both.
make_aig()
{
    {
        cat
        cat <<END
read_verilog -sv $1.sv
hierarchy -check -top miter
proc
flatten
opt -fast
techmap
setundef -zero
opt -fast
dfflegalize -cell \$_DFF_P_ 01
aigmap
setundef -zero
opt_clean
write_aiger -symbols $1.aig
END
    } | yosys_run "$1"
}

# The questions to ABC, each for all mutants: the harness without clocks, in $settled clocks, and
# the block as it is.
make_questions()
{
    local always
    always=$("$netlist" always "$conf" "$label" | tr '\n' ' ')
    awk -v clocks=0 -f "$harness" cut.il >logic.sv
    echo "read_rtlil cut.il" | make_aig logic
    "$netlist" mutant_miter "$conf" "$label" >clocks.sv
    make_aig clocks <<END
read_rtlil mutants.il
copy netlist gold
copy netlist gate
delete netlist
END
    frames=$("$netlist" frames "$conf" "$label")
    [ "$frames" -gt 0 ] && return
    awk -v clocks="$settled" -v always="$always" -f "$harness" cut.il >reached.sv
    echo "read_rtlil cut.il" | make_aig reached
}

# proved NAME NUMBER COMMANDS: whether ABC shows that NAME.aig, with that mutant, is never 1.
proved()
{
    local bit select=
    for ((bit = 0; bit < 16; bit++)); do
        select+="cof mutant_i[$bit] $(($2 >> bit & 1)); "
    done
    (
        ulimit -t "$proof_seconds"
        berkeley-abc -c "read_aiger $1.aig; logic; $select $3" >"$1.$2.proof" 2>&1
    ) || true
    grep -q -e '^UNSATISFIABLE' -e '^Property proved' "$1.$2.proof"
}

# Whether a mutant's logic is the same, from any state to any output and next state.
same_logic()
{
    proved logic "$1" "strash; orpos; iprove"
}

# in_clocks NAME NUMBER CLOCKS: that many clocks, with registers that start with any bits.
in_clocks()
{
    proved "$1" "$2" "undc; strash; frames -i -F $3; orpos; iprove"
}

# Whether no output that counts ever differs, in $frames clocks or, where there is state, for ever.
# AIGs know no clock, so nothing is said of a mutant of one.
never_differs()
{
    [[ $(mutant "$1") != *' -port CLK '* ]] || return 1
    if [ "$frames" -gt 0 ]; then
        in_clocks clocks "$1" "$frames"
    else
        in_clocks reached "$1" $((settled + 1)) ||
            proved clocks "$1" "undc; strash; scorr; pdr"
    fi
}

# What holds of a mutant that vectors have killed is no proof.
check_proofs()
{
    local number
    for number in $(jq --argjson total "$1" '([range($total)] | map(. + 1)) - .alive | .[:3][]' all.json); do
        if same_logic "$number" || never_differs "$number"; then
            die "$block: mutant $number is proved equivalent, and vectors tell it from the block"
        fi
    done
}

# Sets spent: seconds of processor time of what this shell has run. A subshell would count its own.
get_spent()
{
    times >times.txt
    spent=$(awk 'NR == 2 { gsub("[ms]", " "); print int($1 * 60 + $2 + $3 * 60 + $4) }' times.txt)
}

numbers()
{
    jq -r '.alive[]' "$1"
}

# One block, in its directory; the result is result.json.
mutate_block()
{
    block=$1 conf=$source/tests/blocks/$1.conf
    label=$(conf_line "$block" mutation)
    label=${label:--}
    enter "$output/$block"
    make_mutants
    local total proved=() open=() rest=() number begin spent
    total=$(wc -l <mutants.txt)
    if [ "$total" -gt 0 ]; then
        "$netlist" mutants "$conf" "$label" >bench.sv
        cut_registers
        make_questions
        verilate mutants.v bench.sv ./mutants.so
        # shellcheck disable=SC2046 # numbers
        run_mutants "$vectors" $(seq "$total") >all.json
        check_proofs "$total"
        for number in $(numbers all.json); do
            if same_logic "$number"; then
                proved+=("$number")
            else
                rest+=("$number")
            fi
        done
        if [ "${#rest[@]}" -gt 0 ]; then
            run_mutants $((more * vectors)) "${rest[@]}" >rest.json
            mapfile -t rest < <(numbers rest.json)
        fi
        get_spent
        begin=$spent
        for number in "${rest[@]}"; do
            get_spent
            if [ $((spent - begin)) -lt "$seconds" ] && never_differs "$number"; then
                proved+=("$number")
            else
                open+=("$number")
            fi
        done
    fi
    for number in "${open[@]}"; do
        mutant "$number"
    done >open.txt
    jq -n --arg block "$block" --arg configuration "$label" --argjson total "$total" \
        --argjson equivalent "${#proved[@]}" --argjson seed "$seed" --rawfile open open.txt \
        '($open | split("\n") | map(select(. != ""))) as $open |
         ($total - $equivalent) as $counted |
         {$block, $configuration, $seed, mutants: $total, $equivalent,
          killed: ($counted - ($open | length)), $open,
          score: (if $counted == 0 then null else 1 - ($open | length) / $counted end)}' >result.json
}

print_table()
{
    printf '%-20s %-18s %8s %8s %11s %6s %8s\n' block configuration mutants killed equivalent open score
    jq -r '.[] | [.block, .configuration, .mutants, .killed, .equivalent, (.open | length),
           (if .score == null then "no gates" else (.score * 10000 | floor / 100) end)] | @tsv' "$1" |
        while IFS=$'\t' read -ra row; do
            printf '%-20s %-18s %8s %8s %11s %6s %8s\n' "${row[@]}"
        done
}

need_tools yosys:yosys berkeley-abc:berkeley-abc verilator:verilator c++:g++ jq:jq

mapfile -t blocks < <(list_blocks "$@")
mkdir -p "$output"
output=$(realpath "$output")
if [ "$only_run" ]; then
    mutate_block "${blocks[0]}"
    exit
fi
printf '%s\n' "${blocks[@]}" | xargs -P "$jobs" -I BLOCK \
    "$0" "$build" -r -n "$mutants" -v "$vectors" -s "$seconds" -o "$output" BLOCK || true
cd "$output"
for block in "${blocks[@]}"; do
    [ ! -e "$block/result.json" ] || cat "$block/result.json"
done | jq -s . >mutation.json
print_table mutation.json
# Every survivor was shown to be equivalent, but for one in a hundred.
jq -e --argjson blocks "${#blocks[@]}" \
    'length == $blocks and all(.score == null or .score >= 0.99)' mutation.json >/dev/null ||
    die "mutation: below 99 %; $output/BLOCK/result.json names the mutants that live"
