#include "scef-adapter/feed/feed_item.h"

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/feed/event_order.h"

namespace scef::adapter {
namespace {

using Json = nlohmann::json;

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

void add(Json& document, const MessageOutcome& outcome, WallTime at) {
    using std::chrono::milliseconds;
    document["messageId"] = outcome.message.text();
    document["correlationId"] = text_or_null(outcome.correlation_id);
    document["state"] = queueing::name_of(outcome.state);
    document["level"] = queueing::name_of(outcome.level);
    document["reason"] = text_or_null(queueing::name_of(outcome.reason));
    document["detail"] = text_or_null(outcome.detail);
    document["attempts"] = outcome.attempts;
    document["latencyMs"] =
        std::chrono::duration_cast<milliseconds>(at - outcome.created_at).count();
    document["late"] = outcome.is_late;
    document["origin"] = outcome.is_of_api ? "api" : "coap";
    document["response"] = nullptr;
    if (!outcome.response_code) return;
    document["response"] = {{"code", outcome.response_code->text()}};
    if (outcome.is_of_api) document["response"]["payload"] = to_base64(outcome.response_payload);
}

void add(Json& document, const RegistrationChange& change, WallTime /*at*/) {
    const bool is_there = change.kind == RegistrationChange::Kind::registered;
    document["change"] = is_there ? "registered" : "ended";
    document["server"] = change.server;
    document["endpoint"] = text_or_null(change.endpoint_name);
}

void add(Json& document, const ConfigurationChange& change, WallTime /*at*/) {
    document["status"] = name_of(change.status);
    document["cause"] = text_or_null(change.cause);
}

void add(Json& document, const OpaqueUplink& uplink, WallTime /*at*/) {
    document["payload"] = to_base64(uplink.octets);
}

}  // namespace

FeedItem feed_item(const FeedEvent& event) {
    Json document{{"id", event.id.text()},
                  {"type", type_of(event)},
                  {"at", to_rfc3339(event.at)},
                  {"externalId", event.device}};
    std::visit([&](const auto& what) { add(document, what, event.at); }, event.what);
    return {event.id, std::string(type_of(event)), event.device, nidd::dump(document)};
}

FeedItemPtr feed_item(const queueing::StoredRecord& record) {
    if (const auto event = feed_event_from_record(record.key, record.value)) {
        return std::make_shared<const FeedItem>(feed_item(*event));
    }
    const MessageId id = id_of(record);
    const Json document{{"id", id.text()}, {"type", "unreadable"}};
    return std::make_shared<const FeedItem>(FeedItem{id, "unreadable", "", nidd::dump(document)});
}

}  // namespace scef::adapter
