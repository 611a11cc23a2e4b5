# SPDX-License-Identifier: Apache-2.0
# tessera_verb(NAME SOURCES... [LIBRARIES...]): a program behind `tessera NAME`.
#
# The dispatcher finds it by its place and file name, and asks it for --summary
# (one line) and --help; nothing else has to know of it.
# All of them, and the dispatcher, without the tests: cmake --build build --target programs
add_custom_target(programs)

function(tessera_verb name)
    cmake_parse_arguments(PARSE_ARGV 1 verb "" "" "SOURCES;LIBRARIES")
    set(target tessera-${name})
    add_executable(${target} ${verb_SOURCES})
    target_link_libraries(${target} PRIVATE ${verb_LIBRARIES} tessera_cli tessera_warnings)
    target_compile_definitions(${target} PRIVATE _DEFAULT_SOURCE)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${TESSERA_LIBEXEC_DIR}
        INSTALL_RPATH "$ORIGIN/../../${CMAKE_INSTALL_LIBDIR}")
    add_dependencies(programs ${target})
    install(TARGETS ${target} RUNTIME DESTINATION ${TESSERA_LIBEXEC_DIR})
endfunction()
