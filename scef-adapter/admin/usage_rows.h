#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "scef-adapter/engine/charge_record.h"

/// The two tables of a usage export, as CSV (docs/quotas.md, "Usage export"). Pure.
namespace scef::adapter {

/// A row for each charge.
std::string usage_header();
std::string usage_row(const Charge& charge);

/// Sums for each device and direction: of the charges of one shard, because a device lives in one.
class UsageSummary {
public:
    static std::string header();

    void add(const Charge& charge);
    std::size_t size() const { return sums_.size(); }
    /// The rows in order of device and direction; it is empty after that.
    std::string take_rows();

private:
    struct Sum {
        std::uint64_t messages = 0, octets = 0, octets_counted = 0;
        WallTime first{}, last{};
    };
    std::map<std::pair<std::string, Direction>, Sum> sums_;
};

}  // namespace scef::adapter
