#include "lwm2m-core/lwm2m/operation.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace scef::lwm2m {
namespace {

using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;

constexpr std::uint32_t link_format = 40;  // application/link-format

constexpr std::array<std::string_view, 22> names{"read",
                                                 "discover",
                                                 "write",
                                                 "write-attributes",
                                                 "execute",
                                                 "create",
                                                 "delete",
                                                 "observe",
                                                 "cancel-observation",
                                                 "read-composite",
                                                 "write-composite",
                                                 "observe-composite",
                                                 "bootstrap-finish",
                                                 "bootstrap-write",
                                                 "bootstrap-delete",
                                                 "register",
                                                 "update",
                                                 "deregister",
                                                 "send",
                                                 "bootstrap-request",
                                                 "bootstrap-pack-request",
                                                 "other"};
static_assert(names.size() == static_cast<std::size_t>(Operation::other) + 1);

bool is_identifier(std::string_view segment) {
    std::uint16_t number = 0;
    const auto [end, error] =
        std::from_chars(segment.data(), segment.data() + segment.size(), number);
    return error == std::errc{} && end == segment.data() + segment.size();
}

/// How many identifiers the path has (`/o/i/r` is 3), not counting the prefix of a gateway's end
/// device before them; 0 if it is no path of an LwM2M object.
std::size_t depth_of(const Message& request) {
    std::vector<std::string_view> segments = request.path();
    if (!segments.empty() && !is_identifier(segments.front())) segments.erase(segments.begin());
    return std::all_of(segments.begin(), segments.end(), is_identifier) ? segments.size() : 0;
}

/// OSCORE hides the request (RFC 8613 4.2); only an observation shows, as an outer FETCH.
Operation classify_protected(const Message& request) {
    const auto observe = request.uint_option(options::observe);
    if (request.code == codes::fetch && observe == 0u) return Operation::observe;
    if (request.code == codes::fetch && observe == 1u) return Operation::cancel_observation;
    return Operation::other;
}

Operation classify_get(const Message& request) {
    const auto observe = request.uint_option(options::observe);
    if (observe == 0u) return Operation::observe;
    if (observe == 1u) return Operation::cancel_observation;
    if (request.uint_option(options::accept) == link_format) return Operation::discover;
    return Operation::read;
}

Operation classify_fetch(const Message& request) {
    const auto observe = request.uint_option(options::observe);
    if (observe == 0u) return Operation::observe_composite;
    if (observe == 1u) return Operation::cancel_observation;
    return Operation::read_composite;
}

Operation classify_put(const Message& request) {
    if (request.payload.empty() && request.find(options::uri_query) != nullptr) {
        return Operation::write_attributes;
    }
    return depth_of(request) >= 2 ? Operation::write : Operation::other;
}

Operation classify_post(const Message& request) {
    if (request.path_text() == "/bs") return Operation::bootstrap_finish;
    switch (depth_of(request)) {
        case 0:
            return Operation::other;
        case 1:
            return Operation::create;
        case 2:
            return Operation::write;
        default:
            return Operation::execute;
    }
}

}  // namespace

std::string_view name_of(Operation operation) { return names[static_cast<std::size_t>(operation)]; }

Operation classify_downlink(const Message& request, bool from_bootstrap_server) {
    if (request.find(options::oscore) != nullptr) return classify_protected(request);
    const coap::Code code = request.code;
    if (code == codes::get) return classify_get(request);
    if (code == codes::post) return classify_post(request);
    if (code == codes::put) {
        return from_bootstrap_server ? Operation::bootstrap_write : classify_put(request);
    }
    if (code == codes::del) {
        return from_bootstrap_server ? Operation::bootstrap_delete : Operation::delete_;
    }
    if (code == codes::fetch) return classify_fetch(request);
    if (code == codes::patch || code == codes::ipatch) return Operation::write_composite;
    return Operation::other;
}

Operation classify_uplink(const Message& request, std::string_view location) {
    const coap::Code code = request.code;
    const std::string path = request.path_text();
    if (code == codes::get && path == "/bspack") return Operation::bootstrap_pack_request;
    if (code == codes::post && path == "/rd") return Operation::register_;
    if (code == codes::post && path == "/dp") return Operation::send;
    if (code == codes::post && path == "/bs") return Operation::bootstrap_request;
    const bool is_location = location.size() > 1 && path == location;
    if (is_location || (path.size() > 4 && path.starts_with("/rd/"))) {
        if (code == codes::post || code == codes::put) return Operation::update;
        if (code == codes::del) return Operation::deregister;
    }
    return Operation::other;
}

bool is_registration(Operation operation) {
    return operation == Operation::register_ || operation == Operation::update ||
           operation == Operation::deregister || operation == Operation::bootstrap_request ||
           operation == Operation::bootstrap_pack_request;
}

bool is_idempotent(coap::Code code) {
    return code == codes::get || code == codes::fetch || code == codes::put || code == codes::del;
}

}  // namespace scef::lwm2m
