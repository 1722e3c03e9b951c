#include "scef-adapter/ctl/coap_request.h"

#include <array>
#include <utility>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/coap/message.h"

namespace scef::ctl {
namespace {

constexpr std::uint32_t text_plain = 0;

constexpr std::array<std::pair<std::string_view, coap::Code>, 8> methods{{
    {"GET", coap::codes::get},
    {"POST", coap::codes::post},
    {"PUT", coap::codes::put},
    {"DELETE", coap::codes::del},
    {"FETCH", coap::codes::fetch},
    {"PATCH", coap::codes::patch},
    {"IPATCH", coap::codes::ipatch},
    {"OBSERVE", coap::codes::get},
}};

/// The text before the first `separator`, taken off `rest` together with it.
std::string_view take_until(std::string_view& rest, char separator) {
    const std::string_view part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

}  // namespace

Result<Bytes> coap_request(std::string_view text) {
    const std::string_view method = take_until(text, ' ');
    std::string_view target = take_until(text, ' ');
    coap::Message request;
    for (const auto& [name, code] : methods) {
        if (name == method) request.code = code;
    }
    if (request.code.is_empty() || !target.starts_with('/')) {
        return fail(Errc::invalid_argument,
                    "expected METHOD PATH [PAYLOAD], such as \"GET /3/0/0\" or \"PUT /1/0/1 300\", "
                    "with the method GET, POST, PUT, DELETE, FETCH, PATCH, IPATCH or OBSERVE");
    }
    if (method == "OBSERVE") request.add_uint(coap::options::observe, 0);
    std::string_view path = take_until(target, '?');
    path.remove_prefix(1);
    while (!path.empty()) request.add_text(coap::options::uri_path, take_until(path, '/'));
    while (!target.empty()) request.add_text(coap::options::uri_query, take_until(target, '&'));
    if (!text.empty()) {
        request.add_uint(coap::options::content_format, text_plain);
        request.payload = to_bytes(text);
    }
    if (coap::refuse_request(request)) {
        return fail(Errc::invalid_argument, "this path or query cannot be sent in CoAP");
    }
    return coap::serialize(request);
}

}  // namespace scef::ctl
