# SPDX-License-Identifier: Apache-2.0
# From the bench files of blocks to their tests and fault tests; sim/gen/conf.h says what such a
# file holds. The blocks of a group share one Verilated model and one program:
#
#   GROUP_test BLOCK                oracle = C, RTL = C, SystemC = RTL, in every configuration
#   GROUP_test BLOCK --faulty-rtl   the same on the faulty RTL, which is in the same model
#
# A faulty C or SystemC body is a library that is loaded before the right one. With it, as with
# the faulty RTL, the block's tests must fail.
set(TESSERA_VECTORS "" CACHE STRING
    "Vectors of a block's test; empty: its own number, which takes an optimized build")
set(fault_vectors 100000)
if(TESSERA_VECTORS)
    set(fault_vectors ${TESSERA_VECTORS})
endif()
# Two bodies of one name are what a fault is made of.
set(fault_environment SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 TESSERA_VECTORS=${fault_vectors}
    ASAN_OPTIONS=verify_asan_link_order=0:detect_odr_violation=0)

include(${PROJECT_SOURCE_DIR}/cmake/TesseraVerilate.cmake)

# The word after KEY in a line of a bench file (or of each such line), or nothing.
function(tessera_bench_words conf key output)
    file(STRINGS ${conf} lines REGEX "^${key} ")
    list(TRANSFORM lines REPLACE "^${key} +" "")
    list(TRANSFORM lines STRIP)
    set(${output} ${lines} PARENT_SCOPE)
endfunction()

# A bench file of the same name with the first configuration alone: toggles are counted bit by bit,
# and the code for that outgrows the model.
function(tessera_first_configuration conf output)
    get_filename_component(name ${conf} NAME)
    set(first ${CMAKE_CURRENT_BINARY_DIR}/first/${name})
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/first)
    execute_process(COMMAND awk "/^config / && n++ || /^exhaustive/ { next } { print }" ${conf}
        OUTPUT_FILE ${first} COMMAND_ERROR_IS_FATAL ANY)
    set(${output} ${first} PARENT_SCOPE)
endfunction()

# What tessera_gen prints. A text that stays the same keeps its date, and nothing follows.
function(tessera_generate what output)
    add_custom_command(OUTPUT ${output}
        COMMAND tessera_gen ${what} ${output}.new ${ARGN}
        COMMAND ${CMAKE_COMMAND} -E copy_if_different ${output}.new ${output}
        DEPENDS tessera_gen ${ARGN}
        VERBATIM)
endfunction()

# A copy of SOURCE with the bench file's fault of that kind; a MODULE in it gets another name.
function(tessera_mutate kind conf source output)
    add_custom_command(OUTPUT ${output}
        COMMAND tessera_mutate ${kind} ${conf} ${source} ${output} ${ARGN}
        DEPENDS tessera_mutate ${conf} ${source}
        VERBATIM)
endfunction()

# Where executions are counted, no faults are tried: the faulty RTL is a module without a body, whose
# code would double what has to be compiled.
function(tessera_hollow_rtl block output)
    add_custom_command(OUTPUT ${output}
        COMMAND sed -e "s/^module ${block} /module ${block}_faulty /"
            -e "/^)\;/ { a endmodule" -e "q }" ${PROJECT_SOURCE_DIR}/rtl/${block}.sv > ${output}
        DEPENDS ${PROJECT_SOURCE_DIR}/rtl/${block}.sv
        VERBATIM)
endfunction()

# A body to be loaded before the right one, with what LIKE was compiled with.
function(tessera_faulty_body target like source)
    add_library(${target} MODULE ${source})
    target_include_directories(${target} PRIVATE $<TARGET_PROPERTY:${like},INCLUDE_DIRECTORIES>)
    target_compile_definitions(${target} PRIVATE _DEFAULT_SOURCE)
    set_target_properties(${target} PROPERTIES
        PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/faults)
endfunction()

# A ctest test that passes when the tests of GROUP_test BLOCK fail.
function(tessera_fault_test name group block)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${group}_test>
        -DARGUMENTS=${block} ${ARGN} -P ${PROJECT_SOURCE_DIR}/cmake/expect_failure.cmake)
    set_tests_properties(${name} PROPERTIES LABELS faults TIMEOUT 600
        ENVIRONMENT "${fault_environment}")
endfunction()

