#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <CLI/CLI.hpp>
#include <stdlib.h>

#include "tests/bench/load/rows.h"

namespace scef::bench {

const std::vector<std::pair<std::string, Row>>& all_rows() {
    static const std::vector<std::pair<std::string, Row>> rows = {
        {"ceilings", ceilings_row},     {"downlink", downlink_row}, {"uplink", uplink_row},
        {"round-trip", round_trip_row}, {"mixed", mixed_row},       {"slow-scef", slow_scef_row},
        {"latency", latency_row},       {"overload", overload_row}, {"slow", slow_row},
        {"scale", scale_row},           {"restart", restart_row}};
    return rows;
}

namespace {

/// A moment for each row: whether it works, not how fast.
void make_short(Options& options) {
    options.time = std::chrono::milliseconds(60);
    options.devices = 200;
    options.shards = 8;
    options.window = 64;
    options.connections = 8;
    options.slow_connections = 40;
    options.fleets = {200, 1'200};
    options.queued = 2'000;
}

int run(const Options& options, const std::vector<std::string>& names, const std::string& output) {
    Report report;
    int status = 0;
    for (const auto& [name, row] : all_rows()) {
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        if (const Status done = row(options, report); !done) {
            std::fprintf(stderr, "load_bench: row %s: %s\n", name.c_str(),
                         done.error().message.c_str());
            status = 1;
        }
    }
    if (output.empty()) {
        std::printf("%s\n", report.json().c_str());
    } else {
        std::ofstream file(output);
        file << report.json() << '\n';
    }
    return status;
}

}  // namespace
}  // namespace scef::bench

int main(int argc, char** argv) {
    using namespace scef::bench;
    CLI::App app("Measures scef-adapter between peers that cost next to nothing.");
    Options options;
    double time = 3;
    bool smoke = false, quick = false, list = false;
    std::vector<std::string> names;
    std::string output, program, folder;
    app.add_option("ROW", names, "rows to measure; all of them if none is named");
    app.add_option("--program", program,
                   "the adapter; by default the scef-adapter beside this program");
    app.add_option("--folder", folder,
                   "for stores; its disk is measured. By default a new one here");
    app.add_option("--json", output, "where the figures go; by default standard output");
    app.add_option("--seconds", time, "of each measurement")->check(CLI::Range(0.1, 600.0));
    app.add_option("--devices", options.devices, "of the rows that are not about scale");
    app.add_option("--connections", options.connections, "between the adapter and the SCEF");
    app.add_option("--window", options.window, "requests that are open at a time");
    app.add_flag("--smoke", smoke, "a moment for each row: whether it works");
    app.add_flag("--quick", quick, "no more than 100,000 devices and messages");
    app.add_flag("--list", list, "names the rows");
    CLI11_PARSE(app, argc, argv);
    for (const auto& [name, row] : all_rows()) {
        if (list) std::printf("%s\n", name.c_str());
    }
    if (list) return 0;
    for (const std::string& name : names) {
        if (std::none_of(all_rows().begin(), all_rows().end(),
                         [&](const auto& row) { return row.first == name; })) {
            std::fprintf(stderr, "load_bench: there is no row '%s'; see --list\n", name.c_str());
            return 1;
        }
    }
    if (names.empty()) {
        for (const auto& [name, row] : all_rows()) names.push_back(name);
    }
    options.time = std::chrono::duration_cast<scef::Duration>(std::chrono::duration<double>(time));
    if (quick) {
        options.fleets = {1'000, 10'000, 100'000};
        options.queued = 100'000;
    }
    if (smoke) make_short(options);
    options.program = program.empty()
                          ? std::filesystem::path(argv[0]).parent_path() / "scef-adapter"
                          : std::filesystem::path(program);
    std::string made;
    if (folder.empty()) {
        made = (std::filesystem::current_path() / "load-bench-XXXXXX").string();
        if (::mkdtemp(made.data()) == nullptr) {
            std::fprintf(stderr, "load_bench: no folder can be made here\n");
            return 1;
        }
    }
    options.folder = made.empty() ? std::filesystem::absolute(folder).string() : made;
    const int status = run(options, names, output);
    if (!made.empty() && status == 0) std::filesystem::remove_all(made);
    return status;
}
