#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# install_test.sh BUILD WORK CC CXX: installs, moves the installation, and uses it from outside.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
source=$(realpath "$(dirname "$0")")/consumer
build=$1 work=$2 cc=$3 cxx=$4
read -ra cflags <<<"${CFLAGS-}"
read -ra cxxflags <<<"${CXXFLAGS-}"
expected='1 * 1 + 1 = 2'

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix" # nothing may remember where it was installed
prefix=$work/prefix

# As commands, and without the build tree in sight.
run 0 "$prefix/bin/tessera" --version
equal "$out" "tessera $TESSERA_VERSION"
run 0 "$prefix/bin/tessera" blocks dlfloat16_fma
has "$out" '^dlfloat16_fma: '
equal "$(grep -rlF "$build" "$prefix/lib" "$prefix/include" --include='*.cmake' --include='*.pc' \
    --include='*.h' || true)" ''

# For SystemVerilog simulators.
for file in tessera_dpi.svh examples/dpi/run.sh examples/dpi/bench.sv; do
    [ -e "$prefix/share/tessera/$file" ] || fail "share/tessera/$file was not installed"
done
[ -n "$(find "$prefix"/lib* -name libtessera_dpi.so)" ] || fail 'no libtessera_dpi.so'

# Through find_package, in C and in C++.
run 0 cmake -S "$source" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx"
run 0 cmake --build "$work/cmake"
for program in consumer_c consumer_cpp; do
    LD_LIBRARY_PATH=$prefix/lib run 0 "$work/cmake/$program"
    equal "$out" "$expected"
done

# Through pkg-config.
pc=$(dirname "$(find "$prefix" -name tessera.pc)")
export PKG_CONFIG_PATH=$pc
run 0 pkg-config --modversion tessera
equal "$out" "$TESSERA_VERSION"
read -ra flags <<<"$(pkg-config --cflags tessera)"
read -ra libraries <<<"$(pkg-config --libs tessera)"
run 0 "$cc" -std=c17 "${cflags[@]}" "${flags[@]}" "$source/consumer.c" "${libraries[@]}" \
    -o "$work/from_c"
run 0 "$cxx" -std=c++17 "${cxxflags[@]}" "${flags[@]}" "$source/consumer.cpp" "${libraries[@]}" \
    -o "$work/from_cpp"
for program in from_c from_cpp; do
    LD_LIBRARY_PATH=$(dirname "$pc") run 0 "$work/$program"
    equal "$out" "$expected"
done
