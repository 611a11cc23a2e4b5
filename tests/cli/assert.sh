# SPDX-License-Identifier: Apache-2.0
# Assertions for tests of commands; source it. Each ends the test when it does not hold.
# shellcheck shell=bash

fail()
{
    printf 'FAILED line %s: %s\n' "${BASH_LINENO[1]}" "$1" >&2
    [ -z "${out-}" ] || printf -- '--- stdout\n%s\n' "$out" >&2
    [ -z "${err-}" ] || printf -- '--- stderr\n%s\n' "$err" >&2
    exit 1
}

# run STATUS COMMAND...: runs it into $out and $err and expects that exit status.
run()
{
    local expected=$1 status=0 errors
    shift
    errors=$(mktemp)
    out=$("$@" 2>"$errors") || status=$?
    err=$(cat "$errors")
    rm -f "$errors"
    [ "$status" -eq "$expected" ] || fail "'$*' exited with $status, not $expected"
}

# has TEXT PATTERN: an extended regular expression matches a line of the text.
has()
{
    grep -Eq -- "$2" <<<"$1" || fail "no line matches '$2'"
}

equal()
{
    [ "$1" = "$2" ] || fail "'$1' is not '$2'"
}

lines()
{
    printf '%s' "$1" | grep -c '' || true
}
