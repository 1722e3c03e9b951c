#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/admin/token_digests.h"

namespace scef::adapter {

/// What a caller may do; each role includes the ones before it.
enum class Role : std::uint8_t {
    read,   ///< look at everything
    send,   ///< and enqueue, cancel and purge messages
    admin,  ///< and add, change, pause and remove devices
};

std::string_view name_of(Role role);

/// The bearer tokens of the admin API, kept as SHA-256 digests only. Immutable; any thread.
class AccessTokens {
public:
    /// No tokens: everyone may do everything (the listener is on loopback then).
    AccessTokens() = default;

    /// Reads lines `role:token`; empty lines and lines with `#` are skipped. Refuses, with one
    /// sentence that never shows a token: a file that others may read, an unknown role, an empty or
    /// repeated token, a file without tokens.
    static Result<AccessTokens> read_file(const std::string& file);
    static Result<AccessTokens> parse(std::string_view text, const std::string& file);

    bool empty() const { return digests_.empty(); }
    /// Whose a token is. Takes the same time whatever the token and wherever it stands.
    struct Holder {
        Role role = Role::read;
        std::string fingerprint;  ///< names the token without showing it
    };
    std::optional<Holder> holder_of(std::string_view token) const;

private:
    TokenDigests digests_;
    std::vector<Role> roles_;  ///< by place
};

}  // namespace scef::adapter
