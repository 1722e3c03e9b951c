#include "scef-adapter/admin/access_tokens.h"

#include <fstream>
#include <sstream>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>

namespace scef::adapter {
namespace {

constexpr std::size_t token_octets_max = 512;

std::optional<Role> role_named(std::string_view name) {
    for (const Role role : {Role::read, Role::send, Role::admin}) {
        if (name_of(role) == name) return role;
    }
    return std::nullopt;
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_token(std::string_view text) {
    if (text.empty() || text.size() > token_octets_max) return false;
    for (const char c : text) {
        if (c <= ' ' || c > '~') return false;
    }
    return true;
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

AccessTokens::Digest AccessTokens::digest_of(std::string_view token) {
    Digest digest{};
    unsigned size = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return digest;
}

Result<AccessTokens> AccessTokens::read_file(const std::string& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return fail(Errc::invalid_argument,
                    "admin.tokens_file: " + file + " is no file that can be read");
    }
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return fail(Errc::invalid_argument, "admin.tokens_file: every user may read or change " +
                                                file + "; take the rights of others away");
    }
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
        return fail(Errc::invalid_argument, "admin.tokens_file: " + file + " cannot be read");
    }
    return parse(text.str(), file);
}

Result<AccessTokens> AccessTokens::parse(std::string_view text, const std::string& file) {
    AccessTokens tokens;
    std::size_t number = 0;
    const auto mistake = [&](const std::string& what) {
        return fail(Errc::invalid_argument,
                    "admin.tokens_file: " + file + " line " + std::to_string(number) + ": " + what);
    };
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#') continue;
        const std::size_t colon = line.find(':');
        const auto role = role_named(line.substr(0, colon));
        if (colon == std::string_view::npos || !role) {
            return mistake("expected role:token with the role read, send or admin");
        }
        const std::string_view token = line.substr(colon + 1);
        if (!is_token(token)) {
            return mistake("a token has 1 to 512 visible ASCII characters and no blanks");
        }
        if (tokens.role_of(token)) return mistake("this token was given before");
        tokens.tokens_.push_back({digest_of(token), *role});
    }
    if (tokens.empty()) {
        return fail(Errc::invalid_argument, "admin.tokens_file: there is no token in " + file);
    }
    return tokens;
}

std::optional<Role> AccessTokens::role_of(std::string_view token) const {
    const Digest digest = digest_of(token);
    std::optional<Role> role;
    for (const Entry& entry : tokens_) {
        if (CRYPTO_memcmp(entry.digest.data(), digest.data(), digest.size()) == 0) {
            role = entry.role;
        }
    }
    return role;
}

}  // namespace scef::adapter
