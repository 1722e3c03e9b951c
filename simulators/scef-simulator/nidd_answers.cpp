#include "simulators/scef-simulator/nidd_answers.h"

#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::scef_simulator {
using nlohmann::json;

HttpAnswer refused(const Refusal& refusal) {
    HttpAnswer answer =
        problem_answer({refusal.status, refusal.detail, refusal.cause, refusal.invalid_params});
    if (refusal.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
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
    T8Body body;
    body.json = body_of(request, kind == BodyKind::merge_patch, body.refusal);
    return body;
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
