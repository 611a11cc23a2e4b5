# SPDX-License-Identifier: Apache-2.0
# Installs libtessera with its headers, CMake package and pkg-config file.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Tessera)
install(TARGETS tessera EXPORT TesseraTargets)
install(DIRECTORY include/tessera DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(EXPORT TesseraTargets NAMESPACE Tessera:: DESTINATION ${package_dir})

configure_package_config_file(TesseraConfig.cmake.in TesseraConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(TesseraConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/TesseraConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/TesseraConfigVersion.cmake
    DESTINATION ${package_dir})

# A static library does not carry its own dependencies to the linker.
set(PC_LIBS_PRIVATE "-lm -pthread")
if(BUILD_SHARED_LIBS)
    set(PC_LIBS "-L\${libdir} -ltessera")
else()
    set(PC_LIBS "-L\${libdir} -ltessera ${PC_LIBS_PRIVATE}")
endif()
file(RELATIVE_PATH PC_PREFIX
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(tessera.pc.in tessera.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tessera.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
