#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/endpoint/http_listener.h"

namespace scef::adapter {

/// Bearer tokens, kept as SHA-256 digests only, by their place in the order of adding. Any thread,
/// once it is filled.
class TokenDigests {
public:
    /// Refuses what is no token (1 to 512 visible ASCII characters) and one that was added before.
    Status add(std::string_view token);
    bool empty() const { return digests_.empty(); }
    /// Takes the same time whatever the token and wherever it stands.
    std::optional<std::size_t> find(std::string_view token) const;
    /// The first 8 hexadecimal digits of the digest: names a token without showing it.
    std::string fingerprint(std::size_t place) const;

private:
    using Digest = std::array<std::uint8_t, 32>;
    static Digest digest_of(std::string_view token);

    std::vector<Digest> digests_;
};

/// The lines of a file of tokens with their numbers, without empty ones and comments (`#`). Refuses
/// a file that others may read or change, in a sentence that begins with `key`, the configuration's
/// name for the file.
struct TokenLine {
    std::size_t number = 0;
    std::string text;
};
std::vector<TokenLine> token_lines(std::string_view text);
Result<std::string> read_token_file(const std::string& file, std::string_view key);

/// The token of `Authorization: Bearer …` (RFC 6750 2.1); nothing if there is none.
std::optional<std::string_view> bearer_token(const nidd::HttpRequest& request);

}  // namespace scef::adapter
