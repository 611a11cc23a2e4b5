# SPDX-License-Identifier: Apache-2.0
# points.tsv and holes.tsv to coverage.json: figures per file, room and kind, and all holes.
def rows($names): split("\n") | map(select(. != "") | split("\t") |
    [$names, .] | transpose | map({(.[0]): .[1]}) | add);
def percent($count): if .total == 0 then null else (1000 * $count / .total | floor) / 10 end;
def figures($points; $holes): {
    total: ($points | length),
    covered: ($points | map(select(.count != "0")) | length),
    explained: ($holes | map(select(.reason != "")) | length)
} | . + {percent: percent(.covered), percent_explained: percent(.covered + .explained)};
def kinds($points; $holes): [("line", "branch", "toggle") as $kind |
    {($kind): figures($points | map(select(.kind == $kind)); $holes | map(select(.kind == $kind)))}] | add;
def room: .file | sub("/.*"; "");
($points | rows(["file", "line", "kind", "which", "count"])) as $points |
($holes | rows(["file", "line", "kind", "which", "source", "reason"])) as $holes |
($holes | group_by(.file) | map({(.[0].file): .}) | add) as $of |
{
    files: [$points | group_by(.file)[] | .[0].file as $file |
            {$file} + kinds(.; $of[$file] // [])],
    rooms: [$points | group_by(room)[] | (.[0] | room) as $room |
            {$room} + kinds(.; $holes | map(select(room == $room)))],
    holes: [$holes[] | .line |= tonumber]
}
