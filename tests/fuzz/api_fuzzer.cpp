// What a program sends to the admin API, behind the framing of HTTP: bodies, paths, queries,
// cursors, keys. The first octet chooses.
#include <algorithm>

#include "lwm2m-core/vocabulary/base64.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/admin/device_body.h"
#include "scef-adapter/admin/event_query.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/admin/quota_choice.h"
#include "scef-adapter/admin/request_target.h"
#include "scef-adapter/engine/fan_out_types.h"
#include "scef-adapter/webhooks/webhook.h"
#include "tests/fuzz/require.h"
#include "tests/two_servers.h"

using namespace scef;

namespace {

const WallTime now{std::chrono::seconds(1'790'000'000)};

template <typename T>
bool taken(const Result<T>& result) {
    if (result) return true;
    require(!result.error().message.empty(), "a refusal has its sentence");
    return false;
}

void check_message(const nlohmann::json& body) {
    const auto message = adapter::message_from_body(body, now);
    if (!taken(message)) return;
    require(!message->payload.empty(), "a message has octets");
    require(to_base64(message->payload) == body.at("payload").get<std::string>(),
            "they are those of the body");
    require(!message->ttl || *message->ttl > Duration{}, "a TTL is a time");
    require(!message->not_before || !message->ttl || *message->not_before < now + *message->ttl,
            "it may be sent before its TTL ends");
    require(!message->attempts_max || *message->attempts_max > 0, "there is an attempt");
    require(!message->rds || (message->rds->port_ue <= 15 && message->rds->port_scef <= 15),
            "RDS ports are of four bits");
    const auto again = adapter::enqueue_message_from_record(adapter::to_record(*message));
    require(again && adapter::to_record(*again) == adapter::to_record(*message),
            "a group's message survives its record");
}

void check_device(const nlohmann::json& body) {
    const auto device = adapter::device_from_body(body);
    if (!taken(device)) return;
    const auto by_path = adapter::device_from_body(body, device->external_id);
    require(by_path && *by_path == *device, "the path may name it, too");
    const auto other = adapter::device_from_body(body, *ExternalId::parse("other@fuzz.example"));
    require(device->external_id.text() == "other@fuzz.example" || !other,
            "the path may not name another");
    for (const std::string& group : device->groups) require(!group.empty(), "a group has a name");
}

void check_quota(const nlohmann::json& body) {
    static const adapter::Config config = two_servers();
    const auto text = adapter::quota_from_json(body);
    if (taken(text)) {
        require(adapter::quota_json(*text) == body || body.is_null(), "a quota is told as it came");
        (void)taken(adapter::find_quota(config, *text));
    }
    if (body.is_object()) (void)taken(adapter::quota_from_body(config, body));
}

void check_body(std::string_view text) {
    const auto body = nidd::parse_strict_json(text);
    if (!body) return;
    check_quota(*body);
    if (!body->is_object()) return;
    check_message(*body);
    check_device(*body);
    (void)taken(adapter::message_with_device(*body, now));
}

void check_cursor(std::string_view text) {
    const auto cursor = adapter::Cursor::parse(text);
    if (!taken(cursor)) return;
    const auto again = adapter::Cursor::parse(cursor->text());
    require(again && again->text() == cursor->text(), "a cursor survives");
    require(again->size() == cursor->size() && again->tag() == cursor->tag(), "with its fields");
    for (std::size_t i = 0; i <= cursor->size(); ++i) {
        const auto number = cursor->number(i, 1000);
        require(!number || *number <= 1000, "a number is within its bounds");
        require(cursor->id(i) == again->id(i), "an id survives");
    }
}

void check_target(std::string_view text) {
    const auto mark = text.find('?');
    const auto segments = adapter::path_segments(text.substr(0, mark));
    if (taken(segments)) {
        std::string path;
        for (const std::string& segment : *segments) {
            require(segment != "." && segment != "..", "no segment leads elsewhere");
            require(segment.find_first_of("/\\") == std::string::npos, "a segment is one");
            path += '/' + adapter::encode_segment(segment);
        }
        const auto again = adapter::path_segments(path);
        require(segments->empty() || (again && *again == *segments), "segments survive a path");
    }
    if (mark == std::string_view::npos) return;
    const auto parameters = adapter::query_parameters(text.substr(mark + 1));
    require(!taken(parameters) || parameters->size() <= 16, "there are few parameters");
}

/// Last-Event-ID, `since`, `type`, Idempotency-Key, a webhook's secret.
void check_words(std::string_view text) {
    const auto position = adapter::position_since(std::string(text), now);
    if (taken(position)) (void)position->text();
    (void)adapter::is_event_type(text);
    const auto key = adapter::idempotency_key(text);
    if (taken(key)) {
        require(!key->empty() && key->size() <= 128, "a key has a size");
        const auto again = adapter::idempotency_key(*key);
        require(again && *again == *key, "a key is read from its own form");
    }
    const auto secret = adapter::secret_from_text(text);
    if (taken(secret)) {
        require(secret->size() >= 24 && secret->size() <= 64, "a secret has a size");
        const auto again = adapter::secret_from_text(adapter::secret_text(*secret));
        require(again && *again == *secret, "a secret survives");
    } else if (text.starts_with("whsec_") && text.size() > 8) {
        require(secret.error().message.find(text) == std::string::npos, "a refusal hides it");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 16384) return 0;
    const std::string_view text = as_text({data + 1, size - 1});
    switch (data[0]) {
        case 'C':
            check_cursor(text);
            break;
        case '/':
            check_target(as_text({data, size}));
            break;
        case 'W':
            check_words(text);
            break;
        default:
            check_body(as_text({data, size}));
            break;
    }
    return 0;
}
