#include "simulators/lwm2m-server-simulator/uplink.h"

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/content_formats.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

CoapMessage answer_with(std::uint8_t code, const std::string& why = {}) {
    CoapMessage answer;
    answer.code = code;
    answer.payload = to_bytes(why);
    return answer;
}

CoapMessage answer_with(const Refusal& refusal) { return answer_with(refusal.code, refusal.why); }

void renew(Registration& registration, const SessionRef& session, const std::string& peer) {
    registration.session = session;
    registration.address = peer;
    registration.last_update = wall_now();
    registration.expires_at = steady_now() + registration.lifetime;
}

}  // namespace

CoapMessage Uplink::on_request(const SessionRef& session, const std::string& peer,
                               const CoapMessage& request) {
    const std::vector<std::string> path = request.path();
    const bool post = request.code == coap::post;
    if (path == std::vector<std::string>{"rd"}) {
        return post ? on_register(session, peer, request) : answer_with(coap::code(4, 5));
    }
    if (path == std::vector<std::string>{"dp"}) {
        return post ? on_send(peer, request) : answer_with(coap::code(4, 5));
    }
    if (path.size() != 2 || path[0] != "rd") return answer_with(coap::code(4, 4));
    Registration* const registration = registry_.find_location(path[1]);
    if (registration == nullptr) return answer_with(coap::code(4, 4));
    if (post) return on_update(*registration, session, peer, request);
    if (request.code == coap::del) return on_deregister(*registration);
    return answer_with(coap::code(4, 5));
}

CoapMessage Uplink::on_register(const SessionRef& session, const std::string& peer,
                                const CoapMessage& request) {
    auto registration = read_register(request);
    if (!registration) return answer_with(registration.error());
    renew(*registration, session, peer);
    registration->registered_at = registration->last_update;
    const bool replaces = registry_.find(registration->endpoint) != nullptr;
    const Registration& kept = registry_.add(std::move(*registration));
    ++counters_.registrations;
    json data = to_json(kept);
    data["replaces"] = replaces;
    events_.add("REGISTRATION", kept.endpoint, std::move(data));
    listener_.on_registered(kept);

    CoapMessage answer = answer_with(coap::code(2, 1));
    answer.add_text(coap::location_path, "rd");
    answer.add_text(coap::location_path, kept.location);
    return answer;
}

CoapMessage Uplink::on_update(Registration& registration, const SessionRef& session,
                              const std::string& peer, const CoapMessage& request) {
    if (const auto applied = apply_update(registration, request); !applied) {
        return answer_with(applied.error());
    }
    renew(registration, session, peer);
    ++counters_.updates;
    events_.add("UPDATE", registration.endpoint, to_json(registration));
    listener_.on_updated(registration);
    return answer_with(coap::code(2, 4));
}

CoapMessage Uplink::on_deregister(const Registration& registration) {
    const std::string endpoint = registration.endpoint;
    events_.add("DEREGISTRATION", endpoint, {{"location", "/rd/" + registration.location}});
    ++counters_.deregistrations;
    registry_.remove(endpoint);
    listener_.on_gone(endpoint);
    return answer_with(coap::code(2, 2));
}

/// SenML in one of its two forms (Core TS 6.4.6).
CoapMessage Uplink::on_send(const std::string& peer, const CoapMessage& request) {
    Registration* const registration = registry_.find_address(peer);
    if (registration == nullptr) {
        return answer_with(coap::code(4, 4), "no client is registered from this address");
    }
    const auto format = request.uint_option(coap::content_format);
    if (format != coap::senml_json && format != coap::senml_cbor) {
        return answer_with(coap::code(4, 15), "a Send is SenML JSON (110) or SenML CBOR (112)");
    }
    json payload = decode_payload(request.payload, format, "/");
    if (!payload.is_array()) return answer_with(coap::code(4, 0), "the payload is no SenML");
    ++counters_.sends;
    events_.add("SEND", registration->endpoint,
                {{"path", "/dp"},
                 {"contentFormat", *format},
                 {"format", content_format_name(*format)},
                 {"payload", std::move(payload)}});
    listener_.on_sent(*registration);
    return answer_with(coap::code(2, 4));
}

void Uplink::end_expired(Instant now) {
    for (const Registration& registration : registry_.take_expired(now)) {
        ++counters_.expirations;
        events_.add("EXPIRED", registration.endpoint,
                    {{"location", "/rd/" + registration.location},
                     {"lifetime", registration.lifetime.count()}});
        listener_.on_gone(registration.endpoint);
    }
}

}  // namespace scef::lwm2m_server_simulator
