#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/t8_api.h"

namespace scef::scef_simulator {

/// The OAuth 2.0 authorization server of T8 (RFC 6749 4.4, client credentials): gives tokens, knows
/// which are valid and takes them all back at once. Any thread.
class TokenService final : public T8Api {
public:
    explicit TokenService(OAuth2Settings settings);

    std::optional<T8Call> call_of(const HttpRequest& request) override;
    HttpAnswer serve(const HttpRequest& request) override;

    /// The answer to a T8 request without a valid token (RFC 6750 3); none if it has one, or if
    /// none is asked for.
    std::optional<HttpAnswer> refusal_of(const HttpRequest& request);

    /// No token given so far is valid any more. How many those were.
    std::size_t revoke_all();

private:
    bool is_valid(const std::string& token);
    HttpAnswer grant();

    OAuth2Settings settings_;
    std::mutex mutex_;
    std::unordered_map<std::string, Instant> tokens_;  ///< with the end of each
};

}  // namespace scef::scef_simulator
