#include "nidd/client/wire_request.h"

namespace scef::nidd {

std::string to_wire(const WireRequest& request, const std::string& authority) {
    std::string octets;
    octets.reserve(256 + request.target.size() + request.bearer.size() + request.body.size());
    octets +=
        request.method + ' ' + request.target + " HTTP/1.1\r\nHost: " + authority +
        "\r\nAccept: application/json, application/problem+json\r\nConnection: keep-alive\r\n";
    if (!request.bearer.empty()) octets += "Authorization: Bearer " + request.bearer + "\r\n";
    for (const auto& [name, value] : request.fields) octets += name + ": " + value + "\r\n";
    if (!request.content_type.empty()) {
        octets += "Content-Type: " + request.content_type +
                  "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    octets += "\r\n";
    if (!request.content_type.empty()) octets += request.body;
    return octets;
}

}  // namespace scef::nidd
