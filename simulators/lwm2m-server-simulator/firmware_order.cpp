#include "simulators/lwm2m-server-simulator/firmware_order.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/lwm2m-server-simulator/operation_body.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Method = FirmwareOrder::Method;

constexpr std::array members{"file", "package", "uri", "method", "install", "timeout", "patience"};

tl::unexpected<Error> refuse(std::string why) {
    return fail(Errc::invalid_argument, std::move(why));
}

Status check_members(const json& body) {
    if (!body.is_object()) return refuse("the body is no JSON object");
    int sources = 0;
    for (const auto& [name, value] : body.items()) {
        if (std::find(members.begin(), members.end(), name) == members.end()) {
            return refuse("'" + name +
                          "' is no member of firmware; it takes file, package, uri, "
                          "method, install, timeout, patience");
        }
        const bool is_source = name == "file" || name == "package" || name == "uri";
        if (is_source && !value.is_string()) return refuse("'" + name + "' is to be a text");
        sources += is_source ? 1 : 0;
    }
    if (sources == 1) return {};
    return refuse(
        "say what to install by one of 'file' (GET /files lists them), 'package' (base64) "
        "and 'uri'");
}

std::string percent_encoded(const std::string& name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (const char letter : name) {
        const auto octet = static_cast<unsigned char>(letter);
        const bool plain = (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
                           (octet >= 'a' && octet <= 'z') || letter == '-' || letter == '.' ||
                           letter == '_' || letter == '~';
        if (plain) {
            text += letter;
        } else {
            text += {'%', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return text;
}

Result<Method> read_method(const json& body) {
    const json method = body.value("method", json(body.contains("uri") ? "pull" : "push"));
    if (method == "pull") return Method::pull;
    if (method == "push") return Method::push;
    return refuse("'method' is to be \"push\" or \"pull\"");
}

Status take_file(FirmwareOrder& order, const std::string& name, FileStore& files,
                 const std::string& base_uri) {
    auto file = files.find(name);
    if (!file) return tl::unexpected(file.error());
    order.file = name;
    order.bytes = (*file)->content.size();
    if (order.method == Method::push) {
        order.package = (*file)->content;
        return {};
    }
    if (base_uri.empty()) {
        return refuse(
            "this server listens on all addresses, so it does not know by which of them a "
            "client fetches files; start it with --files-uri coap://HOST:PORT, or give 'uri'");
    }
    order.uri = base_uri + "/files/" + percent_encoded(name);
    return {};
}

Status take_source(FirmwareOrder& order, const json& body, FileStore& files,
                   const std::string& base_uri) {
    if (body.contains("file")) {
        return take_file(order, body["file"].get<std::string>(), files, base_uri);
    }
    if (body.contains("uri")) {
        if (order.method == Method::push) return refuse("a 'uri' can only be pulled");
        order.uri = body["uri"].get<std::string>();
        return {};
    }
    if (order.method == Method::pull) return refuse("a 'package' can only be pushed");
    auto package = from_base64(body["package"].get_ref<const std::string&>());
    if (!package) return refuse("'package' is no base64");
    order.package = std::move(*package);
    order.bytes = order.package.size();
    return {};
}

}  // namespace

Result<FirmwareOrder> read_firmware_order(const json& body, FileStore& files,
                                          const std::string& base_uri, Duration default_timeout) {
    if (const Status good = check_members(body); !good) return tl::unexpected(good.error());
    FirmwareOrder order;
    const auto method = read_method(body);
    if (!method) return tl::unexpected(method.error());
    order.method = *method;
    const auto installs = read_flag(body, "install", true);
    if (!installs) return tl::unexpected(installs.error());
    order.installs = *installs;
    const auto timeout = read_duration_member(body, "timeout");
    if (!timeout) return tl::unexpected(timeout.error());
    order.timeout = timeout->value_or(default_timeout);
    const auto patience = read_duration_member(body, "patience");
    if (!patience) return tl::unexpected(patience.error());
    order.patience = patience->value_or(order.patience);
    if (const Status taken = take_source(order, body, files, base_uri); !taken) {
        return tl::unexpected(taken.error());
    }
    return order;
}

}  // namespace scef::lwm2m_server_simulator
