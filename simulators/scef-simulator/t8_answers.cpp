#include "simulators/scef-simulator/t8_answers.h"

#include <chrono>
#include <utility>

namespace scef::scef_simulator {

using nlohmann::json;

HttpAnswer not_found(const char* what) {
    return problem_answer({404, std::string("there is no such ") + what, "", {}});
}

HttpAnswer bad_request(std::vector<InvalidParam> complaints) {
    return problem_answer({400, "the body is not as TS 29.122 has it", "", std::move(complaints)});
}

HttpAnswer method_not_allowed(const char* allowed) {
    HttpAnswer answer = problem_answer({405, "", "", {}});
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

bool is_media_type(const std::string& content_type, std::string_view wanted) {
    std::string type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    for (char& c : type) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return type == wanted;
}

std::optional<json> body_of(const HttpRequest& request, bool is_patch, HttpAnswer& refusal,
                            std::string_view patch_type) {
    const bool is_json = is_media_type(request.content_type, "application/json") ||
                         (is_patch && is_media_type(request.content_type, patch_type));
    if (!is_json) {
        const std::string expected(is_patch ? patch_type : "application/json");
        refusal = problem_answer({415, expected + " is expected", "", {}});
        return std::nullopt;
    }
    Result<json> body = parse_json(request.body);
    if (!body) {
        refusal = problem_answer({400, body.error().message, "", {}});
        return std::nullopt;
    }
    return std::move(*body);
}

std::string base_uri(const HttpRequest& request, const std::string& api_path,
                     const std::string& scs_as_id) {
    return request.scheme + "://" + request.host + api_path + "/" + percent_encoded(scs_as_id);
}

std::optional<ResourcePath> resource_path(const std::string& path, const std::string& api_path,
                                          std::string_view collection) {
    if (!path.starts_with(api_path + "/")) return std::nullopt;
    std::vector<std::string> segments = segments_of(path.substr(api_path.size()));
    if (segments.size() < 2 || segments.size() > 3 || segments[1] != collection) {
        return std::nullopt;
    }
    return ResourcePath{std::move(segments[0]),
                        segments.size() == 3 ? std::move(segments[2]) : std::string{}};
}

std::string external_id_in(const std::string& body) {
    const Result<json> parsed = parse_json(body);
    if (!parsed || !parsed->is_object()) return {};
    std::vector<InvalidParam> ignored;
    return BodyReader(*parsed, ignored).text("externalId").value_or("");
}

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

}  // namespace scef::scef_simulator
