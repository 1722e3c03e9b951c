#include "scef-adapter/admin/access_tokens.h"

#include <utility>

namespace scef::adapter {
namespace {

constexpr std::string_view key = "admin.tokens_file";

std::optional<Role> role_named(std::string_view name) {
    for (const Role role : {Role::read, Role::send, Role::admin}) {
        if (name_of(role) == name) return role;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(Role role) {
    switch (role) {
        case Role::read:
            return "read";
        case Role::send:
            return "send";
        case Role::admin:
            return "admin";
    }
    return "";
}

Result<AccessTokens> AccessTokens::read_file(const std::string& file) {
    auto text = read_token_file(file, key);
    if (!text) return tl::unexpected<Error>(std::move(text.error()));
    return parse(*text, file);
}

Result<AccessTokens> AccessTokens::parse(std::string_view text, const std::string& file) {
    AccessTokens tokens;
    const auto mistake = [&](const std::string& what) {
        return fail(Errc::invalid_argument, std::string(key) + ": " + what);
    };
    for (const TokenLine& line : token_lines(text)) {
        const std::string place = file + " line " + std::to_string(line.number) + ": ";
        const std::size_t colon = line.text.find(':');
        const auto role = role_named(line.text.substr(0, colon));
        if (colon == std::string::npos || !role) {
            return mistake(place + "expected role:token with the role read, send or admin");
        }
        if (const Status added = tokens.digests_.add(line.text.substr(colon + 1)); !added) {
            return mistake(place + added.error().message);
        }
        tokens.roles_.push_back(*role);
    }
    if (tokens.empty()) return mistake("there is no token in " + file);
    return tokens;
}

std::optional<AccessTokens::Holder> AccessTokens::holder_of(std::string_view token) const {
    const auto place = digests_.find(token);
    if (!place) return std::nullopt;
    return Holder{roles_[*place], digests_.fingerprint(*place)};
}

}  // namespace scef::adapter
