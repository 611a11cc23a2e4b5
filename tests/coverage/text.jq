# SPDX-License-Identifier: Apache-2.0
# coverage.json to a table.
def cell: if .total == 0 then "-" else "\(.covered)/\(.total) \(.percent)%" +
    (if .explained > 0 then " (\(.percent_explained)% with \(.explained) explained)" else "" end) end;
def row: [.file // .room, (.line | cell), (.branch | cell), (.toggle | cell)];
["file", "lines", "branches", "toggles"], (.files[] | row), (.rooms[] | row) | @tsv
