#pragma once

#include <cstdint>
#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/engine/direction.h"

namespace scef::adapter {

/// One charge of a device's quota, as it is kept for whoever bills it (docs/quotas.md, "Usage
/// export"). A value; pure.
struct Charge {
    /// What the frame was or was about. Stored: append only.
    enum class Subject : std::uint8_t {
        none,     ///< nothing that has an id: an uplink that answers nothing open and goes nowhere
        message,  ///< downlink: the message itself; uplink: the one that it answers
        uplink,   ///< the device's own frame on its way to its server; its copies have the same id
    };

    MessageId id;             ///< of the charge itself; made when it was charged
    std::string external_id;  ///< as text: a device's usage outlives the device
    Direction direction = Direction::downlink;
    bool is_frame = true;              ///< false: more octets of a frame that is charged already
    std::uint32_t octets = 0;          ///< on the air
    std::uint32_t octets_counted = 0;  ///< by the device's allowances, rounded up; 0: an exception
    std::uint32_t attempt = 0;         ///< of the message, from 1 on; 0: an uplink
    Subject subject = Subject::none;
    MessageId subject_id;

    friend bool operator==(const Charge&, const Charge&) = default;
};

/// Its cold record (RecordKind::charge): the key is the id, so that charges lie in order of time.
Bytes charge_key(const MessageId& id);
Bytes to_record(const Charge& charge);
/// `corrupt` for what is no such record.
Result<Charge> charge_from_record(ByteView key, ByteView value);

}  // namespace scef::adapter
