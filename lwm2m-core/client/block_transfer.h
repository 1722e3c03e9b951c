#pragma once

#include <optional>
#include <string>

#include "lwm2m-core/coap/message.h"

namespace scef::client {

/// Puts the blocks of one large request together (RFC 7959 2.5). A new first block drops what was
/// there.
class RequestBlocks {
public:
    /// Nothing: `request` is whole (its payload replaced if it came in blocks). Else the code to
    /// answer for this block: 2.31, 4.08 or 4.13.
    /// 4.13 is for more than `payload_max` octets.
    std::optional<coap::Code> take(coap::Message& request, std::size_t payload_max);

private:
    std::string key_;
    Bytes payload_;
};

/// Cuts the payload of `response` to the block that `request` asks for, or to the first one if it
/// is larger than 1024 octets (RFC 7959 2.4).
void cut_to_block(coap::Message& response, const coap::Message* request);

}  // namespace scef::client
