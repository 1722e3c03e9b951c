#pragma once

#include <optional>
#include <string>

#include "queueing/batch.h"
#include "queueing/message.h"

/// Messages that ended DEAD, once more by themselves: so that they can be listed without looking at
/// all others that ended. Kept as long as these. Pure.
namespace scef::adapter {

struct DeadLetter {
    std::string external_id;  ///< empty: the device was gone
    std::string detail;       ///< of the last attempt, as in the timeline
    WallTime ended_at{};
    queueing::Message message;
};

/// Into the batch in which the message ends.
void bury(const queueing::Message& message, const std::string& external_id, WallTime wall,
          queueing::Batch& batch);
/// It was sent again as `message.replayed_as`: a record of its own, behind that of the letter.
void note_replay(const queueing::Message& message, queueing::Batch& batch);

/// A record of kind dead_letter: a letter, or the note that the one before it was sent again.
Result<DeadLetter> dead_letter_from_record(ByteView value);
std::optional<MessageId> replay_from_record(ByteView key, ByteView value);

}  // namespace scef::adapter
