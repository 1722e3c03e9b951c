#pragma once

#include <cstdint>
#include <string>

namespace scef::adapter {

/// What this process takes from the system, read from /proc; 0 where that cannot be told.
struct ProcessUsage {
    double cpu_seconds = 0;
    double start_time_seconds = 0;  ///< Unix time
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_files = 0;
    std::uint64_t open_files_max = 0;
    std::uint64_t threads = 0;

    static ProcessUsage now();
};

/// Size of all files below a folder; 0 where that cannot be told. Files that go meanwhile are no
/// error.
std::uint64_t octets_of_files(const std::string& folder);

}  // namespace scef::adapter
