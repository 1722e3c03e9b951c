#include "simulators/scef-simulator/t8_service.h"

#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/rds.h"
#include "simulators/scef-simulator/t8_answers.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;
constexpr const char* deliveries_segment = "downlink-data-deliveries";

/// TS 29.122 5.6.2.1.8, which is not a problem document.
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

std::optional<HttpAnswer> refusal_of(const Configuration& configuration, const Transfer& transfer) {
    if (const auto octets_max = configuration.maximum_packet_size / 8;
        transfer.data.size() > octets_max) {
        const std::string most = "at most " + std::to_string(octets_max) + " octets go at once";
        return problem_answer({403, most, "DATA_TOO_LARGE", {}});
    }
    if (!knows_ports(configuration, transfer.rds_port)) {
        return problem_answer({403, "", "RDS_PORT_UNKNOWN", {}});
    }
    if (configuration.identity.kind == Identity::Kind::external_group_id) {
        return problem_answer({403, "group message delivery is not supported", "", {}});
    }
    if (transfer.identity != configuration.identity) {
        return bad_request({{std::string("/") + member_of(transfer.identity.kind),
                             "it is not the identity of the NIDD configuration"}});
    }
    return std::nullopt;
}

json described(const Scef& scef, const Configuration& configuration) {
    return to_json(configuration, scef.network().buffered_of(configuration.ue, configuration.id));
}

}  // namespace

T8Service::T8Service(std::string base_path, Host& host)
    : base_path_(std::move(base_path)), host_(host) {}

std::optional<T8Call> T8Service::call_of(const HttpRequest& request) {
    const std::optional<Target> target = target_of(request.path);
    if (!target) return std::nullopt;
    T8Call call;
    call.operation = target->operation();
    call.external_id = external_id_of(*target, request);
    call.is_new_delivery =
        target->is_deliveries && target->delivery.empty() && request.method == "POST";
    return call;
}

HttpAnswer T8Service::serve(const HttpRequest& request) {
    const std::optional<Target> target = target_of(request.path);
    return target ? route(*target, request) : not_found("resource");
}

std::optional<T8Service::Target> T8Service::target_of(const std::string& path) const {
    if (!path.starts_with(base_path_ + "/")) return std::nullopt;
    const std::vector<std::string> segments = segments_of(path.substr(base_path_.size()));
    if (segments.size() < 2 || segments.size() > 5 || segments[1] != "configurations") {
        return std::nullopt;
    }
    Target target;
    target.scs_as_id = segments[0];
    if (segments.size() > 2) target.configuration = segments[2];
    if (segments.size() > 3) {
        if (segments[3] != deliveries_segment) return std::nullopt;
        target.is_deliveries = true;
    }
    if (segments.size() > 4) target.delivery = segments[4];
    return target;
}

std::string T8Service::external_id_of(const Target& target, const HttpRequest& request) {
    if (!target.configuration.empty()) {
        return host_.with([&](Scef& scef, const Turn&) {
            const Configuration* configuration =
                scef.configurations().find(target.scs_as_id, target.configuration);
            return configuration == nullptr ? std::string{} : configuration->ue;
        });
    }
    return external_id_in(request.body);
}

HttpAnswer T8Service::route(const Target& target, const HttpRequest& request) {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    if (target.configuration.empty()) {
        if (method == "GET") return list_configurations(target);
        if (method == "POST") return create_configuration(target, request);
        return method_not_allowed("GET, POST");
    }
    if (!target.is_deliveries) {
        if (method == "GET") return get_configuration(target);
        if (method == "PATCH") return patch_configuration(target, request);
        if (method == "DELETE") return delete_configuration(target);
        return method_not_allowed("GET, PATCH, DELETE");
    }
    if (target.delivery.empty()) {
        if (method == "GET") return list_deliveries(target);
        if (method == "POST") return create_delivery(target, request);
        return method_not_allowed("GET, POST");
    }
    if (method == "GET") return get_delivery(target);
    if (method == "PUT") return change_delivery(target, request, /*is_patch=*/false);
    if (method == "PATCH") return change_delivery(target, request, /*is_patch=*/true);
    if (method == "DELETE") return delete_delivery(target);
    return method_not_allowed("GET, PUT, PATCH, DELETE");
}

HttpAnswer T8Service::list_configurations(const Target& target) {
    return json_answer(200, host_.with([&](Scef& scef, const Turn&) {
        json list = json::array();
        for (const Configuration* configuration :
             scef.configurations().of_scs_as(target.scs_as_id)) {
            list.push_back(described(scef, *configuration));
        }
        return list;
    }));
}

HttpAnswer T8Service::create_configuration(const Target& target, const HttpRequest& request) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, /*is_patch=*/false, refusal);
    if (!body) return refusal;
    if (request.host.empty()) return problem_answer({400, "a Host is required", "", {}});
    std::vector<InvalidParam> complaints;
    ConfigurationRequest wanted = read_configuration(*body, wall_now(), complaints);
    if (!complaints.empty()) return bad_request(std::move(complaints));
    const std::string base = base_uri(request, base_path_, target.scs_as_id) + "/configurations";
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Result<ConfigurationId> id =
            scef.create(std::move(wanted), target.scs_as_id, base, turn);
        if (!id) return problem_answer({403, id.error().message, "", {}});
        const Configuration* configuration = scef.configurations().find(target.scs_as_id, *id);
        HttpAnswer created = json_answer(201, described(scef, *configuration));
        created.headers.emplace_back("Location", configuration->self);
        return created;
    });
}

