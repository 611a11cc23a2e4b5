# SPDX-License-Identifier: Apache-2.0
# tessera_long_test(NAME COMMAND...): a test too long for every run.
#
# ctest leaves it out unless asked with `ctest -C long` (`make test-long`).
function(tessera_long_test name)
    add_test(NAME ${name} CONFIGURATIONS long COMMAND ${ARGN})
    set_tests_properties(${name} PROPERTIES LABELS long TIMEOUT 7200)
endfunction()
