#include <algorithm>

#include "nidd/endpoint/http_policy.h"
#include "nidd/endpoint/http_text.h"

namespace scef::nidd {

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 207:
            return "Multi-Status";
        case 302:
            return "Found";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "Status";
    }
}

namespace {

std::string status_line(int status) {
    std::string line = "HTTP/1.1 " + std::to_string(status) + ' ';
    line += reason_phrase(status);
    return line + "\r\n";
}

std::string content_type_field(const HttpResponse& response) {
    const bool typed = !response.content_type.empty() && is_field_value(response.content_type);
    return typed ? "Content-Type: " + response.content_type + "\r\n" : "";
}

std::string other_fields(const HttpResponse& response) {
    std::string fields;
    for (const auto& [name, value] : response.headers) {
        if (is_token(name) && is_field_value(value)) fields += name + ": " + value + "\r\n";
    }
    return fields;
}

}  // namespace

std::string write_stream_head(const HttpResponse& response) {
    return status_line(response.status) + content_type_field(response) +
           "Transfer-Encoding: chunked\r\n" + other_fields(response) +
           "Connection: close\r\n\r\n";
}

std::string write_chunk(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string size;
    for (std::size_t rest = octets.size(); rest > 0; rest /= 16) size += digits[rest % 16];
    std::reverse(size.begin(), size.end());
    std::string chunk = size + "\r\n";
    chunk += octets;
    return chunk + "\r\n";
}

std::string write_response(const HttpResponse& response, bool head_only, bool keep_alive) {
    const bool bodiless = response.status == 204 || response.status == 304;
    std::string octets;
    octets.reserve(256 + response.body.size());
    octets += status_line(response.status);
    if (!bodiless) {
        octets += content_type_field(response);
        octets += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    }
    octets += other_fields(response);
    octets += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    if (!bodiless && !head_only) octets += response.body;
    return octets;
}

}  // namespace scef::nidd
