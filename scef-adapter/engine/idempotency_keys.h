#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "queueing/batch.h"

namespace scef::adapter {

/// Which message an Idempotency-Key of the API stands for, for 24 h (docs/api.md). Owned by the
/// engine of a shard; pure. A scope is an External Identifier and a key.
class IdempotencyKeys {
public:
    struct Use {
        MessageId message;
        std::uint64_t content = 0;  ///< hash of all that the request said
    };

    /// Nothing if the key was never used, or too long ago.
    std::optional<Use> find(const std::string& scope, WallTime wall) const;
    /// Its record goes into `batch`.
    void remember(const std::string& scope, Use use, WallTime wall, queueing::Batch& batch);
    /// From its record; false if that can't be read.
    bool restore(ByteView key, ByteView value);

private:
    std::unordered_map<std::string, Use> uses_;
};

}  // namespace scef::adapter
