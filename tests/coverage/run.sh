#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: the tests of models, blocks and commands, with counts from zero, then the report.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: run.sh BUILD}")
jobs=${JOBS:-$(nproc)}

find "$build" -name '*.gcda' -delete
rm -f "$build"/coverage/*.dat "$build"/toggles/coverage/*.dat
# Conversions of many millions of numbers run no line of the models that other tests do not.
run()
{
    ctest --test-dir "$build/$1" -LE faults -E '^conversion\.' --output-on-failure --parallel "$jobs"
}

# Nor do as many vectors as without counts, which would take ten times as long.
TESSERA_VECTORS=200000 run tests/models
for tests in tests/blocks tests/cli toggles/tests/blocks; do
    run "$tests"
done
"$here/report.sh" "$build"
