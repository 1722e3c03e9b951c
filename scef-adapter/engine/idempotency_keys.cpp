#include "scef-adapter/engine/idempotency_keys.h"

#include "queueing/record.h"

namespace scef::adapter {
namespace {

constexpr Duration life = std::chrono::hours(24);
constexpr std::uint8_t version = 1;

}  // namespace

std::optional<IdempotencyKeys::Use> IdempotencyKeys::find(const std::string& scope,
                                                          WallTime wall) const {
    const auto found = uses_.find(scope);
    if (found == uses_.end() || found->second.message.created_at() + life <= wall) {
        return std::nullopt;
    }
    return found->second;
}

void IdempotencyKeys::remember(const std::string& scope, Use use, WallTime wall,
                               queueing::Batch& batch) {
    if (uses_.size() % 1024 == 1023) {
        std::erase_if(uses_, [&](const auto& entry) {
            return entry.second.message.created_at() < wall - life;
        });
    }
    uses_[scope] = use;
    const auto& octets = use.message.octets();
    batch.put(queueing::RecordKind::idempotency, Bytes(octets.begin(), octets.end()),
              queueing::RecordWriter(version).text(scope).number(use.content).take());
}

bool IdempotencyKeys::restore(ByteView key, ByteView value) {
    queueing::RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == version;
    const std::string scope = reader.text();
    const auto content = reader.number<std::uint64_t>();
    if (!known || !reader.ok() || key.size() != 16) return false;
    uses_[scope] = {MessageId::from_octets(key), content};
    return true;
}

}  // namespace scef::adapter
