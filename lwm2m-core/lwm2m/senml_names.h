#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/lwm2m/path.h"

/// The names of SenML records (RFC 8428 4.1), which the two formats share.
namespace scef::lwm2m {

inline constexpr std::size_t senml_records_max = 256;

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

/// The path that a base name and a name give together; one slash at the end is no harm.
inline std::optional<Path> path_of_names(std::string full) {
    if (full.size() > 1 && full.back() == '/') full.pop_back();
    return Path::parse(full);
}

}  // namespace scef::lwm2m
