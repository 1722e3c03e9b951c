#include "scef-adapter/engine/dead_letter.h"

#include "queueing/record.h"

namespace scef::adapter {

using queueing::RecordKind;
using queueing::RecordReader;
using queueing::RecordWriter;

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t id_octets = 16;

}  // namespace

void bury(const queueing::Message& message, const std::string& external_id, WallTime wall,
          queueing::Batch& batch) {
    batch.put(RecordKind::dead_letter, RecordWriter().raw(message.id.octets()).take(),
              RecordWriter(version)
                  .text(external_id)
                  .text(message.end_detail)
                  .time(wall)
                  .octets(queueing::to_record(message))
                  .take());
}

void note_replay(const queueing::Message& message, queueing::Batch& batch) {
    batch.put(RecordKind::dead_letter, RecordWriter().raw(message.id.octets()).flag(true).take(),
              RecordWriter(version).raw(message.replayed_as.octets()).take());
}

Result<DeadLetter> dead_letter_from_record(ByteView value) {
    RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == version;
    DeadLetter letter;
    letter.external_id = reader.text();
    letter.detail = reader.text();
    letter.ended_at = reader.time();
    const ByteView record = reader.octets();
    if (!known || !reader.ok()) return fail(Errc::corrupt, "a dead letter cannot be read");
    auto message = queueing::message_from_record(record);
    if (!message) return tl::unexpected<Error>(std::move(message.error()));
    letter.message = std::move(*message);
    return letter;
}

std::optional<MessageId> replay_from_record(ByteView key, ByteView value) {
    RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == version;
    const ByteView id = reader.raw(id_octets);
    if (!known || !reader.ok() || key.size() != id_octets + 1) return std::nullopt;
    return MessageId::from_octets(id);
}

}  // namespace scef::adapter
