#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh BUILD [JOBS]: every static check of the sources; BUILD holds compile_commands.json.
# shellcheck disable=SC2317 # check() calls the functions by name
set -euo pipefail
build=$(realpath "${1:?usage: lint.sh BUILD [JOBS]}")
jobs=${2:-$(nproc)}
cd "$(dirname "$0")/.."

failed=0
check()
{
    local what=$1
    shift
    if "$@"; then
        echo "ok      $what"
    else
        echo "FAILED  $what"
        failed=1
    fi
}

mapfile -t c_files < <(git ls-files '*.c' '*.h' '*.cpp' '*.hpp')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
mapfile -t sources < <(git ls-files '*.c' '*.h' '*.cpp' '*.hpp' '*.sv' '*.vlt' '*.sh' '*.py' \
    '*.tcl' '*.cmake' '*CMakeLists.txt' '*.in' Makefile .ci/run)

spdx()
{
    local file status=0
    for file in "${sources[@]}"; do
        if ! head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0'; then
            echo "$file: no SPDX tag at its top"
            status=1
        fi
    done
    return "$status"
}

check 'SPDX tags' spdx
check 'shell scripts' shellcheck -x -P SCRIPTDIR "${scripts[@]}"
check 'formatting (make format)' clang-format-14 --dry-run --Werror "${c_files[@]}"
check 'RTL' rtl/lint.sh "$build/bin/tessera"
check 'clang-tidy' cmake/tidy.sh "$build" "$jobs"
exit $failed
