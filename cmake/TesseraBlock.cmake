# SPDX-License-Identifier: Apache-2.0
# tessera_block_test(BLOCK.conf): from a bench file to a block's test and its fault tests.
#
#   BLOCK_test                      one gtest program: oracle = C, RTL = C, SystemC = RTL
#   BLOCK_fault_c, _rtl, _systemc   the same tests on one faulty body each; they must fail
#
# sim/gen/conf.h says what a bench file holds.
set(TESSERA_VECTORS "" CACHE STRING
    "Vectors of a block's test; empty: its own number, which takes an optimized build")
set(fault_vectors 100000)
if(TESSERA_VECTORS)
    set(fault_vectors ${TESSERA_VECTORS})
endif()

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

# A test program from the caller's block_objects and block_libraries, and the RTL. A source
# (SOURCES...) is linked instead of the library member that defines the same.
function(tessera_block_program target rtl)
    add_executable(${target} ${ARGN} ${block_objects})
    target_link_libraries(${target} PRIVATE ${rtl} ${block_libraries})
endfunction()

# A ctest test that passes when the program's tests fail.
function(tessera_fault_test name program)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${program}>
        -P ${PROJECT_SOURCE_DIR}/cmake/expect_failure.cmake)
    set_tests_properties(${name} PROPERTIES LABELS faults TIMEOUT 60
        ENVIRONMENT "TESSERA_VECTORS=${fault_vectors};SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1")
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
    file(STRINGS ${conf} lockstep REGEX "^lockstep " LIMIT_COUNT 1)
    string(REGEX REPLACE "^lockstep +" "" lockstep "${lockstep}")

    tessera_generate(wrapper ${conf} ${dir}/${block}_bench.sv)
    tessera_generate(adaptor ${conf} ${dir}/${block}_bench.cpp)
    set(block_objects $<TARGET_OBJECTS:block_main> $<TARGET_OBJECTS:${block}_tests>)
    set(block_libraries
        tessera_machine tessera_systemc tessera_cosim tessera_oracle GTest::gtest)
    if(by_hand)
        set(module_header ${by_hand}.h)
    else()
        set(module_header ${block}.h)
        tessera_generate(module ${conf} ${dir}/${module_header})
        list(APPEND tests ${dir}/${module_header})
        # Its ports all count in one cycle, so the C model and a delay say what they show.
        list(APPEND block_objects $<TARGET_OBJECTS:block_rtl_test>)
    endif()
    if(lockstep)
        list(APPEND tests ${lockstep})
    else()
        list(APPEND block_objects $<TARGET_OBJECTS:block_systemc_test>)
    endif()
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${block}_oracle_test.cpp)
        list(APPEND tests ${block}_oracle_test.cpp)
    endif()

    add_library(${block}_tests OBJECT make_module.cpp ${tests})
    target_compile_definitions(${block}_tests PRIVATE
        TESSERA_BLOCK=${block} TESSERA_BLOCK_HEADER="${module_header}")
    target_include_directories(${block}_tests PRIVATE ${dir})
    target_link_libraries(${block}_tests PRIVATE ${block_libraries} tessera_warnings)

    tessera_block_rtl(${block}_rtl ${block})
    tessera_block_program(${block}_test ${block}_rtl)
    add_test(NAME ${block} COMMAND ${block}_test)
    set_tests_properties(${block} PROPERTIES LABELS ${block} TIMEOUT 20
        ENVIRONMENT SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1)
    if(TESSERA_VECTORS)
        set_property(TEST ${block} APPEND PROPERTY ENVIRONMENT TESSERA_VECTORS=${TESSERA_VECTORS})
    endif()

    # The same with another seed and more vectors.
    tessera_long_test(${block}.long ${CMAKE_COMMAND} -E env TESSERA_SEED=2
        TESSERA_VECTORS=100000000 SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 $<TARGET_FILE:${block}_test>)

    tessera_mutate(c ${conf} ${c} ${dir}/fault/${block}.c)
    tessera_block_program(${block}_fault_c ${block}_rtl ${dir}/fault/${block}.c)
    target_include_directories(${block}_fault_c PRIVATE ${PROJECT_SOURCE_DIR}/models)

    tessera_mutate(rtl ${conf} ${sv} ${dir}/fault/${block}.sv)
    tessera_block_rtl(${block}_rtl_fault ${block} ${dir}/fault/${block}.sv)
    tessera_block_program(${block}_fault_rtl ${block}_rtl_fault)

    if(by_hand)
        set(module_fault ${dir}/fault/module.cpp)
        tessera_mutate(systemc ${conf} ${PROJECT_SOURCE_DIR}/sim/${by_hand}.cpp ${module_fault})
    else()
        set(module_fault $<TARGET_OBJECTS:block_shell_fault>)
    endif()
    tessera_block_program(${block}_fault_systemc ${block}_rtl ${module_fault})

    foreach(kind c rtl systemc)
        tessera_fault_test(${block}_fault_${kind} ${block}_fault_${kind})
    endforeach()
endfunction()
