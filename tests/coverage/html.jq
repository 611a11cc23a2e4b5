# SPDX-License-Identifier: Apache-2.0
# coverage.json to one self-contained page.
def cell: if .total == 0 then "<td></td>" else
    "<td class=\"\(if .covered + .explained == .total then "full" else "part" end)\">" +
    "<b>\(.percent)%</b> \(.covered)/\(.total)" +
    (if .explained > 0 then " (\(.percent_explained)% with \(.explained))" else "" end) + "</td>" end;
def row: "<tr><th>\(.file // .room | @html)</th>\(.line | cell)\(.branch | cell)\(.toggle | cell)</tr>";
def table: "<table><tr><th></th><th>lines</th><th>branches</th><th>toggles</th></tr>" +
    (map(row) | join("\n")) + "</table>";
def hole: "<tr><th>\(.file | @html):\(.line)</th><td>\(.kind)</td>" +
    "<td><code>\(.source | @html)</code></td><td>\(.which | @html)</td>" +
    "<td class=\"\(if .reason == "" then "part" else "full" end)\">\(.reason | @html)</td></tr>";
"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Coverage</title><style>
body { font: 15px sans-serif; margin: 2em; } table { border-collapse: collapse; margin: 1em 0; }
td, th { border: 1px solid #ccc; padding: 2px 8px; text-align: left; font-weight: normal; }
.full { background: #e4f4e4; } .part { background: #fbe3d8; }
</style><h1>What the tests execute</h1>
<p>Lines and branches of models/ by gcov, of rtl/ by Verilator; toggles of rtl/. In parentheses:
with what was not executed for a reason that stands below.</p>
\(.rooms | table)\(.files | table)
<h1>Not executed</h1><table><tr><th>where</th><th>what</th><th>source</th><th>which</th>
<th>reason</th></tr>\(.holes | sort_by(.kind == "toggle") | map(hole) | join("\n"))</table></html>"
