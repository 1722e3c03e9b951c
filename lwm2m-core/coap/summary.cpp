#include "lwm2m-core/coap/summary.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/coap/codec.h"

namespace scef::coap {
namespace {

std::string_view type_name(Type type) {
    constexpr std::array<std::string_view, 4> names{"CON", "NON", "ACK", "RST"};
    return names[static_cast<std::size_t>(type)];
}

std::string code_name(Code code) {
    constexpr std::array<std::string_view, 8> methods{"",       "GET",   "POST",  "PUT",
                                                      "DELETE", "FETCH", "PATCH", "iPATCH"};
    if (code.is_empty()) return "";
    if (code.is_request() && code.detail() < methods.size()) {
        return ' ' + std::string(methods[code.detail()]);
    }
    return ' ' + code.text();
}

// Foreign text in a log line: printable ASCII as it is, the rest as a dot.
std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c <= ' ' || c > '~'; }, '.');
    return out;
}

std::string joined(const Message& message, std::uint16_t number, char separator) {
    std::string out;
    for (const Option& option : message.options) {
        if (option.number != number) continue;
        if (!out.empty()) out += separator;
        out += option.text();
    }
    return printable(out);
}

void add_number(std::string& out, const Message& message, std::uint16_t number, const char* name) {
    if (const auto value = message.uint_option(number)) {
        out += ' ' + std::string(name) + '=' + std::to_string(*value);
    }
}

}  // namespace

std::string summary(ByteView frame, Payload shown) {
    const std::string size = std::to_string(frame.size()) + " octets";
    if (!looks_like_coap(frame)) return size + ", no CoAP";
    const auto parsed = parse(frame);
    if (!parsed) return size + ", bad CoAP: " + std::string(parsed.error().reason);
    const Message& message = *parsed;
    std::string out = std::string(type_name(message.type)) + code_name(message.code);
    if (message.code.is_request()) {
        out += ' ' + printable(message.path_text());
        const std::string query = joined(message, options::uri_query, '&');
        if (!query.empty()) out += '?' + query;
    }
    const std::string location = joined(message, options::location_path, '/');
    if (!location.empty()) out += " location=/" + location;
    out += " mid=" + std::to_string(message.message_id);
    if (!message.token.empty()) out += " token=" + to_hex(message.token.view());
    add_number(out, message, options::observe, "observe");
    add_number(out, message, options::accept, "accept");
    add_number(out, message, options::content_format, "format");
    constexpr std::size_t shown_max = 40;
    if (message.payload.empty()) return out;
    const std::string text = printable(as_text(message.payload));
    const bool is_text =
        shown == Payload::text && text == as_text(message.payload) && text.size() <= shown_max;
    return out + (is_text ? " \"" + text + '"'
                          : " +" + std::to_string(message.payload.size()) + " octets");
}

}  // namespace scef::coap
