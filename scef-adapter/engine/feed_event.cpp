#include "scef-adapter/engine/feed_event.h"

#include <array>

#include "queueing/record.h"

namespace scef::adapter {
namespace {

using queueing::RecordReader;
using queueing::RecordWriter;

constexpr std::uint8_t version = 1;
/// Places in FeedEvent::what. Stored: append only.
enum class Type : std::uint8_t { message, registration, configuration, uplink };

Bytes read_octets(RecordReader& reader) {
    const ByteView octets = reader.octets();
    return {octets.begin(), octets.end()};
}

void write(RecordWriter& writer, const MessageOutcome& outcome) {
    writer.raw(outcome.message.octets())
        .text(outcome.correlation_id)
        .number(outcome.state)
        .number(outcome.level)
        .number(outcome.reason)
        .number(outcome.attempts)
        .time(outcome.created_at)
        .text(outcome.detail)
        .flag(outcome.is_late)
        .flag(outcome.is_of_api)
        .number(outcome.response_code ? outcome.response_code->octet : std::uint8_t{0})
        .octets(outcome.response_payload);
}

void write(RecordWriter& writer, const RegistrationChange& change) {
    writer.number(change.kind).text(change.server).text(change.endpoint_name);
}

void write(RecordWriter& writer, const ConfigurationChange& change) {
    writer.number(change.status).text(change.cause);
}

void write(RecordWriter& writer, const OpaqueUplink& uplink) { writer.octets(uplink.octets); }

MessageOutcome read_outcome(RecordReader& reader) {
    MessageOutcome outcome;
    outcome.message = MessageId::from_octets(reader.raw(16));
    outcome.correlation_id = reader.text();
    outcome.state = reader.enumerator(queueing::MessageState::unconfirmed);
    outcome.level = reader.enumerator(queueing::DeliveryLevel::coap);
    outcome.reason = reader.enumerator(queueing::Reason::last);
    outcome.attempts = reader.number<std::uint32_t>();
    outcome.created_at = reader.time();
    outcome.detail = reader.text();
    outcome.is_late = reader.flag();
    outcome.is_of_api = reader.flag();
    const auto code = reader.number<std::uint8_t>();
    if (code != 0) outcome.response_code = coap::Code::from_octet(code);
    outcome.response_payload = read_octets(reader);
    return outcome;
}

RegistrationChange read_registration(RecordReader& reader) {
    RegistrationChange change;
    change.kind = reader.enumerator(RegistrationChange::Kind::ended);
    change.server = reader.text();
    change.endpoint_name = reader.text();
    return change;
}

ConfigurationChange read_configuration(RecordReader& reader) {
    ConfigurationChange change;
    change.status = reader.enumerator(NiddLink::Status::refused);
    change.cause = reader.text();
    return change;
}

}  // namespace

std::string_view type_of(const FeedEvent& event) {
    constexpr std::array<std::string_view, 4> names{"message", "registration", "configuration",
                                                    "uplink"};
    return names[event.what.index()];
}

Bytes to_record(const FeedEvent& event) {
    RecordWriter writer(version);
    writer.number(static_cast<Type>(event.what.index())).text(event.device).time(event.at);
    std::visit([&](const auto& what) { write(writer, what); }, event.what);
    return writer.take();
}

Result<FeedEvent> feed_event_from_record(ByteView key, ByteView value) {
    RecordReader reader(value);
    const bool is_known = reader.number<std::uint8_t>() == version;
    FeedEvent event;
    event.id = MessageId::from_octets(key);
    const Type type = reader.enumerator(Type::uplink);
    event.device = reader.text();
    event.at = reader.time();
    switch (type) {
        case Type::message:
            event.what = read_outcome(reader);
            break;
        case Type::registration:
            event.what = read_registration(reader);
            break;
        case Type::configuration:
            event.what = read_configuration(reader);
            break;
        case Type::uplink:
            event.what = OpaqueUplink{read_octets(reader)};
            break;
    }
    if (!is_known || !reader.ok() || event.id.empty()) {
        return fail(Errc::corrupt, "an event record cannot be read");
    }
    return event;
}

}  // namespace scef::adapter