HttpAnswer T8Service::get_configuration(const Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        const Configuration* configuration =
            scef.configurations().find(target.scs_as_id, target.configuration);
        if (configuration == nullptr) return not_found("NIDD configuration");
        return json_answer(200, described(scef, *configuration));
    });
}

HttpAnswer T8Service::patch_configuration(const Target& target, const HttpRequest& request) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, /*is_patch=*/true, refusal);
    if (!body) return refusal;
    std::vector<InvalidParam> complaints;
    const ConfigurationPatch patch = read_configuration_patch(*body, wall_now(), complaints);
    return host_.with([&](Scef& scef, const Turn& turn) {
        Configuration* configuration =
            scef.configurations().find(target.scs_as_id, target.configuration);
        if (configuration == nullptr) return not_found("NIDD configuration");
        if (!complaints.empty()) return bad_request(std::move(complaints));
        scef.patch(*configuration, patch, turn);
        return json_answer(200, described(scef, *configuration));
    });
}

HttpAnswer T8Service::delete_configuration(const Target& target) {
    return host_.with([&](Scef& scef, const Turn& turn) {
        if (scef.configurations().find(target.scs_as_id, target.configuration) == nullptr) {
            return not_found("NIDD configuration");
        }
        scef.remove(target.configuration, turn);
        return HttpAnswer{};
    });
}

HttpAnswer T8Service::list_deliveries(const Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        const Configuration* configuration =
            scef.configurations().find(target.scs_as_id, target.configuration);
        if (configuration == nullptr) return not_found("NIDD configuration");
        json list = json::array();
        for (const Delivery* delivery :
             scef.network().buffered_of(configuration->ue, target.configuration)) {
            list.push_back(to_json(*delivery));
        }
        return json_answer(200, list);
    });
}

/// TS 29.122 4.4.5.3.1: the checks in the order in which the clause has them.
HttpAnswer T8Service::create_delivery(const Target& target, const HttpRequest& request) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, /*is_patch=*/false, refusal);
    std::vector<InvalidParam> complaints;
    Transfer transfer = body ? read_transfer(*body, complaints) : Transfer{};
    std::optional<HttpAnswer> refused;
    std::future<DeliveryAnswer> answer =
        host_.deliver([&](Scef& scef, const Turn& turn) -> std::optional<DeliveryId> {
            const Configuration* configuration =
                scef.configurations().find(target.scs_as_id, target.configuration);
            if (configuration == nullptr) {
                refused = not_found("NIDD configuration");
            } else if (!body) {
                refused = refusal;
            } else if (!complaints.empty()) {
                refused = bad_request(std::move(complaints));
            } else {
                refused = refusal_of(*configuration, transfer);
            }
            if (refused) return std::nullopt;
            return scef.submit(*configuration, std::move(transfer), turn);
        });
    return refused ? *refused : answer_of(answer.get());
}

HttpAnswer T8Service::get_delivery(const Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        const Delivery* delivery = scef.network().buffered(target.delivery);
        if (delivery == nullptr || delivery->configuration != target.configuration ||
            scef.configurations().find(target.scs_as_id, target.configuration) == nullptr) {
            return not_found("downlink data delivery");
        }
        return json_answer(200, to_json(*delivery));
    });
}

HttpAnswer T8Service::change_delivery(const Target& target, const HttpRequest& request,
                                      bool is_patch) {
    HttpAnswer refusal;
    const std::optional<json> body = body_of(request, is_patch, refusal);
    if (!body) return refusal;
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Configuration* configuration =
            scef.configurations().find(target.scs_as_id, target.configuration);
        const Delivery* delivery = scef.network().buffered(target.delivery);
        if (configuration == nullptr || delivery == nullptr ||
            delivery->configuration != target.configuration) {
            return not_found("downlink data delivery");
        }
        std::vector<InvalidParam> complaints;
        Transfer transfer = is_patch ? read_transfer_patch(*body, delivery->transfer, complaints)
                                     : read_transfer(*body, complaints);
        if (!complaints.empty()) return bad_request(std::move(complaints));
        if (auto refused = refusal_of(*configuration, transfer)) return *refused;
        const Delivery before = *delivery;
        if (scef.replace(*configuration, target.delivery, std::move(transfer), turn) ==
            CoreNetwork::Change::sending) {
            return problem_answer({409, "the data are being sent", "SENDING", {}});
        }
        const Delivery* after = scef.network().buffered(target.delivery);
        return json_answer(200, to_json(after == nullptr ? before : *after));
    });
}

HttpAnswer T8Service::delete_delivery(const Target& target) {
    return host_.with([&](Scef& scef, const Turn& turn) {
        const Delivery* delivery = scef.network().buffered(target.delivery);
        if (delivery == nullptr || delivery->configuration != target.configuration ||
            scef.configurations().find(target.scs_as_id, target.configuration) == nullptr) {
            return not_found("downlink data delivery");
        }
        if (scef.cancel(target.delivery, turn) == CoreNetwork::Change::sending) {
            return problem_answer({409, "the data are being sent", "SENDING", {}});
        }
        return HttpAnswer{};
    });
}

}  // namespace scef::scef_simulator
