#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The dispatcher finds programs by their place, guesses at typing errors, and passes everything on.
set -euo pipefail
. "$(dirname "$0")/assert.sh"
tessera=$1

run 0 "$tessera" --version
has "$out" '^tessera [0-9]+\.[0-9]+\.[0-9]+$'

run 0 "$tessera" --help
has "$out" '^  blocks +list the hardware blocks'
equal "$(grep -c '^usage:' <<<"$out")" 1

run 2 "$tessera"
equal "$out" ''
equal "$(lines "$err")" 1

run 2 "$tessera" bloks
equal "$err" "tessera: no verb 'bloks'; did you mean 'blocks'?"
run 2 "$tessera" xyzzy
equal "$err" "tessera: no verb 'xyzzy'; 'tessera --help' lists them"
run 2 "$tessera" --nonsense
equal "$(lines "$err")" 1

# A name with a slash must not leave the directory of verbs.
run 2 "$tessera" x/../../../bin/tessera
run 2 "$tessera" ''

run 0 "$tessera" help blocks
has "$out" '^usage: tessera blocks'
run 2 "$tessera" help bloks
has "$err" "did you mean 'blocks'"

# What getopt() says begins as all other messages do.
run 2 "$tessera" gemm --nonsense
equal "$(head -1 <<<"$err")" "tessera gemm: unrecognized option '--nonsense'"

# A copied tree works, and any program dropped into it becomes a verb.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/bin" "$tree/libexec/tessera"
cp "$tessera" "$tree/bin/tessera"
run 0 "$tree/bin/tessera" --help
has "$out" '^No verbs are installed'
cat >"$tree/libexec/tessera/tessera-echo" <<'EOF'
#!/bin/sh
if [ "$1" = --summary ]; then echo "say it again"; exit; fi
printf '<%s>' "$@"
exit 7
EOF
touch "$tree/libexec/tessera/tessera-data" # not executable: no verb
run 2 "$tree/bin/tessera" data
chmod +x "$tree/libexec/tessera/tessera-echo"
run 0 "$tree/bin/tessera" --help
has "$out" '^  echo +say it again$'
equal "$(grep -c data <<<"$out")" 0
run 7 "$tree/bin/tessera" echo 'two words' '' --help
equal "$out" '<two words><><--help>'
ln -s "$tree/bin/tessera" "$tree/link"
run 7 "$tree/link" echo x
equal "$out" '<x>'

# Unwritable output is an error, not silence.
run 1 sh -c "'$tessera' --help > /dev/full"
has "$err" 'cannot write'
