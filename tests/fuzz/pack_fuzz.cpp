// SPDX-License-Identifier: Apache-2.0
// Packing, of matrices and of convolutions' tensors: codes come back, and a GEMM of them equals the
// golden blocks. The input is the parameters, then codes.
#include "fuzz.h"

#include "tessera/conv.h"

#include <cstdlib>
#include <cstring>
#include <memory>

namespace
{

std::uint64_t packed_count, gemm_count, conv_count;

const ts_format *const formats[] = {
    &ts_format_int4, &ts_format_uint4,   &ts_format_fp4_r4_even, &ts_format_fp4_r4_odd,
    &ts_format_int8, &ts_format_fp8_143, &ts_format_fp8_152,     &ts_format_dlfloat16,
    &ts_format_fp16, &ts_format_bf16,    &ts_format_fp32,        &ts_format_int2,
    &ts_format_e4m3,
};

class Input
{
  public:
    explicit Input(const fuzz::Bytes &bytes) : bytes_(bytes)
    {
    }

    std::uint8_t byte()
    {
        return at_ < bytes_.size() ? bytes_[at_++] : 0;
    }

    std::int64_t word()
    {
        std::uint64_t x = 0;
        for (int i = 0; i < 64; i += 8)
            x |= static_cast<std::uint64_t>(byte()) << i;
        return static_cast<std::int64_t>(x);
    }

    // Small mostly; else anything.
    std::int64_t extent(std::int64_t most)
    {
        const std::uint8_t x = byte();
        return x == 0xFF ? word() : x % (most + 1);
    }

    // In memory of its own size, so that nothing beside it can be read.
    std::unique_ptr<std::uint8_t[]> codes(std::size_t size)
    {
        auto memory = std::make_unique<std::uint8_t[]>(size);
        for (std::size_t i = 0; i < size; i++)
            memory[i] = static_cast<std::uint8_t>(byte() + i * 37);
        return memory;
    }

