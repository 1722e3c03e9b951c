#include "scef-adapter/engine/charge_record.h"

#include "queueing/record.h"

namespace scef::adapter {
namespace {

constexpr std::uint8_t version = 1;

}  // namespace

Bytes charge_key(const MessageId& id) { return {id.octets().begin(), id.octets().end()}; }

Bytes to_record(const Charge& charge) {
    queueing::RecordWriter writer(version);
    writer.text(charge.external_id)
        .number(charge.direction)
        .flag(charge.is_frame)
        .number(charge.octets)
        .number(charge.octets_counted)
        .number(charge.attempt)
        .number(charge.subject);
    if (charge.subject != Charge::Subject::none) writer.raw(charge.subject_id.octets());
    return writer.take();
}

Result<Charge> charge_from_record(ByteView key, ByteView value) {
    queueing::RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == version;
    Charge charge;
    charge.id = MessageId::from_octets(key);
    charge.external_id = reader.text();
    charge.direction = reader.enumerator(Direction::uplink);
    charge.is_frame = reader.flag();
    charge.octets = reader.number<std::uint32_t>();
    charge.octets_counted = reader.number<std::uint32_t>();
    charge.attempt = reader.number<std::uint32_t>();
    charge.subject = reader.enumerator(Charge::Subject::uplink);
    if (charge.subject != Charge::Subject::none) {
        charge.subject_id = MessageId::from_octets(reader.raw(charge.id.octets().size()));
    }
    if (!known || !reader.ok() || !reader.at_end() || charge.id.empty()) {
        return fail(Errc::corrupt, "a record of a charge cannot be read");
    }
    return charge;
}

}  // namespace scef::adapter
