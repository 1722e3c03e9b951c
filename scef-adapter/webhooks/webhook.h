#pragma once

#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::adapter {

/// Somebody who is told of events by HTTP POST. A value; pure.
struct Webhook {
    MessageId id;                    ///< tells when it was made, too
    std::string url;                 ///< http or https
    std::vector<std::string> types;  ///< of events; empty: all
    std::string device;              ///< External Identifier; empty: all
    Bytes secret;                    ///< key of the signatures, 24 to 64 octets
    MessageId after;                 ///< the last event that it took, or that did not concern it
    friend bool operator==(const Webhook&, const Webhook&) = default;
};

/// Its hot record (RecordKind::webhook) in shard 0: the key is the id.
Bytes to_record(const Webhook& webhook);
/// `corrupt` for what is no such record.
Result<Webhook> webhook_from_record(ByteView key, ByteView value);

/// A secret as people pass it on: `whsec_` and base64 (Standard Webhooks).
std::string secret_text(ByteView secret);
/// Refuses, in a sentence that does not show it, what is no secret of 24 to 64 octets.
Result<Bytes> secret_from_text(std::string_view text);

}  // namespace scef::adapter
