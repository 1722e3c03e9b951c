#include "scef-adapter/metrics/process_usage.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace scef::adapter {
namespace {

/// Unix time at which the machine started.
double boot_time() {
    std::ifstream file("/proc/stat");
    std::string name;
    double value = 0;
    while (file >> name) {
        if (name == "btime" && file >> value) return value;
        file.ignore(1 << 20, '\n');
    }
    return 0;
}

std::uint64_t count_open_files() {
    std::error_code error;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
         !error && entry != end; entry.increment(error)) {
        ++count;
    }
    return count;
}

}  // namespace

ProcessUsage ProcessUsage::now() {
    ProcessUsage usage;
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) return usage;
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;  // proc(5): 14 is utime
    double user = 0, system = 0, start = 0, resident_pages = 0;
    fields >> user >> system;
    for (int field = 16; field < 20; ++field) fields >> skipped;
    fields >> usage.threads >> skipped >> start >> usage.virtual_bytes >> resident_pages;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    usage.cpu_seconds = (user + system) / ticks;
    usage.start_time_seconds = boot_time() + start / ticks;
    usage.resident_bytes =
        static_cast<std::uint64_t>(resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)));
    usage.open_files = count_open_files();
    struct rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) usage.open_files_max = limit.rlim_cur;
    return usage;
}

std::uint64_t octets_of_files(const std::string& folder) {
    std::error_code error;
    std::uint64_t octets = 0;
    std::filesystem::recursive_directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        if (!entry->is_regular_file(gone) || gone) continue;
        const std::uintmax_t size = entry->file_size(gone);
        if (!gone) octets += size;
    }
    return octets;
}

}  // namespace scef::adapter
