#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: the tests of models, blocks and commands, with counts from zero, then the report.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: run.sh BUILD}")
jobs=${JOBS:-$(nproc)}

find "$build" -name '*.gcda' -delete
rm -f "$build"/coverage/*.dat "$build"/toggles/coverage/*.dat
# Conversions of many millions of numbers run no line of the models that other tests do not, and
# of whole GEMMs, golden and without optimization, fewer do.
for tests in tests/models tests/blocks tests/cli toggles/tests/blocks; do
    ctest --test-dir "$build/$tests" -LE faults -E '^(conversion\.|gemm\.run_is_golden$)' \
        --output-on-failure --parallel "$jobs"
done
TESSERA_VECTORS=200000 ctest --test-dir "$build/tests/models" -R '^gemm\.run_is_golden$' \
    --output-on-failure
"$here/report.sh" "$build"
