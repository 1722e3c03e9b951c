# scef_library(<name> SOURCES ... [LINK ...] [PRIVATE_LINK ...]) and scef_program(<name> ...):
# the one way to declare a target, so that warnings, sanitizers and include roots are the same
# everywhere.
add_library(scef_warnings INTERFACE)
target_compile_options(scef_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${SCEF_WARNINGS_AS_ERRORS}>:-Werror>)

if(SCEF_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(SCEF_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread)
    add_link_options(-fsanitize=thread)
endif()

find_program(SCEF_MOLD mold)
if(SCEF_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_link_options(-fuse-ld=mold)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    find_program(SCEF_LLD NAMES ld.lld-16 ld.lld)
    if(SCEF_LLD)
        add_link_options(--ld-path=${SCEF_LLD})
    endif()
endif()

function(scef_library name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK} scef_warnings)
    if(ARG_PCH)
        scef_precompile(${name} ${ARG_PCH})
    endif()
endfunction()

function(scef_program name)
    cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${ARG_LINK} scef_warnings)
    if(ARG_PCH)
        scef_precompile(${name} ${ARG_PCH})
    endif()
endfunction()

# scef_precompile(<target> net|json|test): the expensive third-party headers of that kind.
function(scef_precompile target kind)
    if(kind STREQUAL "net")
        target_precompile_headers(${target} PRIVATE <boost/asio.hpp> <boost/beast/core.hpp>
            <boost/beast/http.hpp> <nlohmann/json.hpp>)
    elseif(kind STREQUAL "json")
        target_precompile_headers(${target} PRIVATE <nlohmann/json.hpp>)
    elseif(kind STREQUAL "test")
        target_precompile_headers(${target} PRIVATE <gtest/gtest.h> <gmock/gmock.h>)
    else()
        message(FATAL_ERROR "scef_precompile: unknown kind ${kind}")
    endif()
endfunction()
