#include "simulators/scef-simulator/t8_service.h"

#include <utility>

#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {

T8Service::T8Service(std::string base_path, Host& host)
    : base_path_(std::move(base_path)),
      host_(host),
      configurations_(base_path_, host),
      deliveries_(host),
      rds_ports_(host) {}

std::optional<T8Call> T8Service::call_of(const HttpRequest& request) {
    const std::optional<T8Target> target = t8_target_of(base_path_, request.path);
    if (!target) return std::nullopt;
    T8Call call;
    call.operation = target->operation();
    call.external_id = external_id_of(*target, request);
    call.is_new_delivery = target->below == T8Target::Below::deliveries && target->item.empty() &&
                           request.method == "POST";
    return call;
}

HttpAnswer T8Service::serve(const HttpRequest& request) {
    const std::optional<T8Target> target = t8_target_of(base_path_, request.path);
    if (!target) return not_found("resource");
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    switch (target->below) {
        case T8Target::Below::deliveries:
            return deliveries_.handle(*target, request, method);
        case T8Target::Below::rds_ports:
            return rds_ports_.handle(*target, method);
        case T8Target::Below::nothing:
            break;
    }
    return configurations_.handle(*target, request, method);
}

std::string T8Service::external_id_of(const T8Target& target, const HttpRequest& request) {
    if (target.configuration.empty()) return external_id_in(request.body);
    return host_.with([&](Scef& scef, const Turn&) {
        const Configuration* configuration =
            scef.configurations().find(target.scs_as_id, target.configuration);
        return configuration == nullptr ? std::string{} : configuration->ue;
    });
}

}  // namespace scef::scef_simulator
