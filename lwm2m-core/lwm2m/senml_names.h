#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lwm2m-core/lwm2m/path.h"
#include "lwm2m-core/lwm2m/senml.h"

/// What the two formats of SenML share: names, and how base fields apply (RFC 8428 4.1 and 4.6).
namespace scef::lwm2m {

inline constexpr std::size_t senml_records_max = 256;
/// The version of RFC 8428; a pack of a later one must not be used (RFC 8428 4.4).
inline constexpr double senml_version = 10;

/// The base name of records at or below `base`, and what is left of the name of each.
class SenmlNames {
public:
    SenmlNames(const Path& base, bool is_exact)
        : is_exact_(is_exact),
          base_name_(base.depth() == 0 || is_exact ? base.text() : base.text() + '/'),
          has_base_(base.depth() > 0) {}

    /// Nothing if each record has its full name.
    std::optional<std::string_view> base_name() const {
        return has_base_ ? std::optional<std::string_view>(base_name_) : std::nullopt;
    }
    /// Nothing if the base name says it all.
    std::optional<std::string> name_of(const Path& path) const {
        if (is_exact_) return std::nullopt;
        return has_base_ ? path.text().substr(base_name_.size()) : path.text();
    }

private:
    bool is_exact_;
    std::string base_name_;
    bool has_base_;
};

/// One record as its members say it.
struct RawSenmlRecord {
    std::optional<std::string> base_name;
    std::optional<double> base_value;
    std::string name;
    std::optional<Value> value;
    bool is_object_link = false;
};

/// Resolves the records of a pack one after the other: base name and base value hold from the
/// record that has them on.
class SenmlResolver {
public:
    /// Nothing if the whole name is no path or the sum of values is no number.
    std::optional<SenmlRecord> resolve(RawSenmlRecord&& raw) {
        if (raw.base_name) base_name_ = std::move(*raw.base_name);
        base_value_ = raw.base_value.value_or(base_value_);
        const auto path = path_of(base_name_ + raw.name);
        const auto number = raw.value ? as_number(*raw.value) : std::nullopt;
        if (number && base_value_ != 0) raw.value = Value(*number + base_value_);
        if (!path || (number && !std::isfinite(*number + base_value_))) return std::nullopt;
        return SenmlRecord{*path, std::move(raw.value), raw.is_object_link};
    }

private:
    /// One slash at the end is no harm.
    static std::optional<Path> path_of(std::string full) {
        if (full.size() > 1 && full.back() == '/') full.pop_back();
        return Path::parse(full);
    }

    std::string base_name_;
    double base_value_ = 0;
};

}  // namespace scef::lwm2m
