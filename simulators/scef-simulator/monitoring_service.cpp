#include "simulators/scef-simulator/monitoring_service.h"

#include <utility>

#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

/// The answer to a monitoring type that this SCEF does not have.
std::optional<HttpAnswer> refusal_of_type(const json& body) {
    if (!body.is_object()) return std::nullopt;
    const auto type = body.find("monitoringType");
    if (type == body.end() || !type->is_string() ||
        monitoring_type_of(type->get_ref<const std::string&>())) {
        return std::nullopt;
    }
    return problem_answer({501,
                           "of the monitoring types there are UE_REACHABILITY, "
                           "AVAILABILITY_AFTER_DDN_FAILURE and LOSS_OF_CONNECTIVITY",
                           "",
                           {{"/monitoringType", "it is not supported"}}});
}

/// RFC 6902. The library throws where a patch does not fit.
std::optional<json> patched(const json& object, const json& patch) {
    try {
        return object.patch(patch);
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

/// The subscription as the SCS/AS would have posted it.
json asked_for(const Subscription& subscription) { return subscription.request.accepted; }

}  // namespace

std::string MonitoringService::ue_of(SimulatedOperator& simulated, const std::string& scs_as_id,
                                     const std::string& id) {
    const Subscription* found = simulated.monitoring().find(scs_as_id, id);
    return found == nullptr ? std::string{} : found->ue;
}

HttpAnswer MonitoringService::list(const std::string& scs_as_id) {
    return json_answer(200, host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        json all = json::array();
        for (const Subscription* found : simulated.monitoring().of_scs_as(scs_as_id)) {
            all.push_back(to_json(*found));
        }
        return all;
    }));
}

HttpAnswer MonitoringService::create(const std::string& scs_as_id, const HttpRequest& request) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, /*is_patch=*/false, refusal);
    if (!body) return refusal;
    if (request.host.empty()) return problem_answer({400, "a Host is required", "", {}});
    if (auto refused = refusal_of_type(*body)) return *refused;
    std::vector<InvalidParam> complaints;
    SubscriptionRequest wanted = read_subscription(*body, wall_now(), complaints);
    if (!complaints.empty()) return bad_request(std::move(complaints));
    const std::string base =
        base_uri(request, place_.api_path, scs_as_id) + "/" + place_.collection;
    json answered = wanted.accepted;
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
        const Result<Monitoring::Created> created = simulated.monitoring().create(
            std::move(wanted), scs_as_id, base, simulated.scef(), turn);
        if (!created) return problem_answer({403, created.error().message, "", {}});
        if (const auto* report = std::get_if<json>(&*created)) return json_answer(200, *report);
        answered["self"] = base + "/" + std::get<std::string>(*created);
        HttpAnswer answer = json_answer(201, answered);
        answer.headers.emplace_back("Location", answered["self"].get_ref<const std::string&>());
        return answer;
    });
}

HttpAnswer MonitoringService::get(const std::string& scs_as_id, const std::string& id) {
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        const Subscription* found = simulated.monitoring().find(scs_as_id, id);
        return found == nullptr ? not_found("monitoring event subscription")
                                : json_answer(200, to_json(*found));
    });
}

/// A PATCH is a JSON Patch and has no body in its answer (TS 29.122 5.3.3.3.3.3).
HttpAnswer MonitoringService::change(const std::string& scs_as_id, const std::string& id,
                                     const HttpRequest& request, bool is_patch) {
    HttpAnswer refusal;
    std::optional<json> body = body_of(request, is_patch, refusal, "application/json-patch+json");
    if (!body) return refusal;
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
        Monitoring& monitoring = simulated.monitoring();
        const Subscription* found = monitoring.find(scs_as_id, id);
        if (found == nullptr) return not_found("monitoring event subscription");
        if (is_patch) body = patched(asked_for(*found), *body);
        if (!body) return problem_answer({400, "the patch does not fit the subscription", "", {}});
        if (auto refused = refusal_of_type(*body)) return *refused;
        std::vector<InvalidParam> complaints;
        SubscriptionRequest wanted = read_subscription(*body, turn.wall, complaints);
        if (complaints.empty() &&
            (wanted.identity != found->request.identity || wanted.type != found->request.type)) {
            complaints.push_back({"/monitoringType", "it and the identity cannot be changed"});
        }
        if (!complaints.empty()) return bad_request(std::move(complaints));
        monitoring.replace(id, std::move(wanted));
        return is_patch ? HttpAnswer{} : json_answer(200, to_json(*found));
    });
}

HttpAnswer MonitoringService::remove(const std::string& scs_as_id, const std::string& id) {
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        Monitoring& monitoring = simulated.monitoring();
        if (monitoring.find(scs_as_id, id) == nullptr) {
            return not_found("monitoring event subscription");
        }
        monitoring.remove(id);
        return HttpAnswer{};
    });
}

}  // namespace scef::scef_simulator
