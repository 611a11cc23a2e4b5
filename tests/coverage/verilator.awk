# SPDX-License-Identifier: Apache-2.0
# Verilator's coverage data to points. Fields of a line: \001 name \002 value.
# A statement's lines are those of the blocks that it is in (S). Branches are those of if and case.
BEGIN { FS = "\001"; OFS = "\t" }
/^C / {
    delete field
    for (i = 2; i <= NF; i++) {
        at = index($i, "\002")
        field[substr($i, 1, at - 1)] = substr($i, at + 1)
    }
    # The last field ends with a quote and the count.
    count = $NF
    sub(/.*' /, "", count)
    file = field["f"]
    if (index(file, root "rtl/") != 1)
        next
    file = substr(file, length(root) + 1)
    what = field["o"]
    if (field["page"] ~ /^v_toggle/) {
        add(file, field["l"], "toggle", what, count)
        next
    }
    if (what != "block")
        add(file, field["l"], "branch", what " in column " int(field["n"] / 2) * 2, count)
    n = split(field["S"], ranges, ",")
    for (i = 1; i <= n; i++) {
        m = split(ranges[i], ends, "-")
        for (line = ends[1]; line <= ends[m]; line++)
            add(file, line, "line", "", count)
    }
}
function add(file, line, kind, what, count) { sum[file OFS line OFS kind OFS what] += count }
END { for (point in sum) print point, sum[point] }
