#include "simulators/lwm2m-server-simulator/uplink.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "lwm2m-core/vocabulary/time_text.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t endpoint_bytes_max = 255;

CoapMessage answer_with(std::uint8_t code) {
    CoapMessage answer;
    answer.code = code;
    return answer;
}

/// The parameters that Register and Update have in common; false if one is no such parameter.
bool take_parameters(Registration& registration, const CoapMessage& request) {
    if (const auto lifetime = request.query("lt")) {
        std::uint32_t seconds = 0;
        const char* const end = lifetime->data() + lifetime->size();
        const auto read = std::from_chars(lifetime->data(), end, seconds);
        if (read.ec != std::errc{} || read.ptr != end || seconds == 0) return false;
        registration.lifetime = std::chrono::seconds(seconds);
    }
    if (const auto binding = request.query("b")) {
        const bool known =
            !binding->empty() && binding->find_first_not_of("UTSNMHQ") == std::string::npos;
        if (!known) return false;
        registration.binding = *binding;
    }
    if (const auto sms = request.query("sms")) registration.sms = *sms;
    // LwM2M 1.0 has the queue mode in the binding (`UQ`), 1.1 in a parameter of its own.
    if (request.query("b") && registration.version == "1.0") {
        registration.queue_mode = registration.binding.find('Q') != std::string::npos;
    }
    if (request.query("Q")) registration.queue_mode = true;
    if (request.payload.empty()) return true;
    auto links = lwm2m::parse_link_format(as_text(request.payload));
    if (!links) return false;
    registration.links = std::move(*links);
    return true;
}

void renew(Registration& registration, const SessionRef& session, const std::string& peer) {
    registration.session = session;
    registration.address = peer;
    registration.last_update = wall_now();
    registration.expires_at = steady_now() + registration.lifetime;
}

}  // namespace

Uplink::Uplink(Registry& registry, EventLog& events, Counters& counters,
               std::function<void(const std::string&)> on_gone)
    : registry_(registry), events_(events), counters_(counters), on_gone_(std::move(on_gone)) {}

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
    const auto endpoint = request.query("ep");
    const bool usable = endpoint && !endpoint->empty() && endpoint->size() <= endpoint_bytes_max &&
                        is_utf8(as_bytes(*endpoint));
    if (!usable) return answer_with(coap::code(4, 0));

    Registration registration;
    registration.endpoint = *endpoint;
    registration.version = request.query("lwm2m").value_or("1.0");
    const auto& version = registration.version;
    if (version != "1.0" && version != "1.1" && version != "1.2")
        return answer_with(coap::code(4, 12));
    if (!take_parameters(registration, request)) return answer_with(coap::code(4, 0));
    renew(registration, session, peer);
    registration.registered_at = registration.last_update;
    if (registry_.find(*endpoint) != nullptr) on_gone_(*endpoint);
    const Registration& kept = registry_.add(std::move(registration));
    ++counters_.registrations;
    events_.add("REGISTRATION", *endpoint, to_json(kept));

    CoapMessage answer = answer_with(coap::code(2, 1));
    answer.add_text(coap::location_path, "rd");
    answer.add_text(coap::location_path, kept.location);
    return answer;
}

CoapMessage Uplink::on_update(Registration& registration, const SessionRef& session,
                              const std::string& peer, const CoapMessage& request) {
    Registration updated = registration;
    if (!take_parameters(updated, request)) return answer_with(coap::code(4, 0));
    renew(updated, session, peer);
    registration = std::move(updated);
    ++counters_.updates;
    events_.add("UPDATE", registration.endpoint, to_json(registration));
    return answer_with(coap::code(2, 4));
}

CoapMessage Uplink::on_deregister(const Registration& registration) {
    const std::string endpoint = registration.endpoint;
    events_.add("DEREGISTRATION", endpoint, {{"location", "/rd/" + registration.location}});
    ++counters_.deregistrations;
    on_gone_(endpoint);
    registry_.remove(endpoint);
    return answer_with(coap::code(2, 2));
}

CoapMessage Uplink::on_send(const std::string& peer, const CoapMessage& request) {
    Registration* const registration = registry_.find_address(peer);
    if (registration == nullptr) return answer_with(coap::code(4, 4));
    const auto format = request.uint_option(coap::content_format);
    json data{{"path", "/dp"}, {"payload", decode_payload(request.payload, format, "/")}};
    if (format) data["contentFormat"] = *format;
    ++counters_.sends;
    events_.add("SEND", registration->endpoint, std::move(data));
    return answer_with(coap::code(2, 4));
}

void Uplink::end_expired(Instant now) {
    for (const Registration& registration : registry_.take_expired(now)) {
        ++counters_.expirations;
        on_gone_(registration.endpoint);
        events_.add("EXPIRED", registration.endpoint,
                    {{"location", "/rd/" + registration.location},
                     {"lifetime", registration.lifetime.count()}});
    }
}

json to_json(const Registration& registration) {
    json links = json::array();
    for (const lwm2m::Link& link : registration.links) {
        json attributes = json::object();
        for (const auto& [name, value] : link.attributes) attributes[name] = value;
        links.push_back({{"url", link.target}, {"attributes", std::move(attributes)}});
    }
    return {{"endpoint", registration.endpoint},
            {"address", registration.address},
            {"binding", registration.binding},
            {"lwm2mVersion", registration.version},
            {"lifetime", registration.lifetime.count()},
            {"queueMode", registration.queue_mode},
            {"sms", registration.sms},
            {"registeredAt", to_rfc3339(registration.registered_at)},
            {"lastUpdate", to_rfc3339(registration.last_update)},
            {"objectLinks", std::move(links)},
            {"location", "/rd/" + registration.location}};
}

}  // namespace scef::lwm2m_server_simulator
