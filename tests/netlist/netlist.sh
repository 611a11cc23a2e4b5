# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Blocks as netlists: functions for scripts that have set $source and $build. They work in the
# directory of a block, where rtl is a link.

: "${source:?}" "${build:?}"
netlist=$build/bin/tessera_netlist
netlist_tests=$source/tests/netlist

die()
{
    echo "$*" >&2
    exit 1
}

need_tools()
{
    local tool
    for tool in "$@"; do
        command -v "${tool%%:*}" >/dev/null || die "${tool%%:*}: not installed (package ${tool##*:})"
    done
    [ -x "$netlist" ] || die "$netlist: not built; run make build"
}

# The blocks given, or all.
list_blocks()
{
    [ $# -gt 0 ] || set -- "$source"/tests/blocks/*.conf
    local block
    for block in "$@"; do
        block=$(basename "$block" .conf)
        [ -e "$source/tests/blocks/$block.conf" ] ||
            die "no block '$block': tests/blocks/$block.conf is not there"
        echo "$block"
    done
}

# enter DIRECTORY: an empty one, with the sources.
enter()
{
    rm -rf "$1"
    mkdir -p "$1"
    cd "$1" || exit 1
    ln -s "$source/rtl" rtl
}

# The words of the bench file's line of that kind.
conf_line()
{
    sed -n "s/^$2 \+//p" "$source/tests/blocks/$1.conf" | head -n 1
}

# The Yosys command that reads all RTL, the package first.
read_sources()
{
    local file files=(rtl/tessera_pkg.sv)
    for file in rtl/*.sv; do
        [ "$file" = rtl/tessera_pkg.sv ] || files+=("$file")
    done
    echo "read_verilog -sv -defer ${files[*]}"
}

# read_block BLOCK LABEL: the Yosys commands that read a configuration.
read_block()
{
    read_sources
    "$netlist" parameters "$source/tests/blocks/$1.conf" "$2"
    echo "hierarchy -check -top $1"
}

# read_module MODULE Param=Value...: the same for any module.
read_module()
{
    local module=$1 assignment
    shift
    read_sources
    for assignment in "$@"; do
        echo "chparam -set ${assignment%%=*} ${assignment#*=} $module"
    done
    echo "hierarchy -check -top $module"
}

# yosys_run NAME: the commands from standard input, kept as NAME.ys beside NAME.log.
yosys_run()
{
    cat >"$1.ys"
    yosys -q -l "$1.log" "$1.ys" >/dev/null 2>&1 ||
        die "$PWD: yosys: $(grep -m 1 ERROR "$1.log"); see $1.log"
}

# verilate NETLIST BENCH LIBRARY: both Verilated, as a library that tessera_netlist loads.
verilate()
{
    local root
    root=$(verilator --getenv VERILATOR_ROOT)
    # Verilator 5.006 simplifies trees of bit operations wrongly in some netlists.
    verilator --cc -O3 -fno-const-bit-op-tree -Wno-lint -Wno-style -Wno-UNOPTFLAT \
        --x-assign unique --x-initial unique --Mdir verilated \
        --prefix Vnetlist_bench --top-module netlist_bench "$2" "$1" >verilator.log 2>&1 ||
        die "$PWD: $(grep -m 1 '%Error' verilator.log); see verilator.log"
    cat verilated/*.cpp >verilated/all.cc
    c++ -std=c++17 -w -O1 -fPIC -shared -fvisibility=hidden -Wl,-Bsymbolic -pthread -Iverilated \
        -isystem "$root/include" -isystem "$root/include/vltstd" -I"$netlist_tests" -o "$3" \
        "$netlist_tests/model.cpp" -x c++ verilated/all.cc -x none "$build/lib/libverilated.a" \
        >compiler.log 2>&1 ||
        die "$PWD: $(grep -m 1 'error' compiler.log); see compiler.log"
}
