// SPDX-License-Identifier: Apache-2.0
// A table of all products, made from exact operand values.
#include "oracle/products.h"

#include "oracle/formats.h"

#include <vector>

namespace oracle
{

namespace
{

size_t index_of(unsigned a, bool a_unsigned, unsigned b, bool fp4)
{
    return (a * 32 + b) * 4 + (a_unsigned ? 2 : 0) + (fp4 ? 1 : 0);
}

int64_t exact_product(unsigned a, bool a_unsigned, unsigned b, bool fp4)
{
    Exact x = decode(a_unsigned ? Format::uint4 : Format::int4, a).value;
    Exact y = fp4 ? decode(Format::fp5_r2, b).value : decode(Format::int4, b % 16).value;
    Exact p = (x * y).scaled(fp4 ? 6 : 0);
    return static_cast<int64_t>(p.to_double());
}

std::vector<int64_t> all_products()
{
    std::vector<int64_t> table(16 * 32 * 4);
    for (unsigned a = 0; a < 16; a++)
        for (unsigned b = 0; b < 32; b++)
            for (bool a_unsigned : {false, true})
                for (bool fp4 : {false, true})
                    table[index_of(a, a_unsigned, b, fp4)] = exact_product(a, a_unsigned, b, fp4);
    return table;
}

} // namespace

int product_bits(int64_t modes)
{
    return modes == 1 ? 8 : 18;
}

int64_t product(unsigned a, bool a_unsigned, unsigned b, bool fp4)
{
    static const std::vector<int64_t> table = all_products();
    return table[index_of(a, a_unsigned, b, fp4)];
}

} // namespace oracle
