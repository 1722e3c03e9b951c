#include "simulators/modem-link/frame.h"

#include <array>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/modem-link/terms_json.h"

namespace scef::modem_link {
namespace {

using nlohmann::json;

constexpr std::size_t datagram_bytes_max = 65'507;
constexpr std::size_t nesting_max = 4;

struct KindName {
    Kind kind;
    std::string_view name;
};

constexpr std::array<KindName, 10> kind_names{{
    {Kind::attach, "attach"},
    {Kind::detach, "detach"},
    {Kind::update, "update"},
    {Kind::attached, "attached"},
    {Kind::state, "state"},
    {Kind::uplink, "uplink"},
    {Kind::downlink, "downlink"},
    {Kind::ack, "ack"},
    {Kind::refused, "refused"},
    {Kind::trigger, "trigger"},
}};

constexpr std::array<std::string_view, 6> state_names{"connected", "idle",   "edrx",
                                                      "psm",       "no-pdn", "detached"};

std::string_view name_of(Kind kind) {
    for (const KindName& entry : kind_names) {
        if (entry.kind == kind) return entry.name;
    }
    return "attach";
}

bool has_sequence(Kind kind) {
    return kind == Kind::uplink || kind == Kind::downlink || kind == Kind::ack ||
           kind == Kind::refused || kind == Kind::trigger;
}

bool has_data(Kind kind) {
    return kind == Kind::uplink || kind == Kind::downlink || kind == Kind::trigger;
}

bool has_state(Kind kind) {
    return kind == Kind::attach || kind == Kind::attached || kind == Kind::state;
}

bool asks_for_power_saving(Kind kind) { return kind == Kind::attach || kind == Kind::update; }

bool tells_terms(Kind kind) { return kind == Kind::attached || kind == Kind::state; }

bool is_state(std::string_view text) {
    for (const std::string_view name : state_names) {
        if (name == text) return true;
    }
    return false;
}

tl::unexpected<Error> malformed(std::string_view what) {
    return fail(Errc::malformed, "modem link frame: " + std::string(what));
}

const std::string* text_member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

Status read_kind(const json& object, Frame& frame) {
    const std::string* name = text_member(object, "kind");
    if (name == nullptr) return malformed("`kind` is missing or no text");
    for (const KindName& entry : kind_names) {
        if (entry.name == *name) {
            frame.kind = entry.kind;
            return {};
        }
    }
    return malformed("unknown `kind`");
}

Status read_sequence(const json& object, Frame& frame) {
    const auto found = object.find("sequence");
    if (found == object.end()) return malformed("`sequence` is missing");
    const auto* number = found->get_ptr<const json::number_unsigned_t*>();
    if (number == nullptr || *number > 0xFFFF'FFFFU) {
        return malformed("`sequence` is no integer of 32 bits");
    }
    frame.sequence = static_cast<std::uint32_t>(*number);
    return {};
}

Status read_data(const json& object, Frame& frame) {
    const std::string* text = text_member(object, "data");
    if (text == nullptr) return malformed("`data` is missing or no text");
    Result<Bytes> octets = from_base64(*text);
    if (!octets) return malformed("`data` is no base64");
    frame.data = std::move(*octets);
    return {};
}

Status read_port(const json& ports, const char* name, std::uint16_t& port) {
    constexpr json::number_unsigned_t port_max = 15;
    const auto found = ports.find(name);
    const auto* number =
        found == ports.end() ? nullptr : found->get_ptr<const json::number_unsigned_t*>();
    if (number == nullptr || *number > port_max) {
        return malformed("`rdsPort` has no `portUE` or `portSCEF` from 0 to 15");
    }
    port = static_cast<std::uint16_t>(*number);
    return {};
}

Status read_rds(const json& object, Frame& frame) {
    const auto found = object.find("rdsPort");
    if (found == object.end()) return {};
    if (!found->is_object()) return malformed("`rdsPort` is no object");
    RdsPort& rds = frame.rds.emplace();
    if (Status status = read_port(*found, "portUE", rds.ue); !status) return status;
    return read_port(*found, "portSCEF", rds.scef);
}

Status read_application_port(const json& object, Frame& frame) {
    const auto found = object.find("port");
    const auto* number =
        found == object.end() ? nullptr : found->get_ptr<const json::number_unsigned_t*>();
    if (number == nullptr || *number > 0xFFFFU) return malformed("`port` is no port");
    frame.port = static_cast<std::uint16_t>(*number);
    return {};
}

Status read_state(const json& object, Frame& frame) {
    const std::string* text = text_member(object, "state");
    if (text == nullptr) return malformed("`state` is missing or no text");
    if (!is_state(*text))
        return malformed("`state` is none of connected, idle, edrx, psm, detached");
    frame.state = *text;
    return {};
}

Status read_release(const json& object, Frame& frame) {
    const auto found = object.find("release");
    if (found == object.end()) return {};
    constexpr json::number_unsigned_t last = 2;
    const auto* number = found->get_ptr<const json::number_unsigned_t*>();
    if (number == nullptr || *number > last) return malformed("`release` is not 0, 1 or 2");
    frame.release = static_cast<ReleaseAssistance>(*number);
    return {};
}

Status read_terms(const json& object, Frame& frame) {
    if (const auto found = object.find("powerSaving");
        found != object.end() && asks_for_power_saving(frame.kind)) {
        frame.power_saving = power_saving_from_json(*found);
        if (!frame.power_saving) return malformed("`powerSaving` is no such object");
    }
    if (const auto found = object.find("terms"); found != object.end() && tells_terms(frame.kind)) {
        frame.terms = terms_from_json(*found);
        if (!frame.terms) return malformed("`terms` is no such object");
    }
    return {};
}

/// Stops at the depth that a frame never has, before memory is spent on it.
bool is_flat(int depth, json::parse_event_t /*event*/, json& /*value*/) {
    return static_cast<std::size_t>(depth) <= nesting_max;
}

Result<Frame> read(const json& object) {
    if (!object.is_object()) return malformed("no JSON object");
    Frame frame;
    if (Status status = read_kind(object, frame); !status) return tl::unexpected(status.error());
    const std::string* external_id = text_member(object, "externalId");
    if (external_id == nullptr || external_id->empty()) {
        return malformed("`externalId` is missing or no text");
    }
    frame.external_id = *external_id;
    if (has_sequence(frame.kind)) {
        if (Status status = read_sequence(object, frame); !status) {
            return tl::unexpected(status.error());
        }
    }
    if (has_data(frame.kind)) {
        Status status = read_data(object, frame);
        if (status) status = read_rds(object, frame);
        if (status && frame.kind == Kind::trigger) status = read_application_port(object, frame);
        if (!status) return tl::unexpected(status.error());
    }
    if (has_state(frame.kind)) {
        if (Status status = read_state(object, frame); !status) {
            return tl::unexpected(status.error());
        }
    }
    if (frame.kind == Kind::uplink) {
        const auto exception = object.find("exception");
        frame.exception = exception != object.end() && *exception == true;
        if (Status status = read_release(object, frame); !status) {
            return tl::unexpected(status.error());
        }
    }
    if (Status status = read_terms(object, frame); !status) return tl::unexpected(status.error());
    if (frame.kind == Kind::refused) {
        const std::string* reason = text_member(object, "reason");
        if (reason != nullptr) frame.reason = *reason;
    }
    return frame;
}

}  // namespace

std::string serialize(const Frame& frame) {
    json object{{"kind", name_of(frame.kind)}, {"externalId", frame.external_id}};
    if (has_sequence(frame.kind)) object["sequence"] = frame.sequence;
    if (has_state(frame.kind)) object["state"] = frame.state;
    if (has_data(frame.kind)) object["data"] = to_base64(frame.data);
    if (has_data(frame.kind) && frame.rds) {
        object["rdsPort"] = {{"portUE", frame.rds->ue}, {"portSCEF", frame.rds->scef}};
    }
    if (frame.kind == Kind::uplink && frame.exception) object["exception"] = true;
    if (frame.kind == Kind::uplink && frame.release != ReleaseAssistance::none) {
        object["release"] = static_cast<int>(frame.release);
    }
    if (asks_for_power_saving(frame.kind) && frame.power_saving) {
        object["powerSaving"] = to_json(*frame.power_saving);
    }
    if (tells_terms(frame.kind) && frame.terms) object["terms"] = to_json(*frame.terms);
    if (frame.kind == Kind::refused) object["reason"] = frame.reason;
    if (frame.kind == Kind::trigger) object["port"] = frame.port;
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Frame> parse(std::string_view datagram) {
    if (datagram.size() > datagram_bytes_max) return malformed("longer than a datagram");
    const json object = json::parse(datagram, is_flat, /*allow_exceptions=*/false);
    if (object.is_discarded()) return malformed("no JSON");
    return read(object);
}

}  // namespace scef::modem_link
