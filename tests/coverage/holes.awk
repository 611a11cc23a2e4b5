# SPDX-License-Identifier: Apache-2.0
# holes.txt, points.tsv -> the points that were not executed: file, line, kind, which, source, reason.
BEGIN { FS = OFS = "\t" }
FILENAME == ARGV[1] {
    if (/^#/ || /^$/)
        next
    if (/^[^ ]/)
        file = $0
    else if (sub(/^  (at|toggle)  +/, "")) {
        n++
        of[n] = file
        text[n] = $0
    } else if (sub(/^  why  +/, ""))
        for (i = n; i > 0 && of[i] == file && !(i in why); i--)
            why[i] = $0
    next
}
$5 > 0 { next }
{
    if (!($1 in read_already)) {
        read_already[$1]
        number = 0
        while ((getline source < $1) > 0) {
            gsub(/[ \t]+/, " ", source)
            sub(/^ /, "", source)
            line[$1, ++number] = source
        }
        close($1)
    }
    reason = ""
    for (i = 1; i <= n; i++)
        if (of[i] == $1 && ($3 == "toggle" ? $4 ~ ("^(" text[i] ")$") : index(line[$1, $2], text[i]))) {
            reason = why[i]
            used[i]
        }
    print $1, $2, $3, $4, line[$1, $2], reason
}
END {
    printf "" > unused
    for (i = 1; i <= n; i++)
        if (!(i in used) || why[i] == "")
            print "holes.txt: " of[i] ": " text[i] ": " \
                (why[i] == "" ? "no reason" : "no such hole") > unused
}
