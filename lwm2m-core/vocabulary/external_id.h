#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef {

/// Number of a logical shard. A device belongs to the shard that its External Identifier hashes to.
using ShardId = std::uint16_t;

/// An External Identifier, `local-part@domain` (TS 23.682 4.6, `externalId` of TS 29.122): the name
/// under which the SCEF knows a device. The local part has 1 to 64 characters of
/// `A-Za-z0-9._+-`, the domain 1 to 189 of `A-Za-z0-9.-` and is kept in lower case; the local part
/// is case-sensitive. Never a metric label.
class ExternalId {
public:
    /// Refuses everything outside the grammar with one sentence.
    static Result<ExternalId> parse(std::string_view text);

    /// The empty identifier: no device.
    ExternalId() = default;

    const std::string& text() const { return text_; }
    std::string_view domain() const;
    bool empty() const { return text_.empty(); }

    /// The shard of this device among `shards`: `stable_hash(text) mod shards`. Fixed for the life
    /// of a store.
    ShardId shard(std::uint16_t shards) const;

    friend auto operator<=>(const ExternalId&, const ExternalId&) = default;

private:
    explicit ExternalId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace scef

template <>
struct std::hash<scef::ExternalId> {
    std::size_t operator()(const scef::ExternalId& id) const noexcept {
        return std::hash<std::string>{}(id.text());
    }
};
