#include "lwm2m-core/vocabulary/external_id.h"

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {
namespace {

constexpr std::size_t local_part_max = 64;
constexpr std::size_t domain_max = 189;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_local_part(std::string_view text) {
    if (text.empty() || text.size() > local_part_max) return false;
    for (const char c : text) {
        if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '+' && c != '-') return false;
    }
    return true;
}

bool is_domain(std::string_view text) {
    if (text.empty() || text.size() > domain_max) return false;
    for (const char c : text) {
        if (!is_alphanumeric(c) && c != '.' && c != '-') return false;
    }
    return text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

}  // namespace

Result<ExternalId> ExternalId::parse(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || !is_local_part(text.substr(0, at)) ||
        !is_domain(text.substr(at + 1))) {
        return fail(Errc::malformed,
                    "not an External Identifier: expected local-part@domain with the characters "
                    "A-Z a-z 0-9 . _ + - before the @ (at most 64) and A-Z a-z 0-9 . - after it");
    }
    std::string canonical(text);
    for (std::size_t i = at; i < canonical.size(); ++i) {
        if (canonical[i] >= 'A' && canonical[i] <= 'Z') {
            canonical[i] = static_cast<char>(canonical[i] - 'A' + 'a');
        }
    }
    return ExternalId(std::move(canonical));
}

std::string_view ExternalId::domain() const {
    const std::size_t at = text_.find('@');
    return at == std::string::npos ? std::string_view{} : std::string_view(text_).substr(at + 1);
}

ShardId ExternalId::shard(std::uint16_t shards) const {
    return static_cast<ShardId>(stable_hash(text_) % shards);
}

}  // namespace scef
