# SPDX-License-Identifier: Apache-2.0
# Languages, warnings, build type and output directories of every target.
include(GNUInstallDirs)

set(CMAKE_C_STANDARD 17)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
foreach(language C CXX)
    if(CCACHE AND NOT CMAKE_${language}_COMPILER_LAUNCHER)
        set(CMAKE_${language}_COMPILER_LAUNCHER ${CCACHE})
    endif()
endforeach()

# The dispatcher looks for its verbs in ../libexec/tessera, here as where it is installed.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(TESSERA_LIBEXEC_DIR libexec/tessera)

# Link this privately to Tessera's own targets; generated code goes without.
add_library(tessera_warnings INTERFACE)
target_compile_options(tessera_warnings INTERFACE
    -Wall -Wextra -Wshadow -Wpointer-arith -Wundef
    "$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes;-Wconversion;-Wsign-conversion>"
    $<$<BOOL:${TESSERA_WERROR}>:-Werror>)
