# SPDX-License-Identifier: Apache-2.0
# tessera_verilate(TARGET PREFIX SOURCES...): a static library with the Verilated class PREFIX.
#
# Verilator's own verilate() runs when CMake configures; the sources here are themselves built.
# The generated files are compiled as two: what runs in each cycle, and what runs once.
find_program(VERILATOR_EXECUTABLE verilator REQUIRED)
execute_process(COMMAND ${VERILATOR_EXECUTABLE} --getenv VERILATOR_ROOT
    OUTPUT_VARIABLE VERILATOR_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

find_package(Threads REQUIRED)
add_library(verilated STATIC
    ${VERILATOR_ROOT}/include/verilated.cpp
    ${VERILATOR_ROOT}/include/verilated_threads.cpp)
target_include_directories(verilated SYSTEM PUBLIC
    ${VERILATOR_ROOT}/include ${VERILATOR_ROOT}/include/vltstd)
target_compile_options(verilated PRIVATE -w)
target_link_libraries(verilated PUBLIC Threads::Threads)
if(TESSERA_COVERAGE)
    target_sources(verilated PRIVATE ${VERILATOR_ROOT}/include/verilated_cov.cpp)
    target_compile_definitions(verilated PUBLIC VM_COVERAGE=1
        TESSERA_COVERAGE_DIR="${PROJECT_BINARY_DIR}/coverage")
    set(verilator_coverage --coverage-${TESSERA_COVERAGE})
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/coverage)
endif()

function(tessera_verilate target prefix)
    set(rtl ${PROJECT_SOURCE_DIR}/rtl)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${target}.verilated)
    set(all ${dir}/${prefix}__ALL.cpp)
    set(slow ${dir}/${prefix}__SLOW.cpp)
    string(REGEX REPLACE "^V" "" top ${prefix})
    add_custom_command(OUTPUT ${all} ${slow}
        COMMAND ${CMAKE_COMMAND} -DVERILATOR=${VERILATOR_EXECUTABLE} -DPREFIX=${prefix} -DTOP=${top}
            -DDIR=${dir} -DRTL=${rtl} -DCOVERAGE=${verilator_coverage}
            "-DSOURCES=${rtl}/tessera_pkg.sv;${ARGN}"
            -P ${PROJECT_SOURCE_DIR}/cmake/verilate.cmake
        DEPENDS ${PROJECT_SOURCE_DIR}/cmake/verilate.cmake ${ARGN}
        DEPFILE ${dir}/${prefix}.d
        COMMENT "Verilating ${target}"
        VERBATIM)
    add_library(${target} STATIC ${all} ${slow})
    target_include_directories(${target} SYSTEM PUBLIC ${dir})
    # Position-independent code may be interposed, so the compiler would inline nothing.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    # A test runs for less time than the optimizer would.
    set_source_files_properties(${all} PROPERTIES COMPILE_OPTIONS
        $<IF:$<STREQUAL:${TESSERA_COVERAGE},toggle>,-O0,-O1>)
    set_source_files_properties(${slow} PROPERTIES COMPILE_OPTIONS -O0)
    target_link_libraries(${target} PUBLIC verilated)
endfunction()
