# scef_library(<name> SOURCES ... [LINK ...] [PRIVATE_LINK ...]) and scef_program(<name> ...):
# the one way to declare a target, so that warnings, sanitizers and include roots are the same
# everywhere.
add_library(scef_warnings INTERFACE)
target_compile_options(scef_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
    # Optimising, gcc 12 invents these for joined strings and moved optionals (gcc bugs 105329, 105651,
    # 80635). The address sanitizer looks for the same mistakes and does not guess.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-maybe-uninitialized>
    $<$<BOOL:${SCEF_WARNINGS_AS_ERRORS}>:-Werror>)

if(SCEF_SANITIZE STREQUAL "address")
    # Left out: what the address sanitizer finds by itself (null), what does nothing without
    # optimisation (object-size), and what costs a quarter of the build and finds nothing on x86
    # (alignment) or needs file descriptors of its own (vptr).
    add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,object-size,alignment,vptr,function
        -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(SCEF_SANITIZE STREQUAL "thread")
    # Asio uses fences, which the sanitizer does not see; it works without understanding them.
    add_compile_options(-fsanitize=thread $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    add_link_options(-fsanitize=thread)
endif()

find_program(SCEF_MOLD mold)
if(SCEF_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# Addresses of libraries are found at the start and cannot be changed afterwards.
add_link_options($<$<CONFIG:Release>:-Wl,-z,relro,-z,now>)

function(scef_library name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK} scef_warnings)
    if(NOT ARG_PCH)
        set(ARG_PCH std)
    endif()
    scef_precompile(${name} ${ARG_PCH})
endfunction()

function(scef_program name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${ARG_LINK} scef_warnings)
    if(NOT ARG_PCH)
        set(ARG_PCH std)
    endif()
    scef_precompile(${name} ${ARG_PCH})
endfunction()

# scef_precompile(<target> std|json|net|test): the expensive headers of that kind, compiled once for
# all libraries and once for all programs (their code differs in -fPIC and -fPIE). A target that uses
# them keeps the flags of every other; -Winvalid-pch tells if one does not. They only save time: every
# file includes what it uses, and -DSCEF_PRECOMPILE=OFF builds without them.
option(SCEF_PRECOMPILE "Precompile headers" ON)
set(SCEF_PCH_std <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <deque>
    <filesystem> <fstream> <functional> <future> <iostream> <map> <memory> <mutex> <optional> <random>
    <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <variant> <vector>
    <tl/expected.hpp>)
set(SCEF_PCH_std_LINK scef::expected)
set(SCEF_PCH_json ${SCEF_PCH_std} <nlohmann/json.hpp>)
set(SCEF_PCH_json_LINK ${SCEF_PCH_std_LINK} scef::json)
set(SCEF_PCH_net ${SCEF_PCH_json} <boost/asio.hpp> <boost/asio/ssl.hpp> <boost/beast/core.hpp>
    <boost/beast/http.hpp>)
set(SCEF_PCH_net_LINK ${SCEF_PCH_json_LINK} scef::boost scef::openssl)
set(SCEF_PCH_test ${SCEF_PCH_json} <gtest/gtest.h> <gmock/gmock.h> <rapidcheck.h>)
set(SCEF_PCH_test_LINK ${SCEF_PCH_json_LINK} scef::gtest scef::rapidcheck)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp
    CONTENT "// Only the precompiled headers of its targets are wanted.\n")

function(scef_precompile target kind)
    if(NOT DEFINED SCEF_PCH_${kind})
        message(FATAL_ERROR "scef_precompile: unknown kind ${kind}")
    endif()
    if(NOT SCEF_PRECOMPILE)
        return()
    endif()
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
        set(shared scef_pch_${kind}_program)
    else()
        set(shared scef_pch_${kind}_library)
    endif()
    if(NOT TARGET ${shared})
        add_library(${shared} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cpp)
        target_link_libraries(${shared} PRIVATE ${SCEF_PCH_${kind}_LINK} scef_warnings)
        if(type STREQUAL "EXECUTABLE")
            set_target_properties(${shared} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
            target_compile_options(${shared} PRIVATE -fPIE)
        endif()
        target_precompile_headers(${shared} PRIVATE ${SCEF_PCH_${kind}})
    endif()
    target_precompile_headers(${target} REUSE_FROM ${shared})
endfunction()

# scef_text_literals(<file> <variable>): its text as C++ string literals with a comma behind each, of
# less than 64 KiB, which every compiler takes, and of whole lines. The build is configured anew when
# it changes.
function(scef_text_literals file variable)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} left)
    set(literals "")
    while(NOT left STREQUAL "")
        string(SUBSTRING "${left}" 0 32768 piece)
        string(FIND "${piece}" "\n" line_end REVERSE)
        math(EXPR line_end "${line_end} + 1")
        string(SUBSTRING "${left}" 0 ${line_end} piece)
        string(SUBSTRING "${left}" ${line_end} -1 left)
        string(APPEND literals "R\"text(${piece})text\",\n")
    endwhile()
    set(${variable} "${literals}" PARENT_SCOPE)
endfunction()
