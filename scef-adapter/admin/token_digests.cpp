#include "scef-adapter/admin/token_digests.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "nidd/endpoint/http_text.h"

namespace scef::adapter {
namespace {

constexpr std::size_t token_octets_max = 512;

bool is_bearer_token(std::string_view text) {
    return !text.empty() && text.size() <= token_octets_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

TokenDigests::Digest TokenDigests::digest_of(std::string_view token) {
    Digest digest{};
    unsigned size = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return digest;
}

Status TokenDigests::add(std::string_view token) {
    if (!is_bearer_token(token)) {
        return fail(Errc::invalid_argument,
                    "a token has 1 to 512 visible ASCII characters and no blanks");
    }
    if (find(token)) return fail(Errc::invalid_argument, "this token was given before");
    digests_.push_back(digest_of(token));
    return {};
}

std::optional<std::size_t> TokenDigests::find(std::string_view token) const {
    const Digest digest = digest_of(token);
    std::optional<std::size_t> place;
    for (std::size_t i = 0; i < digests_.size(); ++i) {
        if (CRYPTO_memcmp(digests_[i].data(), digest.data(), digest.size()) == 0) place = i;
    }
    return place;
}

std::string TokenDigests::fingerprint(std::size_t place) const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) {
        text += digits[digests_[place][i] >> 4];
        text += digits[digests_[place][i] & 15];
    }
    return text;
}

std::vector<TokenLine> token_lines(std::string_view text) {
    std::vector<TokenLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.front() != '#') lines.push_back({number, std::string(line)});
    }
    return lines;
}

Result<std::string> read_token_file(const std::string& file, std::string_view key) {
    const auto mistake = [&](const std::string& what) {
        return fail(Errc::invalid_argument, std::string(key) + ": " + what);
    };
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return mistake(file + " is no file that can be read");
    }
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return mistake("every user may read or change " + file +
                       "; take the rights of others away");
    }
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) return mistake(file + " cannot be read");
    return text.str();
}

std::optional<std::string_view> bearer_token(const nidd::HttpRequest& request) {
    constexpr std::string_view scheme = "bearer ";
    const auto found = request.headers.find("authorization");
    if (found == request.headers.end()) return std::nullopt;
    const std::string_view credentials = found->second;
    if (nidd::to_lower(credentials.substr(0, scheme.size())) != scheme) return std::nullopt;
    return credentials.substr(scheme.size());
}

}  // namespace scef::adapter
