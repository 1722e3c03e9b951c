#include "scef-adapter/admin/message_json.h"

#include <array>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "queueing/operation_name.h"
#include "queueing/record.h"

namespace scef::adapter {
namespace {

using nlohmann::json;
using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Priority;
using queueing::Reason;

constexpr std::uint8_t timeline_version = 1;

json text_or_null(std::string_view text) { return text.empty() ? json(nullptr) : json(text); }

json id_or_null(const MessageId& id) { return id.empty() ? json(nullptr) : json(id.text()); }

/// `GET /3/0/0`: enough to know it again. Nothing of what is no CoAP.
json request_of(const queueing::Message& message) {
    static constexpr std::array<std::string_view, 8> methods{"",       "GET",   "POST",  "PUT",
                                                             "DELETE", "FETCH", "PATCH", "iPATCH"};
    const std::size_t method = message.frame.code.octet;
    if (message.kind != queueing::MessageKind::request || method >= methods.size()) return nullptr;
    std::string text(methods[method]);
    text += ' ';
    for (const std::string_view segment : message.frame.path()) text.append("/").append(segment);
    return text;
}

json time_or_null(WallTime time) {
    return time == WallTime{} ? json(nullptr) : json(to_rfc3339(time));
}

std::string_view name_of(Priority priority) {
    static constexpr std::array<std::string_view, 4> names{"low", "normal", "high", "emergency"};
    return names[static_cast<std::size_t>(priority)];
}

std::string_view name_of(DeviceLeg leg) {
    static constexpr std::array<std::string_view, 8> names{
        "queued",          "submitting", "in-doubt",          "net-buffered",
        "awaiting-answer", "retry-wait", "expired-in-flight", "done"};
    return names[static_cast<std::size_t>(leg)];
}

/// Messages of the API have no exchange with a server; replies to a device have none either.
std::string_view origin_of(const queueing::Message& message) {
    const bool api = message.server.state == queueing::ServerLeg::none && !message.is_reply();
    return api ? "api" : "coap";
}

/// The engine looks at the head of a device's queue; what is behind it waits for its turn.
Reason reason_of(const queueing::Message& message) {
    const bool is_behind = message.state == MessageState::queued && message.reason == Reason::none;
    return is_behind ? Reason::order : message.reason;
}

}  // namespace

json message_json(const queueing::Message& message, const Device* device) {
    json document{{"id", message.id.text()},
                  {"externalId", nullptr},
                  {"state", queueing::name_of(message.state)},
                  {"level", queueing::name_of(message.level)},
                  {"reason", text_or_null(queueing::name_of(reason_of(message)))},
                  {"priority", name_of(message.priority)},
                  {"operation", queueing::operation_name(message)},
                  {"createdAt", to_rfc3339(message.created_at)},
                  {"expiresAt", to_rfc3339(message.expires_at)},
                  {"notBefore", time_or_null(message.not_before)},
                  {"attempts", message.attempts},
                  {"ack", queueing::name_of(message.ack)},
                  {"correlationId", text_or_null(message.correlation_id)},
                  {"collapseKey", text_or_null(message.collapse_key)},
                  {"supersededBy", id_or_null(message.superseded_by)},
                  {"replayOf", id_or_null(message.replay_of)},
                  {"replayedAs", id_or_null(message.replayed_as)},
                  {"groupMessage", id_or_null(message.group_message)},
                  {"request", request_of(message)},
                  {"payloadBytes", message.octets().size()},
                  {"origin", origin_of(message)},
                  {"scef", {{"transferId", text_or_null(message.transfer_id)}}},
                  {"response", nullptr}};
    if (device != nullptr) document["externalId"] = device->spec.external_id.text();
    if (message.response_code) {
        document["response"] = {{"code", message.response_code->text()},
                                {"payload", to_base64(message.response_payload)}};
    }
    return document;
}

std::optional<MessageState> message_state_named(std::string_view name) {
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(MessageState::unconfirmed); ++i) {
        const auto state = static_cast<MessageState>(i);
        if (queueing::name_of(state) == name) return state;
    }
    return std::nullopt;
}

Result<json> timeline_item(const queueing::StoredRecord& record) {
    queueing::RecordReader reader(record.value);
    const bool known = reader.number<std::uint8_t>() == timeline_version;
    const WallTime at = reader.time();
    const auto state = reader.enumerator(MessageState::unconfirmed);
    const auto leg = reader.enumerator(DeviceLeg::done);
    const auto level = reader.enumerator(DeliveryLevel::coap);
    const auto reason = reader.enumerator(Reason::last);
    const auto attempts = reader.number<std::uint32_t>();
    const std::string detail = reader.text();
    if (!known || !reader.ok()) return fail(Errc::corrupt, "a timeline record cannot be read");
    return json{{"at", to_rfc3339(at)},
                {"state", queueing::name_of(state)},
                {"deviceLeg", name_of(leg)},
                {"level", queueing::name_of(level)},
                {"reason", text_or_null(queueing::name_of(reason))},
                {"attempt", attempts},
                {"detail", text_or_null(detail)}};
}

}  // namespace scef::adapter
