# SPDX-License-Identifier: Apache-2.0
# Flips one output bit in every row that has one: bit number `from` of the outputs in the first, the
# next in the next, and so on around. Row numbers go to the file `rows`. Exits 3 when not all bits had
# their turn, so that the caller starts again from where this stopped.
function flipped(text, bit,    at, value) {
    at = length(text) - int(bit / 4)
    value = index("0123456789abcdef", substr(text, at, 1)) - 1
    bit = 2 ^ (bit % 4)
    value += int(value / bit) % 2 ? -bit : bit
    return substr(text, 1, at - 1) substr("0123456789abcdef", value + 1, 1) substr(text, at + 1)
}
/^#fields/ {
    for (i = 2; i <= NF; i++) {
        split($i, part, ":")
        if (part[3] == "out") {
            first[n_out] = total + 0
            column[n_out++] = i - 1
            total += part[2]
        }
    }
    next_bit = from
}
/^#/ { print; next }
{
    row++
    bit = next_bit % total
    for (i = n_out - 1; first[i] > bit; i--)
        ;
    if ($(column[i]) == "x") { # the only output that this row has is valid_o
        i = 0
        bit = 0
    } else
        next_bit++
    $(column[i]) = flipped($(column[i]), bit - first[i])
    print row >rows
    print
}
END {
    print next_bit > (rows ".next")
    exit next_bit < total ? 3 : 0
}
