# Compiles through ccache when it is installed, in a way that works with precompiled headers and
# shares results between build directories.
find_program(SCEF_CCACHE ccache)
if(SCEF_CCACHE)
    set(SCEF_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${SCEF_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${SCEF_LAUNCHER})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${SCEF_LAUNCHER})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
    else()
        add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
    endif()
endif()
