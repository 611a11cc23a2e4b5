# SPDX-License-Identifier: Apache-2.0
# Build step: SOURCES to DIR/PREFIX__ALL.cpp and, for what runs only once, DIR/PREFIX__SLOW.cpp,
# with the files they depend on in DIR/PREFIX.d.
file(REMOVE_RECURSE ${DIR})
file(MAKE_DIRECTORY ${DIR})
# Lint has a step of its own; x-assign and x-initial let a dependence on unset bits show.
execute_process(
    COMMAND ${VERILATOR} --cc -O3 -Wno-lint -Wno-style --x-assign unique --x-initial unique
        ${COVERAGE} --Mdir ${DIR} --prefix ${PREFIX} --top-module ${TOP} -y ${RTL} ${RTL}/verilator.vlt ${SOURCES}
    COMMAND_ERROR_IS_FATAL ANY)

function(join ending)
    list(TRANSFORM ARGN REPLACE ".+" "#include \"\\0\"")
    list(JOIN ARGN "\n" text)
    file(WRITE ${DIR}/${PREFIX}${ending} "${text}\n")
endfunction()

file(GLOB generated RELATIVE ${DIR} ${DIR}/*.cpp)
set(slow ${generated})
list(FILTER slow INCLUDE REGEX "__Slow")
list(FILTER generated EXCLUDE REGEX "__Slow")
join(__ALL.cpp ${generated})
join(__SLOW.cpp ${slow})

file(READ ${DIR}/${PREFIX}__ver.d dependencies)
string(REGEX REPLACE "^.* : " "" dependencies "${dependencies}")
file(WRITE ${DIR}/${PREFIX}.d "${DIR}/${PREFIX}__ALL.cpp: ${dependencies}")
