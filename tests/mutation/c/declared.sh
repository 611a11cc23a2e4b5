#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# declared.sh FILE: what equivalent.txt says of that file, a line each: before, after, reason.
set -euo pipefail
awk -v file="$1" '
    function flush() { if (in_file && was != "") print was "\t" now "\t" why; was = now = why = "" }
    /^#/ { next }
    /^[^ ]/ { flush(); in_file = $0 == file; next }
    sub(/^  was  /, "") { flush(); was = $0 }
    sub(/^  now  /, "") { now = $0 }
    sub(/^  why  /, "") { why = $0 }
    END { flush() }' "$(dirname "$0")/equivalent.txt"
