# SPDX-License-Identifier: Apache-2.0
# tessera_block_test(BLOCK.conf): from a bench file to a block's test and its fault tests.
#
#   BLOCK_test                one gtest program: oracle = C, RTL = C, SystemC = RTL
#   BLOCK_fault_c, _rtl, _systemc   the same tests on one faulty body each; they must fail
#
# sim/gen/conf.h says what a bench file holds.
include(${PROJECT_SOURCE_DIR}/cmake/TesseraVerilate.cmake)

# The Verilated configurations of a block and their adaptor; RTL sources as given.
function(tessera_block_rtl target block)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${block})
    tessera_verilate(${target} V${block}_bench ${ARGN} ${dir}/${block}_bench.sv)
    target_sources(${target} PRIVATE ${dir}/${block}_bench.cpp)
    target_link_libraries(${target} PRIVATE tessera_cosim)
endfunction()

# One of the sources that tessera_gen prints.
function(tessera_generate what conf output)
    add_custom_command(OUTPUT ${output}
        COMMAND tessera_gen ${what} ${conf} ${output}
        DEPENDS tessera_gen ${conf}
        VERBATIM)
endfunction()

# A copy of SOURCE with the bench file's fault of that kind.
function(tessera_mutate kind conf source output)
    add_custom_command(OUTPUT ${output}
        COMMAND tessera_mutate ${kind} ${conf} ${source} ${output}
        DEPENDS tessera_mutate ${conf} ${source}
        VERBATIM)
endfunction()

# A test program. What precedes the libraries in SOURCES takes the place of their members.
function(tessera_block_program target block rtl)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE
        block_tests ${block}_tests ${rtl} tessera_systemc tessera_cosim tessera_oracle
        GTest::gtest)
endfunction()

# A ctest test that passes when the program's tests fail.
function(tessera_fault_test name program)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${program}>
        -P ${PROJECT_SOURCE_DIR}/cmake/expect_failure.cmake)
    set_tests_properties(${name} PROPERTIES LABELS faults TIMEOUT 60
        ENVIRONMENT "TESSERA_VECTORS=500000;SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1")
endfunction()

function(tessera_block_test conf)
    get_filename_component(block ${conf} NAME_WE)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${block})
    set(c ${PROJECT_SOURCE_DIR}/models/blocks/${block}.c)
    set(sv ${PROJECT_SOURCE_DIR}/rtl/${block}.sv)
    file(MAKE_DIRECTORY ${dir}/fault)

    # What CMake itself reads of the bench file.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${conf})
    file(STRINGS ${conf} tests REGEX "^test ")
    list(TRANSFORM tests REPLACE "^test +" "")
    file(STRINGS ${conf} by_hand REGEX "^systemc " LIMIT_COUNT 1)
    string(REGEX REPLACE "^systemc +" "" by_hand "${by_hand}")

    tessera_generate(wrapper ${conf} ${dir}/${block}_bench.sv)
    tessera_generate(adaptor ${conf} ${dir}/${block}_bench.cpp)
    if(by_hand)
        set(module_header ${by_hand}.h)
    else()
        set(module_header ${block}.h)
        tessera_generate(module ${conf} ${dir}/${module_header})
        list(APPEND tests ${dir}/${module_header})
    endif()

    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${block}_oracle_test.cpp)
        list(APPEND tests ${block}_oracle_test.cpp)
    endif()
    add_library(${block}_tests OBJECT make_module.cpp ${tests})
    target_compile_definitions(${block}_tests PRIVATE
        TESSERA_BLOCK=${block} TESSERA_BLOCK_HEADER="${module_header}")
    target_include_directories(${block}_tests PRIVATE ${dir})
    target_link_libraries(${block}_tests PRIVATE
        tessera_systemc tessera_cosim tessera_oracle tessera_warnings GTest::gtest)

    tessera_block_rtl(${block}_rtl ${block})
    tessera_block_program(${block}_test ${block} ${block}_rtl)
    add_test(NAME ${block} COMMAND ${block}_test)
    set_tests_properties(${block} PROPERTIES LABELS ${block} TIMEOUT 20
        ENVIRONMENT SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1)

    tessera_mutate(c ${conf} ${c} ${dir}/fault/${block}.c)
    tessera_block_program(${block}_fault_c ${block} ${block}_rtl ${dir}/fault/${block}.c)
    target_include_directories(${block}_fault_c PRIVATE ${PROJECT_SOURCE_DIR}/models)

    tessera_mutate(rtl ${conf} ${sv} ${dir}/fault/${block}.sv)
    tessera_block_rtl(${block}_rtl_fault ${block} ${dir}/fault/${block}.sv)
    tessera_block_program(${block}_fault_rtl ${block} ${block}_rtl_fault)

    if(by_hand)
        set(module_fault ${dir}/fault/module.cpp)
        tessera_mutate(systemc ${conf} ${PROJECT_SOURCE_DIR}/sim/${by_hand}.cpp ${module_fault})
    else()
        set(module_fault $<TARGET_OBJECTS:block_shell_fault>)
    endif()
    tessera_block_program(${block}_fault_systemc ${block} ${block}_rtl ${module_fault})

    foreach(kind c rtl systemc)
        tessera_fault_test(${block}_fault_${kind} ${block}_fault_${kind})
    endforeach()
endfunction()
