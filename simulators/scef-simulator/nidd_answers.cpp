#include "simulators/scef-simulator/nidd_answers.h"

#include <chrono>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

bool is_media_type(const std::string& content_type, std::string_view wanted) {
    std::string type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    for (char& c : type) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return type == wanted;
}

}  // namespace

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

HttpAnswer not_found(const char* what) {
    return problem_answer({404, std::string("there is no such ") + what, "", {}});
}

HttpAnswer bad_request(std::vector<InvalidParam> complaints) {
    return problem_answer({400, "the body is not as TS 29.122 has it", "", std::move(complaints)});
}

HttpAnswer method_not_allowed(const char* allowed) {
    HttpAnswer answer = problem_answer({405, std::string("the resource has ") + allowed, "", {}});
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

HttpAnswer refused(const Refusal& refusal) {
    return problem_answer({refusal.status, refusal.detail, refusal.cause, refusal.invalid_params});
}

HttpAnswer delivery_failure(const Problem& problem, const std::optional<WallTime>& again) {
    json body{{"problemDetail", to_json(problem)}};
    if (again) body["requestedRetransmissionTime"] = to_rfc3339(*again);
    return json_answer(problem.status, body);
}

HttpAnswer answer_of(const DeliveryAnswer& answer) {
    if (answer.status == 200) return json_answer(200, to_json(answer.delivery));
    if (answer.status == 201) {
        HttpAnswer created = json_answer(201, to_json(answer.delivery));
        created.headers.emplace_back("Location", answer.delivery.self);
        return created;
    }
    const Problem problem{answer.status, answer.detail, answer.cause, {}};
    if (answer.status != 500) return problem_answer(problem);
    return delivery_failure(problem, answer.requested_retransmission_time);
}

T8Body body_of(const HttpRequest& request, BodyKind kind) {
    const bool is_patch = kind == BodyKind::merge_patch;
    const bool is_json =
        is_media_type(request.content_type, "application/json") ||
        (is_patch && is_media_type(request.content_type, "application/merge-patch+json"));
    if (!is_json) {
        const char* expected =
            is_patch ? "application/merge-patch+json is expected" : "application/json is expected";
        return {std::nullopt, problem_answer({415, expected, "", {}})};
    }
    Result<json> body = parse_json(request.body);
    if (!body) return {std::nullopt, problem_answer({400, body.error().message, "", {}})};
    return {std::move(*body), {}};
}

Configuration* find_configuration(Scef& scef, const T8Target& target, HttpAnswer& refusal) {
    Configuration* configuration =
        scef.configurations().find(target.scs_as_id, target.configuration);
    if (configuration == nullptr) {
        refusal = not_found("NIDD configuration");
        return nullptr;
    }
    if (const auto barred = scef.admission().refusal_of_scs_as(target.scs_as_id)) {
        refusal = refused(*barred);
        return nullptr;
    }
    return configuration;
}

}  // namespace scef::scef_simulator
