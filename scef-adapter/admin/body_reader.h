#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::adapter {

/// Reads the members of an object that a person or program wrote for us, strictly: a member that
/// nobody asks for is a mistake, `null` counts as absent, and the first mistake wins. Each sentence
/// names the member.
class BodyReader {
public:
    /// `object` is a JSON object that outlives this.
    explicit BodyReader(const nlohmann::json& object) : object_(object) {}

    /// Nothing if absent; 1 to `octets_max` octets without control characters.
    std::optional<std::string> text(const char* name, std::size_t octets_max);
    std::string required_text(const char* name, std::size_t octets_max);
    std::optional<std::uint64_t> number(const char* name, std::uint64_t min, std::uint64_t max);
    /// The place of the text in `choices`.
    std::optional<std::size_t> choice(const char* name,
                                      std::initializer_list<std::string_view> choices);
    std::optional<std::vector<std::string>> texts(const char* name, std::size_t count_max,
                                                  std::size_t octets_max);
    /// The member as it is, or null.
    const nlohmann::json* any(const char* name);
    /// Refuses a member of the API that this version does not offer.
    void not_supported(const char* name);

    /// Keeps the first mistake.
    void refuse(const char* name, std::string_view what);
    void refuse(const char* name, const Error& error) { refuse(name, error.message); }
    /// One that names the member itself.
    void refuse(const Error& error);

    /// The first mistake, or the first member that was never asked for.
    Status finish();

private:
    const nlohmann::json& object_;
    std::vector<std::string_view> known_;
    std::optional<Error> mistake_;
};

}  // namespace scef::adapter
