#include "simulators/scef-simulator/trigger_service.h"

#include <utility>

#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {

using nlohmann::json;

std::string TriggerService::ue_of(SimulatedOperator& simulated, const std::string& scs_as_id,
                                  const std::string& id) {
    const Trigger* found = simulated.triggering().find(scs_as_id, id);
    return found == nullptr ? std::string{} : found->ue;
}

HttpAnswer TriggerService::list(const std::string& scs_as_id) {
    return json_answer(200, host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        json all = json::array();
        for (const Trigger* trigger : simulated.triggering().of_scs_as(scs_as_id)) {
            all.push_back(to_json(*trigger));
        }
        return all;
    }));
}

HttpAnswer TriggerService::create(const std::string& scs_as_id, const HttpRequest& request) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, /*is_patch=*/false, refusal);
    if (!body) return refusal;
    if (request.host.empty()) return problem_answer({400, "a Host is required", "", {}});
    std::vector<InvalidParam> complaints;
    TriggerRequest wanted = read_trigger(*body, complaints);
    if (!complaints.empty()) return bad_request(std::move(complaints));
    const std::string base =
        base_uri(request, place_.api_path, scs_as_id) + "/" + place_.collection;
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
        Triggering& triggering = simulated.triggering();
        const Result<std::string> id =
            triggering.create(std::move(wanted), scs_as_id, base, simulated.scef(), turn);
        if (!id) return problem_answer({403, id.error().message, "", {}});
        const Trigger* trigger = triggering.find(scs_as_id, *id);
        HttpAnswer created = json_answer(201, to_json(*trigger));
        created.headers.emplace_back("Location", trigger->self);
        return created;
    });
}

HttpAnswer TriggerService::get(const std::string& scs_as_id, const std::string& id) {
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        const Trigger* trigger = simulated.triggering().find(scs_as_id, id);
        return trigger == nullptr ? not_found("device triggering transaction")
                                  : json_answer(200, to_json(*trigger));
    });
}

HttpAnswer TriggerService::change(const std::string& scs_as_id, const std::string& id,
                                  const HttpRequest& request, bool is_patch) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, is_patch, refusal);
    if (!body) return refusal;
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
        Triggering& triggering = simulated.triggering();
        const Trigger* trigger = triggering.find(scs_as_id, id);
        if (trigger == nullptr) return not_found("device triggering transaction");
        std::vector<InvalidParam> complaints;
        TriggerRequest wanted = is_patch ? read_trigger_patch(*body, trigger->request, complaints)
                                         : read_trigger(*body, complaints);
        if (complaints.empty() && wanted.identity != trigger->request.identity) {
            complaints.push_back({std::string("/") + member_of(wanted.identity.kind),
                                  "the identity cannot be changed"});
        }
        if (!complaints.empty()) return bad_request(std::move(complaints));
        triggering.replace(id, std::move(wanted), turn);
        return json_answer(200, to_json(*trigger));
    });
}

/// TS 29.122 5.7.3.3.3.5: with the result if the SMS was still on its way.
HttpAnswer TriggerService::remove(const std::string& scs_as_id, const std::string& id) {
    return host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
        Triggering& triggering = simulated.triggering();
        const Trigger* trigger = triggering.find(scs_as_id, id);
        if (trigger == nullptr) return not_found("device triggering transaction");
        const bool was_pending = trigger->is_pending;
        const Trigger recalled = triggering.recall(id);
        return was_pending ? json_answer(200, to_json(recalled)) : HttpAnswer{};
    });
}

}  // namespace scef::scef_simulator
