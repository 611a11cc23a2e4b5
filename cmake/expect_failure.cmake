# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM ARGUMENTS, a GoogleTest program, with a fault in it: passes when its tests fail, and
# only then. The fault may be in the library PRELOAD.
set(command ${PROGRAM} ${ARGUMENTS} --gtest_color=no)
if(PRELOAD)
    if(NOT EXISTS ${PRELOAD})
        message(FATAL_ERROR "${PRELOAD}: not there")
    endif()
    list(PREPEND command ${CMAKE_COMMAND} -E env LD_PRELOAD=${PRELOAD})
endif()
execute_process(COMMAND ${command}
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
