#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# file.sh BUILD FILE: the mutants of one C file, one after the other, until its tests fail on each.
# A mutant is a shared object loaded before libtessera, whose symbols it replaces. That of a header
# is made of the C files that units.txt names for it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 file=$2
out=$OUT bin=$build/mutation/c_bin
name=$(basename "$file" .c)
work=$out/work/${file//\//_}
rm -rf "$work"
mapfile -t units < <(sed -n "s|^$file ||p" "$here/units.txt" | tr ' ' '\n')
mutant=$work/include/${file#models/} # comes before the header itself
if [ ${#units[@]} -eq 0 ]; then
    units=("$file")
    mutant=$work/mutant.c
fi
mkdir -p "$work" "$(dirname "$mutant")"

# compiler_of UNIT: how the build compiles it, but for warnings and where from and to; a word a line.
compiler_of()
{
    local words word skip=
    read -ra words < <(jq -r --arg file "$PWD/$1" \
        'first(.[] | select(.file == $file) | .command)' "$build/compile_commands.json")
    for word in "${words[@]}" -w -fPIC "-iquote$work/include" "-I$(dirname "$1")"; do
        case $word in
        -o | -c) skip=1 ;;
        -W*) ;;
        *) [ -n "$skip" ] || echo "$word"; skip= ;;
        esac
    done
}

# Whether this processor has all instructions that a compiler may use.
macros()
{
    gcc "$@" -dM -E -x c /dev/null | cut -d " " -f 2 | sort
}

runs_here()
{
    local flags
    mapfile -t flags < <(grep '^-m' "$1")
    [ -z "$(comm -23 <(comm -23 <(macros "${flags[@]}") <(macros)) <(macros -march=native))" ]
}

for i in "${!units[@]}"; do
    compiler_of "${units[i]}" >"$work/compiler$i"
    if ! runs_here "$work/compiler$i"; then
        echo "$file: not run, as this processor has not the instructions of ${units[i]}" >&2
        jq -n --arg file "$file" '{$file, not_run: true, mutants: []}' \
            >"$out/results/${file//\//_}.json"
        exit 0
    fi
done

# The tests of a file have the label of its block (or "core", for its descriptor) or else of its
# directory, and those in labels.txt.
labels()
{
    case $file in
    models/blocks/*) printf '%s\n' "$name" core ;;
    models/*/isa/*) basename "${file%/isa/*}" ;;
    *) basename "$(dirname "$file")" ;;
    esac
    sed -n "s|^$file ||p" "$here/labels.txt" | tr ' ' '\n'
}

# One line a test: its program, a filter or nothing, the other arguments, its environment. Left out
# are shell scripts, and tests that compare oracles with each other.
jq -r --arg labels "$(labels)" '
    def property($name): .properties[] | select(.name == $name) | .value[];
    .tests[] | select(.command and any(property("LABELS"); IN($labels | splits("\n")))) |
    select((.command[0] | endswith("_test")) and (.name | test("^oracle[.]|fast_oracle") | not)) |
    (.command[1:] | map(select(startswith("--gtest_filter=")))) as $filter |
    [.command[0], ($filter[0] // "" | sub("--gtest_filter="; "")),
     (.command[1:] - $filter | @sh), ([property("ENVIRONMENT")] | @sh)] | join("\u001f")' \
    "$out/tests.json" >"$work/tests"
if [ ! -s "$work/tests" ]; then
    echo "$file: no test has one of the labels: $(labels | tr '\n' ' ')" >&2
    exit 1
fi

# source_of UNIT: what is compiled for it.
source_of()
{
    [ "$1" = "$file" ] && echo "$mutant" || echo "$1"
}

# compile_units OPTION...: compiles the mutant to $work/mutant.so; of the same code mutant.o is the same.
compile_units()
{
    local i compiler objects=()
    for i in "${!units[@]}"; do
        mapfile -t compiler <"$work/compiler$i"
        objects+=("$work/mutant$i.o")
        "${compiler[@]}" "$@" -c "$(source_of "${units[i]}")" -o "${objects[i]}" || return 1
    done
    cat "${objects[@]}" >"$work/mutant.o"
    gcc -shared "$@" -o "$work/mutant.so" "${objects[@]}"
}

build_mutant()
{
    compile_units 2>/dev/null
}

# Under sanitizers, whose library has to be loaded first.
asan=$(gcc -print-file-name=libasan.so)
build_sanitized()
{
    compile_units -fsanitize=address,undefined -fno-sanitize-recover=undefined
}

# run_test SECONDS LIBRARY PROGRAM FILTER ARGUMENTS ENVIRONMENT: its first failed assertion ends it.
run_test()
{
    (
        ulimit -c 0
        ulimit -t "$1"
        [ -z "$4" ] || export "GTEST_FILTER=$4"
        export "GTEST_BREAK_ON_FAILURE=1"
        export ASAN_OPTIONS=allocator_may_return_null=1 # as malloc may
        eval "exec timeout -s KILL $((10 * $1)) env $6 LD_PRELOAD='$2' TESSERA_VECTORS=$TESSERA_VECTORS '$3' $5"
    ) >"$work/log" 2>&1
}

# The tests on the file as it is, with the ms of processor time that each takes; as many as
# take no more than this run as one.
short=200
TIMEFORMAT=%3U
cp "$file" "$mutant"
build_mutant
mv "$work/mutant.o" "$work/original.o"
mv "$work/mutant.so" "$work/original.so"
while IFS=$'\x1f' read -r program filter arguments environment; do
    [ ! -x "$bin/${program##*/}" ] || program=$bin/${program##*/} # the replaceable one
    if ! { time run_test 120 "$work/original.so" "$program" "$filter" "$arguments" \
        "$environment"; } 2>"$work/time"; then
        echo "$file: its tests fail without a mutant: $program $filter" >&2
        cat "$work/log" >&2
        exit 1
    fi
    printf '%s\x1f' "$(tr -d . <"$work/time" | sed 's/^0*\(.\)/\1/')" "$program" "$filter" "$arguments"
    echo "$environment"
done <"$work/tests" >"$work/timed"
sort -n "$work/timed" | awk -F '\x1f' -v OFS='\x1f' -v short=$short '
    $1 < short && $3 { what = $2 OFS $4 OFS $5
                       group[what] += total[what OFS group[what] + 0] + $1 > short
                       key = what OFS group[what] + 0
                       filters[key] = filters[key] (key in filters ? ":" : "") $3
                       total[key] += $1; next }
    { print }
    END { for (key in filters) { split(key, k, OFS)
                                 print total[key], k[1], filters[key], k[2], k[3] } }' |
    sort -n >"$work/commands"

# judge LIBRARY LONGEST SLOWER: sets result, by tests that take at most LONGEST ms, and SLOWER times
# that with the library. What found the last mutant is tried first.
mapfile -t commands <"$work/commands"
judge()
{
    local i time program filter arguments environment status
    result=open
    for i in "${!commands[@]}"; do
        IFS=$'\x1f' read -r time program filter arguments environment <<<"${commands[i]}"
        [ "$time" -le "$2" ] || continue
        status=0
        run_test $((2 + $3 * time / 300)) "$1" "$program" "$filter" "$arguments" "$environment" \
            2>/dev/null || status=$? # the shell would tell of every crash
        [ "$status" -ne 0 ] || continue
        result=killed
        [[ $status != @(124|137|152) ]] || result=timeout
        commands=("${commands[i]}" "${commands[@]:0:i}" "${commands[@]:i+1}")
        return
    done
}

# Whether sanitizers have nothing to say of the file as it is.
sanitized_tried=
judge_original_sanitized()
{
    [ -z "$sanitized_tried" ] || return 0
    sanitized_tried=1
    cp "$mutant" "$work/kept"
    cp "$file" "$mutant"
    build_sanitized
    judge "$asan:$work/mutant.so" 1000 8
    if [ "$result" != open ]; then
        echo "$file: its tests fail under sanitizers without a mutant" >&2
        cat "$work/log" >&2
        exit 1
    fi
    mv "$work/kept" "$mutant"
}

# What equivalent.txt says of this file: a key of text before and after, to its reason.
declare -A declared
while IFS=$'\t' read -r was now why; do
    declared["$was=>$now"]=$why
done < <("$here/declared.sh" "$file")

tried=0
while IFS=$'\t' read -r id line was now && [ "$tried" -lt "$LIMIT" ]; do
    "$bin/c_mutants" text "$id" "$file" >"$mutant"
    build_mutant || continue
    tried=$((tried + 1))
    if cmp -s "$work/mutant.o" "$work/original.o"; then
        result='same code'
    elif [ -n "${declared["$was=>$now"]-}" ] && [ -z "${RUN_DECLARED-}" ]; then
        result=declared
    else
        judge "$work/mutant.so" 1000000 1
        if [ "$result" = open ]; then
            judge_original_sanitized
            build_sanitized
            judge "$asan:$work/mutant.so" 1000 8
        fi
    fi
    jq -nc --argjson line "$line" --arg was "$was" --arg now "$now" --arg result "$result" \
        '{$line, $was, $now, $result}'
done < <("$bin/c_mutants" list "$SEED" "$file") >"$work/results"
jq -s --arg file "$file" '{$file, mutants: .}' "$work/results" >"$out/results/${file//\//_}.json"
rm -rf "$work"/{mutant,original}* "$work/include"
