#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tidy.sh BUILD [JOBS]: clang-tidy on each of Tessera's own sources that BUILD (by Ninja) compiles.
# A source is looked at again only when it, a header of ours that it includes, or the checks change.
set -euo pipefail
build=$(realpath "${1:?usage: tidy.sh BUILD [JOBS]}")
jobs=${2:-$(nproc)}
cd "$(dirname "$0")/.."
root=$PWD
stamps=$build/tidy
mkdir -p "$stamps"

ours="^$root/(models|sim|traces|reports|tests)/"
checks=$(git ls-files '*.clang-tidy' cmake/tidy.sh cmake/TesseraSettings.cmake |
    xargs cat | cat - <(clang-tidy-14 --version) | sha256sum)

# Ninja knows what each object was made of: one line per source, with our headers after it.
includes()
{
    ninja -C "$build" -t deps | awk -v ours="$ours" -v build="$build/" \
        -v above="$(dirname "$build")/" '
        function path(name) # ccache may have made it relative
        {
            if (sub(/^\.\.\//, "", name))
                return above name
            return name ~ /^\// ? name : build name
        }
        function flush() { if (line) print line; line = "" }
        /^[^ ]/ { flush(); first = 1; next }
        /^ / {
            name = path($1)
            if (first) { first = 0; wanted = name ~ ours && index(name, build) != 1 }
            if (wanted && name !~ /^\/usr\//) line = line (line ? "\t" : "") name
        }
        END { flush() }' | sort -u
}

work=()
seen=
while IFS=$'\t' read -r -a files; do
    [ "${files[0]}" != "$seen" ] || continue
    seen=${files[0]}
    key=$({ echo "$checks" "${files[@]}"; cat "${files[@]}"; } | sha256sum | cut -c1-64)
    [ -e "$stamps/$key" ] || work+=("$seen" "$stamps/$key")
done < <(includes)
if [ -z "$seen" ]; then
    echo "$build: nothing has been built there by Ninja" >&2
    exit 1
fi
[ "${#work[@]}" -gt 0 ] || exit 0

one()
{
    local log
    if log=$(clang-tidy-14 --quiet -p "$build" --header-filter="$ours" \
        --extra-arg=-Wno-unknown-warning-option "$1" 2>&1); then
        : >"$2"
    else
        grep -Ev 'warnings? (generated|treated)' <<<"$log"
        return 1
    fi
}
export -f one
export build ours
printf '%s\0' "${work[@]}" | xargs -0 -n 2 -P "$jobs" bash -c 'one "$@"' tidy