  private:
    const fuzz::Bytes &bytes_;
    std::size_t at_ = 0;
};

std::uint32_t element(const std::uint8_t *codes, std::size_t size, std::int64_t i)
{
    std::uint32_t code = 0;
    std::memcpy(&code, codes + static_cast<std::size_t>(i) * size, size);
    return code;
}

class Packed
{
  public:
    Packed() = default;
    Packed(const Packed &) = delete;
    Packed &operator=(const Packed &) = delete;
    ~Packed()
    {
        ts_packed_free(&packed);
    }
    ts_packed packed{};
};

// Packs codes of an own size and order; whether that was allowed.
bool pack(Input &in, const ts_format &format, std::int64_t vectors, std::int64_t k, Packed &p)
{
    static const std::size_t sizes[] = {1, 2, 4, 3};
    const std::uint8_t choice = in.byte();
    const std::size_t size = sizes[choice % 32 ? choice % 3 : 3];
    const bool small = vectors >= 0 && vectors <= 4096 && k >= 0 && k <= 4096;
    const bool along = choice & 64;
    const auto n = static_cast<std::size_t>(small ? vectors * k : 0);
    const auto codes = in.codes(n * size);
    const std::int64_t vector_step = along ? k : 1, k_step = along ? 1 : vectors;
    const char *why = ts_pack(&p.packed, &format, vectors, k, n ? codes.get() : nullptr, size,
                              vector_step, k_step);
    fuzz::require(!why || (why[0] && !std::strchr(why, '\n')), "a refusal without its line");
    if (why || !small)
        return false;
    packed_count++;
    const std::uint32_t mask = 0xFFFFFFFF >> (32 - ts_format_bits(&format));
    for (std::int64_t v = 0; v < vectors; v++)
        for (std::int64_t i = 0; i < k; i++)
            fuzz::require(ts_packed_code(&p.packed, v, i) ==
                              (element(codes.get(), size, v * vector_step + i * k_step) & mask),
                          "another code comes back");
    return true;
}

void compare(Input &in, const ts_packed &a, const ts_packed &b)
{
    static const char *const isas[] = {"portable",   "avx2",       "avx512vnni",
                                       "avx512bf16", "avx512fp16", "amx"};
    ts_gemm g{};
    g.a = &a;
    g.b = &b;
    g.lanes = std::int64_t{1} << in.byte() % 5;
    g.chunk = in.byte() % 8 ? g.lanes << in.byte() % 5 : 0;
    g.variant = in.byte() % 3;
    g.outer = in.byte() % 2;
    g.saturate = in.byte() % 2;
    g.escale = in.byte() % 4 ? 0 : static_cast<std::int8_t>(in.byte()) / 2;
    g.align.exact = in.byte() % 2;
    g.align.width = 16 + in.byte() % 33;
    const char *isa = isas[in.byte() % std::size(isas)];
    const int threads = 1 + in.byte() % 3;
    const std::int64_t outputs = a.vectors * b.vectors;
    if (ts_gemm_check(&g) || outputs * a.k > 20000 || !ts_gemm_has_isa(isa))
        return;
    std::vector<std::uint32_t> c(static_cast<std::size_t>(outputs)), golden(c.size());
    setenv("TESSERA_ISA", isa, 1);
    const char *why = ts_gemm_run(&g, threads, c.data());
    fuzz::require(!why, why ? why : "");
    ts_gemm_golden(&g, golden.data());
    fuzz::require(c == golden, "the GEMM differs from the golden blocks");
    gemm_count++;
}

void matrices(Input &in)
{
    ts_format formats_of[2];
    for (ts_format &f : formats_of) {
        f = *formats[in.byte() % std::size(formats)];
        if (in.byte() % 16 == 0)
            f.bias = static_cast<std::int16_t>(in.byte());
    }
    const std::int64_t k = in.extent(70);
    Packed a, b;
    if (pack(in, formats_of[0], in.extent(40), k, a) &&
        pack(in, formats_of[1], in.extent(40), k, b))
        compare(in, a.packed, b.packed);
}

ts_conv read_conv(Input &in)
{
    ts_conv c{};
    for (auto member :
         {&ts_conv::images, &ts_conv::in_channels, &ts_conv::out_channels, &ts_conv::in_height,
          &ts_conv::in_width, &ts_conv::kernel_height, &ts_conv::kernel_width,
          &ts_conv::stride_height, &ts_conv::stride_width, &ts_conv::pad_height,
          &ts_conv::pad_width, &ts_conv::dilation_height, &ts_conv::dilation_width})
        c.*member = in.extent(6);
    c.groups = in.byte() % 4 ? 1 : in.extent(3);
    c.group = in.byte() % 4 ? 0 : in.extent(3);
    c.channels_last = in.byte() % 2;
    return c;
}

// A tensor of the elements that it has to have, now and then of others.
bool pack_tensor(Input &in, const ts_format &format, std::int64_t elements, Packed &p)
{
    return pack(in, format, 1, elements + (in.byte() == 0), p);
}

void convolution(Input &in)
{
    const ts_conv c = read_conv(in);
    const auto pass = static_cast<ts_conv_pass>(in.byte() % 3);
    Packed tensors[2], none;
    if (ts_conv_check(&c)) {
        none.packed.vectors = 1;
        fuzz::require(ts_conv_pack(&none.packed, &c, pass, TS_CONV_A, &none.packed),
                      "no convolution, but packed");
        return;
    }
    const std::int64_t x = c.images * c.in_channels * c.in_height * c.in_width;
    const std::int64_t w =
        c.out_channels * (c.in_channels / c.groups) * c.kernel_height * c.kernel_width;
    const std::int64_t dy =
        c.images * c.out_channels * ts_conv_out_height(&c) * ts_conv_out_width(&c);
    const std::int64_t of_a = pass == TS_CONV_BACKWARD ? dy : x;
    const std::int64_t of_b = pass == TS_CONV_GRADIENT ? dy : w;
    ts_packed operands[2];
    if (!pack_tensor(in, *formats[in.byte() % std::size(formats)], of_a, tensors[0]) ||
        !pack_tensor(in, *formats[in.byte() % std::size(formats)], of_b, tensors[1]) ||
        ts_conv_pack(&operands[0], &c, pass, TS_CONV_A, &tensors[0].packed) ||
        ts_conv_pack(&operands[1], &c, pass, TS_CONV_B, &tensors[1].packed))
        return;
    conv_count++;
    compare(in, operands[0], operands[1]);
}

} // namespace

std::vector<fuzz::Bytes> fuzz::seeds()
{
    std::vector<Bytes> all;
    for (std::uint8_t i = 0; i < 64; i++) {
        Bytes bytes(200);
        for (std::size_t at = 0; at < bytes.size(); at++)
            bytes[at] = static_cast<std::uint8_t>((at * 97 + i * 61U) >> 1);
        bytes[0] = i;
        all.push_back(bytes);
    }
    // A convolution of 3x3 kernels that the mutations start from.
    Bytes conv = {1, 2, 4, 5, 6, 6, 3, 3, 1, 2, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0};
    conv.resize(300, 5);
    all.insert(all.end(), 16, conv);
    return all;
}

void fuzz::run(const Bytes &input)
{
    Input in(input);
    if (in.byte() % 2)
        convolution(in);
    else
        matrices(in);
}

std::string fuzz::summary()
{
    return ", " + std::to_string(packed_count) + " matrices and tensors packed, " +
           std::to_string(conv_count) + " convolutions, " + std::to_string(gemm_count) +
           " GEMMs equal to the golden blocks";
}
