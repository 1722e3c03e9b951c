#include "simulators/scef-simulator/delivery_resource.h"

#include <utility>

#include "simulators/scef-simulator/nidd_answers.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

const HttpAnswer& too_late() {
    static const HttpAnswer answer =
        problem_answer({409, "the data are being sent", "SENDING", {}});
    return answer;
}

/// What a path below a configuration names, or the answer that refuses it.
struct Found {
    const Configuration* configuration = nullptr;
    const Delivery* delivery = nullptr;
    HttpAnswer refusal;
};

/// `feature` is what the SCS/AS must have negotiated, if the SCEF insists on that.
Found find_delivery(Scef& scef, const T8Target& target, std::optional<Feature> feature) {
    Found found;
    const Configuration* configuration = find_configuration(scef, target, found.refusal);
    if (configuration == nullptr) return found;
    const Delivery* delivery = scef.network().buffered(target.item);
    if (delivery == nullptr || delivery->configuration != target.configuration) {
        found.refusal = not_found("downlink data delivery");
        return found;
    }
    if (feature) {
        if (const auto refusal = scef.admission().refusal_of(*configuration, *feature)) {
            found.refusal = refused(*refusal);
            return found;
        }
    }
    found.configuration = configuration;
    found.delivery = delivery;
    return found;
}

}  // namespace

HttpAnswer DeliveryResource::handle(const T8Target& target, const HttpRequest& request,
                                    const std::string& method) {
    if (target.item.empty()) {
        if (method == "GET") return list(target);
        if (method == "POST") return create(target, request);
        return method_not_allowed("GET, POST");
    }
    if (method == "GET") return get(target);
    if (method == "PUT") return replace(target, request);
    if (method == "PATCH") return patch(target, request);
    if (method == "DELETE") return remove(target);
    return method_not_allowed("GET, PUT, PATCH, DELETE");
}

HttpAnswer DeliveryResource::list(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        HttpAnswer refusal;
        const Configuration* configuration = find_configuration(scef, target, refusal);
        if (configuration == nullptr) return refusal;
        json list = json::array();
        for (const Delivery* delivery :
             scef.network().buffered_of(configuration->ue, target.configuration)) {
            list.push_back(to_json(*delivery));
        }
        return json_answer(200, list);
    });
}

/// TS 29.122 4.4.5.3.1: the checks in the order in which the clause has them.
HttpAnswer DeliveryResource::create(const T8Target& target, const HttpRequest& request) {
    const T8Body body = body_of(request, BodyKind::json);
    HttpAnswer refusal;
    bool is_refused = true;
    std::future<DeliveryAnswer> answer =
        host_.deliver([&](Scef& scef, const Turn& turn) -> std::optional<DeliveryId> {
            const Configuration* configuration = find_configuration(scef, target, refusal);
            if (configuration == nullptr) return std::nullopt;
            std::vector<InvalidParam> complaints;
            Transfer transfer = body.json ? read_transfer(*body.json, complaints) : Transfer{};
            if (!body.json || !complaints.empty()) {
                refusal = body.json ? bad_request(std::move(complaints)) : body.refusal;
                return std::nullopt;
            }
            if (const auto why = scef.admission().refusal_of(*configuration, transfer, "", turn)) {
                refusal = refused(*why);
                return std::nullopt;
            }
            is_refused = false;
            return scef.submit(*configuration, std::move(transfer), turn);
        });
    return is_refused ? refusal : answer_of(answer.get());
}

HttpAnswer DeliveryResource::get(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        const Found found = find_delivery(scef, target, std::nullopt);
        return found.delivery == nullptr ? found.refusal
                                         : json_answer(200, to_json(*found.delivery));
    });
}

HttpAnswer DeliveryResource::replace(const T8Target& target, const HttpRequest& request) {
    const T8Body body = body_of(request, BodyKind::json);
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Found found = find_delivery(scef, target, Feature::mt_nidd_modification_cancellation);
        if (found.delivery == nullptr) return found.refusal;
        if (!body.json) return body.refusal;
        std::vector<InvalidParam> complaints;
        Transfer transfer = read_transfer(*body.json, complaints);
        if (!complaints.empty()) return bad_request(std::move(complaints));
        return change(scef, *found.configuration, target.item, std::move(transfer), turn);
    });
}

HttpAnswer DeliveryResource::patch(const T8Target& target, const HttpRequest& request) {
    const T8Body body = body_of(request, BodyKind::merge_patch);
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Found found = find_delivery(scef, target, Feature::patch_update);
        if (found.delivery == nullptr) return found.refusal;
        if (!body.json) return body.refusal;
        std::vector<InvalidParam> complaints;
        Transfer transfer = read_transfer_patch(*body.json, found.delivery->transfer, complaints);
        if (!complaints.empty()) return bad_request(std::move(complaints));
        return change(scef, *found.configuration, target.item, std::move(transfer), turn);
    });
}

HttpAnswer DeliveryResource::change(Scef& scef, const Configuration& configuration,
                                    const DeliveryId& id, Transfer transfer, const Turn& turn) {
    if (const auto why = scef.admission().refusal_of(configuration, transfer, id, turn)) {
        return refused(*why);
    }
    Delivery before = *scef.network().buffered(id);
    before.transfer = transfer;
    if (scef.replace(configuration, id, std::move(transfer), turn) ==
        CoreNetwork::Change::sending) {
        return too_late();
    }
    const Delivery* after = scef.network().buffered(id);
    return json_answer(200, to_json(after == nullptr ? before : *after));
}

HttpAnswer DeliveryResource::remove(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Found found = find_delivery(scef, target, Feature::mt_nidd_modification_cancellation);
        if (found.delivery == nullptr) return found.refusal;
        const bool is_late = scef.cancel(target.item, turn) == CoreNetwork::Change::sending;
        return is_late ? too_late() : HttpAnswer{};
    });
}

}  // namespace scef::scef_simulator
