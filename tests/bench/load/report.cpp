#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "tests/bench/load/rows.h"

namespace scef::bench {
namespace {

double milliseconds(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

void Report::add(const std::string& row, const std::string& name, double value) {
    if (rows_.empty() || rows_.back().first != row) rows_.push_back({row, {}});
    if (!std::isfinite(value)) value = 0;
    rows_.back().second.emplace_back(name, value);
    std::fprintf(stderr, "%-14s %-34s %14.3f\n", row.c_str(), name.c_str(), value);
}

void Report::add(const std::string& row, const std::string& name,
                 const LatencyHistogram& latencies) {
    add(row, name + "_p50_ms", milliseconds(latencies.percentile(0.5)));
    add(row, name + "_p99_ms", milliseconds(latencies.percentile(0.99)));
    add(row, name + "_p999_ms", milliseconds(latencies.percentile(0.999)));
}

double Report::value(const std::string& row, const std::string& name) const {
    for (const auto& [row_name, values] : rows_) {
        if (row_name != row) continue;
        for (const auto& [value_name, value] : values) {
            if (value_name == name) return value;
        }
    }
    return 0;
}

std::string Report::json() const {
    nlohmann::ordered_json rows = nlohmann::ordered_json::object();
    for (const auto& [row, values] : rows_) {
        for (const auto& [name, value] : values) rows[row][name] = value;
    }
    return rows.dump(2);
}

}  // namespace scef::bench
