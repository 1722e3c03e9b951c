#include "simulators/scef-simulator/behaviour.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::uint64_t features_of_r15 =
    0x3;  // group message delivery, notifications by WebSocket

constexpr std::array<Behaviour, 4> behaviours{{
    {"3gpp-r18"},
    {.name = "3gpp-r15",
     .has_delivery_patch = false,
     .has_rds_ports = false,
     .follows_redirects = false,
     .has_test_notifications = false,
     .features = features_of_r15},
    {.name = "oracle",
     .has_delivery_patch = false,
     .has_rds_ports = false,
     .follows_redirects = false,
     .has_test_notifications = false,
     .features = features_of_r15,
     .has_causes = false},
    {.name = "mts", .has_absolute_links = false, .has_delivery_status = false},
}};

constexpr std::array<std::string_view, 5> links{
    "self", "niddConfiguration", "niddDownlinkDataTransfer", "transaction", "subscription"};

bool is_changed(const Behaviour& behaviour) {
    return !behaviour.has_causes || !behaviour.has_absolute_links ||
           !behaviour.has_delivery_status || behaviour.features != UINT64_MAX;
}

bool is_link(std::string_view member) {
    return std::find(links.begin(), links.end(), member) != links.end();
}

/// The path of an absolute URI; any other text as it is.
std::string path_of(const std::string& uri) {
    const std::size_t scheme = uri.find("://");
    if (scheme == std::string::npos) return uri;
    const std::size_t slash = uri.find('/', scheme + 3);
    return slash == std::string::npos ? "/" : uri.substr(slash);
}

/// TS 29.571 5.2.2: the last digit has the features 1 to 4.
std::string limited(const std::string& features, std::uint64_t allowed) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string limited;
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::size_t digit = digits.find(features[features.size() - 1 - i]);
        const std::uint64_t mask = i < 16 ? (allowed >> (4 * i)) & 0xF : 0;
        limited.insert(limited.begin(), digits[digit == std::string_view::npos ? 0 : digit & mask]);
    }
    limited.erase(0, std::min(limited.find_first_not_of('0'), limited.size() - 1));
    return limited;
}

void rewrite(json& value, const Behaviour& behaviour) {
    if (value.is_array()) {
        for (json& item : value) rewrite(item, behaviour);
    }
    if (!value.is_object()) return;
    for (auto& [name, member] : value.items()) {
        if (member.is_structured()) rewrite(member, behaviour);
        if (!member.is_string()) continue;
        const auto& text = member.get_ref<const std::string&>();
        if (!behaviour.has_absolute_links && is_link(name)) {
            member = path_of(text);
        } else if (name == "supportedFeatures" && !text.empty()) {
            member = limited(text, behaviour.features);
        }
    }
    const auto status = value.find("deliveryStatus");
    if (behaviour.has_delivery_status || status == value.end()) return;
    json renamed = std::move(*status);
    value.erase(status);
    value["status"] = std::move(renamed);
}

/// The numbers that are known from a product's manual; 999 stands for the others.
int code_of(int status, const std::string& cause, const std::string& detail) {
    if (status == 404) return 110;
    if (cause == "DATA_TOO_LARGE") return 111;
    if (status == 400) return detail.find("JSON") != std::string::npos ? 108 : 109;
    if (status == 401 || status == 403) return 100;
    if (detail.find("PDN") != std::string::npos) return 115;
    return 999;
}

void number_error(json& problem) {
    if (!problem.is_object()) return;
    std::vector<InvalidParam> ignored;
    BodyReader reader(problem, ignored);
    const int status = static_cast<int>(reader.integer("status", 100, 599).value_or(500));
    const std::string cause = reader.text("cause").value_or("");
    const std::string detail = reader.text("detail").value_or("");
    const std::string& text = !detail.empty() ? detail : !cause.empty() ? cause : reason_of(status);
    problem.erase("cause");
    problem.erase("invalidParams");
    problem["detail"] = "SCEF-ERR-" + std::to_string(status) + "-" +
                        std::to_string(code_of(status, cause, detail)) + ": " + text;
}

bool has_segment(const HttpRequest& request, std::string_view wanted) {
    const std::vector<std::string> segments = segments_of(request.path);
    return std::find(segments.begin(), segments.end(), wanted) != segments.end();
}

}  // namespace

const Behaviour* behaviour_of(std::string_view name) {
    for (const Behaviour& behaviour : behaviours) {
        if (behaviour.name == name) return &behaviour;
    }
    return nullptr;
}

std::string behaviour_names() {
    std::string names;
    for (const Behaviour& behaviour : behaviours) {
        names += (names.empty() ? "" : ", ") + std::string(behaviour.name);
    }
    return names;
}

std::optional<HttpAnswer> refusal_by(const Behaviour& behaviour, const HttpRequest& request) {
    if (!behaviour.has_rds_ports && has_segment(request, "rds-ports")) {
        return not_found("resource");
    }
    if (!behaviour.has_delivery_patch && request.method == "PATCH" &&
        has_segment(request, "downlink-data-deliveries")) {
        return method_not_allowed("GET, PUT, DELETE");
    }
    return std::nullopt;
}

HttpRequest heard_by(const Behaviour& behaviour, HttpRequest request) {
    if (behaviour.has_test_notifications || request.body.empty()) return request;
    Result<json> body = parse_json(request.body);
    if (body && body->is_object() && body->erase("requestTestNotification") > 0) {
        request.body = dump(*body);
    }
    return request;
}

HttpAnswer told_by(const Behaviour& behaviour, HttpAnswer answer) {
    if (!is_changed(behaviour) || answer.body.empty()) return answer;
    Result<json> body = parse_json(answer.body);
    if (!body) return answer;
    if (answer.status < 400) {
        rewrite(*body, behaviour);
    } else if (!behaviour.has_causes) {
        const auto wrapped = body->is_object() ? body->find("problemDetail") : body->end();
        number_error(wrapped != body->end() ? *wrapped : *body);
    }
    answer.body = dump(*body);
    return answer;
}

std::string told_by(const Behaviour& behaviour, const std::string& notification) {
    if (!is_changed(behaviour)) return notification;
    Result<json> body = parse_json(notification);
    if (!body) return notification;
    rewrite(*body, behaviour);
    return dump(*body);
}

}  // namespace scef::scef_simulator
