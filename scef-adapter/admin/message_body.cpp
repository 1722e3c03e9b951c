#include "scef-adapter/admin/message_body.h"

#include <array>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

constexpr std::size_t payload_text_max = std::size_t{64} * 1024;
constexpr std::size_t external_id_octets_max = 254;
constexpr std::size_t correlation_octets_max = 128;
constexpr std::size_t key_octets_max = 128;  ///< of both kinds of keys
constexpr std::uint64_t attempts_max = 1000;
constexpr std::uint64_t rds_port_max = 15;  ///< of four bits (TS 24.250 6.2)
constexpr std::uint64_t ttl_seconds_max = std::uint64_t{3650} * 24 * 3600;

Bytes read_payload(BodyReader& reader) {
    const std::string text = reader.required_text("payload", payload_text_max);
    auto octets = from_base64(text);
    if (octets && !octets->empty()) return std::move(*octets);
    reader.refuse("payload", "base64 of RFC 4648 with padding, of at least one octet");
    return {};
}

std::optional<Duration> read_ttl(BodyReader& reader) {
    const nlohmann::json* member = reader.any("ttl");
    if (member == nullptr) return std::nullopt;
    if (member->is_number_unsigned()) {
        const auto seconds = member->get<std::uint64_t>();
        if (seconds >= 1 && seconds <= ttl_seconds_max) return std::chrono::seconds(seconds);
    }
    if (member->is_string()) {
        const auto duration = parse_duration(member->get_ref<const std::string&>());
        if (duration && *duration > Duration::zero()) return *duration;
    }
    reader.refuse("ttl", "seconds or a duration such as 90s, 24h or PT24H, at most 10 years");
    return std::nullopt;
}

std::optional<WallTime> read_not_before(BodyReader& reader) {
    const auto text = reader.text("notBefore", 64);
    if (!text) return std::nullopt;
    const auto time = from_rfc3339(*text);
    if (time) return *time;
    reader.refuse("notBefore", "a date-time of RFC 3339 such as 2030-01-31T12:00:00Z");
    return std::nullopt;
}

/// The ports by which it goes (TS 24.250).
std::optional<nidd::RdsPort> read_ports(BodyReader& reader) {
    const nlohmann::json* member = reader.any("rds");
    if (member == nullptr) return std::nullopt;
    if (!member->is_object()) {
        reader.refuse("rds", "an object with portUE and portSCEF");
        return std::nullopt;
    }
    BodyReader ports(*member);
    const auto ue = ports.number("portUE", 0, rds_port_max);
    const auto scef = ports.number("portSCEF", 0, rds_port_max);
    if (!ue) ports.refuse("portUE", "is missing");
    if (!scef) ports.refuse("portSCEF", "is missing");
    if (auto valid = ports.finish(); !valid) {
        reader.refuse("rds", valid.error());
        return std::nullopt;
    }
    return nidd::RdsPort{static_cast<std::uint16_t>(*ue), static_cast<std::uint16_t>(*scef)};
}

}  // namespace

MessageTiming read_timing(BodyReader& reader, WallTime wall) {
    MessageTiming timing{read_ttl(reader), read_not_before(reader)};
    if (timing.ttl && timing.not_before && *timing.not_before >= wall + *timing.ttl) {
        reader.refuse("notBefore", "is later than the end of the ttl");
    }
    return timing;
}

std::optional<queueing::Priority> read_priority(BodyReader& reader) {
    using queueing::Priority;
    constexpr std::array priorities{Priority::low, Priority::normal, Priority::high,
                                    Priority::emergency};
    const auto place = reader.choice("priority", {"low", "normal", "high", "emergency"});
    if (!place) return std::nullopt;
    return priorities[*place];
}

Result<EnqueueMessage> message_from_body(const nlohmann::json& body, WallTime wall) {
    using queueing::AckMode;
    constexpr std::array ack_modes{AckMode::none, AckMode::positive, AckMode::negative,
                                   AckMode::full};
    BodyReader reader(body);
    EnqueueMessage message;
    message.payload = read_payload(reader);
    message.opaque = reader.choice("contentFormat", {"coap", "opaque"}).value_or(0) == 1;
    const MessageTiming timing = read_timing(reader, wall);
    message.ttl = timing.ttl;
    message.not_before = timing.not_before;
    message.priority = read_priority(reader).value_or(queueing::Priority::normal);
    message.rds = read_ports(reader);
    if (const auto attempts = reader.number("maxAttempts", 1, attempts_max)) {
        message.attempts_max = static_cast<std::uint32_t>(*attempts);
    }
    message.ack =
        ack_modes[reader.choice("ack", {"none", "positive", "negative", "full"}).value_or(3)];
    message.correlation_id = reader.text("correlationId", correlation_octets_max).value_or("");
    message.collapse_key = reader.text("collapseKey", key_octets_max).value_or("");
    message.send_now = reader.choice("sendMode", {"whenReachable", "now"}).value_or(0) == 1;
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    return message;
}

Result<EnqueueMessage> message_with_device(nlohmann::json body, WallTime wall) {
    nlohmann::json device;
    if (const auto member = body.find("externalId"); member != body.end()) {
        device["externalId"] = std::move(*member);
        body.erase(member);
    } else {
        device = nlohmann::json::object();
    }
    BodyReader reader(device);
    const std::string text = reader.required_text("externalId", external_id_octets_max);
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    auto id = ExternalId::parse(text);
    if (!id) return fail(Errc::invalid_argument, "externalId: " + id.error().message);
    auto message = message_from_body(body, wall);
    if (message) message->external_id = std::move(*id);
    return message;
}

Result<std::string> idempotency_key(std::string_view header) {
    bool fits = !header.empty() && header.size() <= key_octets_max;
    for (const char c : header) fits = fits && c >= ' ' && c <= '~';
    if (!fits) {
        return fail(Errc::invalid_argument, "Idempotency-Key: 1 to 128 visible ASCII characters");
    }
    return std::string(header);
}

}  // namespace scef::adapter
