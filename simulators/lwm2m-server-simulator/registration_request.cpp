#include "simulators/lwm2m-server-simulator/registration_request.h"

#include <charconv>
#include <map>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/time_text.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Checked = tl::expected<void, Refusal>;

constexpr std::size_t endpoint_bytes_max = 255;

tl::unexpected<Refusal> refuse(std::uint8_t code, std::string why) {
    return tl::unexpected<Refusal>(Refusal{code, std::move(why)});
}

tl::unexpected<Refusal> bad_request(std::string why) {
    return refuse(coap::code(4, 0), std::move(why));
}

Checked take_lifetime(Registration& registration, const std::string& text) {
    std::uint32_t seconds = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, seconds);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end || seconds == 0) {
        return bad_request("lt is to be a number of seconds from 1 on");
    }
    registration.lifetime = std::chrono::seconds(seconds);
    return {};
}

/// LwM2M 1.0 has the queue mode in the binding (`UQ`), 1.1 in a parameter of its own.
Checked take_binding(Registration& registration, const std::string& text) {
    const bool is_1_0 = registration.version == "1.0";
    const char* const letters = is_1_0 ? "UQS" : "UTSMHN";
    if (text.empty() || text.find_first_not_of(letters) != std::string::npos) {
        return bad_request(is_1_0
                               ? "b is to be of the letters U, S and Q in LwM2M 1.0"
                               : "b is to be of the letters U, T, S, M, H and N; queue mode is a "
                                 "parameter of its own, Q, since LwM2M 1.1");
    }
    registration.binding = text;
    if (is_1_0) registration.queue_mode = text.find('Q') != std::string::npos;
    return {};
}

/// The path in front of the objects: of the link with `rt="oma.lwm2m"` (Core TS 6.4.1).
std::string root_of(const std::vector<lwm2m::Link>& links) {
    for (const lwm2m::Link& link : links) {
        if (link.attribute("rt") == "oma.lwm2m" && link.target != "/") return link.target;
    }
    return {};
}

Checked take_links(Registration& registration, const CoapMessage& request) {
    if (request.payload.empty()) return {};
    const auto format = request.uint_option(coap::content_format);
    if (format.value_or(coap::link_format) != coap::link_format) {
        return refuse(coap::code(4, 15), "objects are listed in link-format (40)");
    }
    auto links = lwm2m::parse_link_format(as_text(request.payload));
    if (!links) return bad_request("the objects are no link-format: " + links.error().message);
    registration.links = std::move(*links);
    registration.root = root_of(registration.links);
    return {};
}

/// The parameters that Register and Update have in common.
Checked take_parameters(Registration& registration, const CoapMessage& request) {
    if (const auto lifetime = request.query("lt")) {
        if (Checked taken = take_lifetime(registration, *lifetime); !taken) return taken;
    }
    if (const auto binding = request.query("b")) {
        if (Checked taken = take_binding(registration, *binding); !taken) return taken;
    }
    if (const auto sms = request.query("sms")) registration.sms = *sms;
    if (request.query("Q")) registration.queue_mode = true;
    return take_links(registration, request);
}

/// `/3/0` below the root, or empty for a link of another kind.
std::string object_path(const Registration& registration, const std::string& target) {
    if (!target.starts_with(registration.root)) return {};
    return target.substr(registration.root.size());
}

/// The objects with their versions and instances, by id.
json objects_of(const Registration& registration) {
    struct Entry {
        std::string version = "1.0";
        std::vector<std::uint16_t> instances;
    };
    std::map<std::uint16_t, Entry> objects;
    for (const lwm2m::Link& link : registration.links) {
        const auto ids = parse_path(object_path(registration, link.target));
        if (!ids || ids->empty() || ids->size() > 2) continue;
        Entry& entry = objects[(*ids)[0]];
        if (ids->size() == 2) entry.instances.push_back((*ids)[1]);
        if (const auto version = link.attribute("ver")) entry.version = *version;
    }
    json all = json::array();
    for (const auto& [id, entry] : objects) {
        all.push_back({{"object", id}, {"version", entry.version}, {"instances", entry.instances}});
    }
    return all;
}

}  // namespace

tl::expected<Registration, Refusal> read_register(const CoapMessage& request) {
    const auto endpoint = request.query("ep");
    const bool usable = endpoint && !endpoint->empty() && endpoint->size() <= endpoint_bytes_max &&
                        is_utf8(as_bytes(*endpoint));
    if (!usable) return bad_request("ep, the endpoint client name, is missing or no text");
    Registration registration;
    registration.endpoint = *endpoint;
    registration.version = request.query("lwm2m").value_or("1.0");
    if (registration.version != "1.0" && registration.version != "1.1") {
        return refuse(coap::code(4, 12), "this server speaks LwM2M 1.0 and 1.1");
    }
    if (const Checked taken = take_parameters(registration, request); !taken) {
        return tl::unexpected(taken.error());
    }
    if (registration.version == "1.0") return registration;
    if (registration.links.empty()) return bad_request("the list of objects is missing");
    return registration;
}

tl::expected<void, Refusal> apply_update(Registration& registration, const CoapMessage& request) {
    Registration updated = registration;
    if (Checked taken = take_parameters(updated, request); !taken) return taken;
    registration = std::move(updated);
    return {};
}

json to_json(const Registration& registration) {
    json links = json::array();
    for (const lwm2m::Link& link : registration.links) {
        json attributes = json::object();
        for (const auto& [name, value] : link.attributes) attributes[name] = value;
        links.push_back({{"url", link.target}, {"attributes", std::move(attributes)}});
    }
    json data{{"endpoint", registration.endpoint},
              {"address", registration.address},
              {"binding", registration.binding},
              {"lwm2mVersion", registration.version},
              {"lifetime", registration.lifetime.count()},
              {"queueMode", registration.queue_mode},
              {"sms", registration.sms},
              {"registeredAt", to_rfc3339(registration.registered_at)},
              {"lastUpdate", to_rfc3339(registration.last_update)},
              {"objectLinks", std::move(links)},
              {"objects", objects_of(registration)},
              {"location", "/rd/" + registration.location}};
    if (!registration.root.empty()) data["rootPath"] = registration.root;
    return data;
}

}  // namespace scef::lwm2m_server_simulator
