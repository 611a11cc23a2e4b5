// SPDX-License-Identifier: Apache-2.0
/// @file
/// mac_array in SystemC, stepped as a whole: the C model of a row's way through all columns, and
/// the cycle in which each column's result leaves.
#pragma once

#include "systemc/block_module.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tessera
{

/// The ports of a mac_array, common to its two bodies. What outer_o shows of column c counts c
/// cycles after valid_o.
class mac_array_module : public block_module
{
  public:
    in_port load_i{"load_i"};
    in_port weight_i{"weight_i"};
    in_port stream_i{"stream_i"};
    in_port swap_i{"swap_i"};
    in_port a_unsigned_i{"a_unsigned_i"};
    in_port fp4_i{"fp4_i"};
    in_port escale_i{"escale_i"};
    in_port open_i{"open_i"};
    in_port close_i{"close_i"};
    in_port first_i{"first_i"};
    in_port last_i{"last_i"};
    out_port outer_o{"outer_o"};

  protected:
    mac_array_module(sc_core::sc_module_name name, const std::int64_t *params);

    /// A parameter by its name.
    int parameter(const char *name) const;

    std::vector<std::int64_t> params_;
};

class mac_array : public mac_array_module
{
  public:
    SC_HAS_PROCESS(mac_array);

    mac_array(sc_core::sc_module_name name, const std::int64_t *params);

  private:
    struct row {
        bool valid = false;
        std::vector<std::uint64_t> outer;
    };

    void on_clock();
    const row &rows_ago(int cycles) const;

    std::vector<port_layout> in_layouts_;
    port_layout outer_;
    int cols_, simd_, latency_;
    std::vector<std::uint64_t> in_;
    std::vector<std::byte> state_;
    std::vector<row> rows_; ///< a ring, as long as a result takes to leave the last column
    int now_ = 0;
};

} // namespace tessera
