// SPDX-License-Identifier: Apache-2.0
/// @file
/// mpe in SystemC: the C slice at work between stream, stationary operands and acc.
#pragma once

#include "systemc/block_module.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace tessera
{

class mpe : public block_module
{
  public:
    in_port load_i{"load_i"};
    in_port weight_i{"weight_i"};
    in_port stream_i{"stream_i"};
    in_port swap_i{"swap_i"};
    in_port a_unsigned_i{"a_unsigned_i"};
    in_port mode_i{"mode_i"};
    in_port escale_i{"escale_i"};
    in_port acc_i{"acc_i"};
    out_port acc_o{"acc_o"};
    out_port stream_o{"stream_o"};
    out_port weight_o{"weight_o"};

    SC_HAS_PROCESS(mpe);

    mpe(sc_core::sc_module_name name, const std::int64_t *params);

  private:
    /// An operation between its stream and its acc.
    struct operation {
        bool valid = false;
        packed stream, stationary;
        bool swap = false, a_unsigned = false, fp4 = false, floating = false;
        int escale = 0;
    };

    struct sums {
        bool valid = false;
        packed acc;
    };

    void on_clock();
    packed accumulate(const operation &op) const;

    std::vector<std::int64_t> params_;
    port_layout weight_, stream_, acc_;
    packed stationary_;
    std::deque<operation> products_; ///< DotStages operations on their way to acc
    std::deque<sums> sums_;          ///< AccStages sums on their way out
};

} // namespace tessera
