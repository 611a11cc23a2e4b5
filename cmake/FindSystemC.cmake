# SPDX-License-Identifier: Apache-2.0
# SystemC::systemc, also where the package has no CMake file of its own (Debian).
find_package(SystemCLanguage CONFIG QUIET)
if(NOT TARGET SystemC::systemc)
    find_path(SystemC_INCLUDE_DIR systemc HINTS ENV SYSTEMC_INCLUDE ENV SYSTEMC_HOME
        PATH_SUFFIXES include)
    find_library(SystemC_LIBRARY systemc HINTS ENV SYSTEMC_LIBDIR ENV SYSTEMC_HOME
        PATH_SUFFIXES lib lib-linux64)
    mark_as_advanced(SystemC_INCLUDE_DIR SystemC_LIBRARY)
endif()

include(FindPackageHandleStandardArgs)
if(TARGET SystemC::systemc)
    find_package_handle_standard_args(SystemC CONFIG_MODE)
else()
    find_package_handle_standard_args(SystemC
        REQUIRED_VARS SystemC_LIBRARY SystemC_INCLUDE_DIR)
    add_library(SystemC::systemc UNKNOWN IMPORTED)
    set_target_properties(SystemC::systemc PROPERTIES
        IMPORTED_LOCATION ${SystemC_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${SystemC_INCLUDE_DIR})
endif()
