# Every third-party library, each behind one target named scef::<name>. Folders link what
# docs/HACKING.md allows them; nothing here leaks into a folder that did not ask for it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(scef_header_only name include_dir)
    add_library(scef_dep_${name} INTERFACE)
    target_include_directories(scef_dep_${name} SYSTEM INTERFACE ${include_dir})
    add_library(scef::${name} ALIAS scef_dep_${name})
endfunction()

function(scef_imported name)
    add_library(scef_dep_${name} INTERFACE)
    target_link_libraries(scef_dep_${name} INTERFACE ${ARGN})
    add_library(scef::${name} ALIAS scef_dep_${name})
endfunction()

find_package(tl-expected REQUIRED)
scef_imported(expected tl::expected)

find_package(nlohmann_json REQUIRED)
scef_imported(json nlohmann_json::nlohmann_json)

find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
scef_imported(openssl OpenSSL::SSL OpenSSL::Crypto)
scef_imported(boost Boost::headers Threads::Threads)

find_package(RocksDB REQUIRED)
scef_imported(rocksdb RocksDB::rocksdb-shared)

find_package(yaml-cpp REQUIRED)
scef_imported(yaml yaml-cpp)
find_package(CLI11 REQUIRED)
scef_imported(cli11 CLI11::CLI11)
find_package(spdlog REQUIRED)
scef_imported(spdlog spdlog::spdlog)

pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
scef_imported(systemd PkgConfig::SYSTEMD)
# Nobody calls it by name: it takes the place of malloc, and must be linked all the same.
find_library(SCEF_JEMALLOC jemalloc REQUIRED)
scef_imported(jemalloc -Wl,--push-state,--no-as-needed ${SCEF_JEMALLOC} -Wl,--pop-state)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
scef_imported(prometheus PkgConfig::PROMETHEUS)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
scef_imported(httplib PkgConfig::HTTPLIB Threads::Threads)
pkg_check_modules(COAP REQUIRED IMPORTED_TARGET libcoap-3-notls)
scef_imported(libcoap PkgConfig::COAP)

if(SCEF_BUILD_TESTS)
    find_package(GTest REQUIRED)
    scef_imported(gtest GTest::gmock GTest::gtest)
    scef_imported(gtest_main GTest::gmock_main GTest::gtest)
    find_package(rapidcheck REQUIRED)
    scef_imported(rapidcheck rapidcheck)
    find_package(benchmark REQUIRED)
    scef_imported(benchmark benchmark::benchmark)
endif()
