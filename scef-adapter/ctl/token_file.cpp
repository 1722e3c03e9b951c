#include "scef-adapter/ctl/token_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {
namespace {

constexpr std::array<std::string_view, 3> roles{"read:", "send:", "admin:"};

/// The whole of it. What is no file's name may be the secret itself: it is not shown.
Result<std::string> text_in(const std::string& file, const std::string& option) {
    std::ifstream stream(file);
    std::ostringstream text;
    if (stream) text << stream.rdbuf();
    if (!stream)
        return fail(Errc::invalid_argument, option + ": the file named there cannot be read");
    return text.str();
}

}  // namespace

Result<std::string> token_of(std::string_view text, const std::string& file) {
    std::string token;
    std::size_t rank = 0;  // 0: none, 1 to 3: a role's, 4: a bare token
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        std::size_t found = roles.size() + 1;
        for (std::size_t i = 0; i < roles.size(); ++i) {
            if (!line.starts_with(roles[i])) continue;
            line.remove_prefix(roles[i].size());
            found = i + 1;
            break;
        }
        if (line.find_first_of(" \t:") != std::string_view::npos) {
            return fail(
                Errc::invalid_argument,
                "--token-file: " + file + " has a line that is neither TOKEN nor ROLE:TOKEN");
        }
        if (found > rank) {
            token = line;
            rank = found;
        }
    }
    if (token.empty()) {
        return fail(Errc::invalid_argument, "--token-file: there is no token in " + file);
    }
    return token;
}

Result<std::string> secret_of(std::string_view text, const std::string& file) {
    std::string secret;
    std::size_t lines = 0;
    for_each_line(text, [&](std::size_t, std::string_view line) {
        secret = line;
        ++lines;
    });
    if (lines != 1) {
        return fail(Errc::invalid_argument,
                    "--secret-file: " + file + " must have one line, with the secret");
    }
    return secret;
}

Result<std::string> read_token_file(const std::string& file) {
    const auto text = text_in(file, "--token-file");
    return text ? token_of(*text, file) : tl::unexpected(text.error());
}

Result<std::string> read_secret_file(const std::string& file) {
    const auto text = text_in(file, "--secret-file");
    return text ? secret_of(*text, file) : tl::unexpected(text.error());
}

}  // namespace scef::ctl