# The Verilated model of a group: GROUP_rtl, with each block's RTL and its faulty RTL.
function(tessera_group_rtl group)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${group})
    file(MAKE_DIRECTORY ${dir})
    set(confs ${ARGN})
    set(faulty "")
    foreach(conf IN LISTS confs)
        get_filename_component(block ${conf} NAME_WE)
        if(TESSERA_COVERAGE)
            tessera_hollow_rtl(${block} ${dir}/${block}_faulty.sv)
        else()
            tessera_mutate(rtl ${conf} ${PROJECT_SOURCE_DIR}/rtl/${block}.sv
                ${dir}/${block}_faulty.sv ${block})
        endif()
        list(APPEND faulty ${dir}/${block}_faulty.sv)
    endforeach()
    tessera_generate(group ${dir}/${group}_bench.sv ${group} ${confs})
    tessera_generate(benches ${dir}/${group}_bench.cpp ${group} ${confs})
    tessera_verilate(${group}_rtl V${group}_bench ${faulty} ${dir}/${group}_bench.sv)
    target_sources(${group}_rtl PRIVATE ${dir}/${group}_bench.cpp)
    target_link_libraries(${group}_rtl PRIVATE tessera_cosim)
endfunction()

# The group's program. block_bodies comes first, so that no body is linked from an archive.
function(tessera_group_program group)
    set(sources "")
    foreach(conf IN LISTS ARGN)
        get_filename_component(block ${conf} NAME_WE)
        foreach(key test lockstep)
            tessera_bench_words(${conf} ${key} files)
            list(APPEND sources ${files})
        endforeach()
        if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${block}_oracle_test.cpp)
            list(APPEND sources ${block}_oracle_test.cpp)
        endif()
    endforeach()
    list(REMOVE_DUPLICATES sources)
    add_executable(${group}_test ${sources} $<TARGET_OBJECTS:block_generic_tests>)
    target_link_libraries(${group}_test PRIVATE block_bodies ${group}_rtl block_modules
        tessera_machine tessera_systemc tessera_cosim tessera_oracle GTest::gtest tessera_warnings)
endfunction()

# The tests of one block, after its group's program.
function(tessera_block_tests group conf)
    get_filename_component(block ${conf} NAME_WE)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${group})
    set(environment SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1)
    if(TESSERA_VECTORS)
        list(APPEND environment TESSERA_VECTORS=${TESSERA_VECTORS})
    endif()
    add_test(NAME ${block} COMMAND ${group}_test ${block})
    set_tests_properties(${block} PROPERTIES LABELS ${block} TIMEOUT 600
        ENVIRONMENT "${environment}")
    # The same with another seed and more vectors.
    tessera_long_test(${block}.long ${CMAKE_COMMAND} -E env TESSERA_SEED=2 TESSERA_VECTORS=100000000
        SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 $<TARGET_FILE:${group}_test> ${block})

    tessera_fault_test(${block}_fault_rtl ${group} "${block}\;--faulty-rtl")

    tessera_mutate(c ${conf} ${PROJECT_SOURCE_DIR}/models/blocks/${block}.c ${dir}/${block}.c)
    tessera_faulty_body(${block}_faulty_c tessera ${dir}/${block}.c)
    tessera_fault_test(${block}_fault_c ${group} ${block}
        -DPRELOAD=$<TARGET_FILE:${block}_faulty_c>)

    set(module block_shell_faulty)
    tessera_bench_words(${conf} systemc by_hand)
    if(by_hand)
        set(module ${block}_faulty_systemc)
        tessera_mutate(systemc ${conf} ${PROJECT_SOURCE_DIR}/sim/${by_hand}.cpp ${dir}/${block}.cpp)
        tessera_faulty_body(${module} tessera_machine ${dir}/${block}.cpp)
    endif()
    tessera_fault_test(${block}_fault_systemc ${group} ${block} -DPRELOAD=$<TARGET_FILE:${module}>)

    # All that these tests need: cmake --build build --target BLOCK_test
    add_custom_target(${block}_test DEPENDS ${group}_test ${block}_faulty_c ${module})
endfunction()

# make_module(): the SystemC module of each block, generated unless written by hand.
function(tessera_block_modules output)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/modules)
    file(MAKE_DIRECTORY ${dir})
    set(MODULE_INCLUDES "")
    set(MODULE_MAKERS "")
    set(headers "")
    foreach(conf IN LISTS ARGN)
        get_filename_component(block ${conf} NAME_WE)
        tessera_bench_words(${conf} systemc header)
        if(NOT header)
            set(header ${block})
            tessera_generate(module ${dir}/${block}.h ${conf})
            list(APPEND headers ${dir}/${block}.h)
        endif()
        string(APPEND MODULE_INCLUDES "#include \"${header}.h\"\n")
        string(APPEND MODULE_MAKERS "    {\"${block}\", make<tessera::${block}>},\n")
    endforeach()
    configure_file(make_module.cpp.in ${dir}/make_module.cpp @ONLY)
    set(${output} ${dir}/make_module.cpp ${headers} PARENT_SCOPE)
endfunction()
