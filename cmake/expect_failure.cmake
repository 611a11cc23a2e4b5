# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM, a GoogleTest program with a fault in it: passes when its tests fail, and only then.
execute_process(COMMAND ${PROGRAM} --gtest_color=no
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
string(REGEX MATCHALL "\n\\[  FAILED  \\] [^\n]*[)]" failures "${output}")
if(NOT result EQUAL 1 OR NOT failures)
    message("${output}")
    message(FATAL_ERROR "the fault was not reported by a test: the program ended with '${result}'")
endif()
list(REMOVE_DUPLICATES failures)
foreach(failure IN LISTS failures)
    string(STRIP "${failure}" failure)
    message("${failure}")
endforeach()
