// SPDX-License-Identifier: Apache-2.0
// GoogleTest under SystemC, whose library owns main().
#include <gtest/gtest.h>

#include <systemc>

int sc_main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
    // Every test ends with sc_stop(), of which SystemC would tell.
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    return RUN_ALL_TESTS();
}
