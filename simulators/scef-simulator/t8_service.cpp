#include "simulators/scef-simulator/t8_service.h"

#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/scef-simulator/nidd_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;
/// The JSON of a body for the log; text that is none as a string.
json loggable(const std::string& body) {
    if (body.empty()) return nullptr;
    const Result<json> value = parse_json(body);
    return value ? *value : json(body);
}

/// The octets of the member `data` in hexadecimal, for the log.
std::string hex_of_data(const json& body) {
    if (!body.is_object()) return {};
    const auto data = body.find("data");
    if (data == body.end() || !data->is_string()) return {};
    const Result<Bytes> octets = from_base64(data->get_ref<const std::string&>());
    return octets ? to_hex(*octets) : std::string{};
}

}  // namespace

T8Service::T8Service(std::string base_path, Host& host, Faults& faults, EventLog& log,
                     Counters& counters)
    : base_path_(std::move(base_path)),
      host_(host),
      faults_(faults),
      log_(log),
      counters_(counters),
      configurations_(base_path_, host),
      deliveries_(host),
      rds_ports_(host) {}

HttpAnswer T8Service::handle(const HttpRequest& request) {
    const std::optional<T8Target> target = t8_target_of(base_path_, request.path);
    const std::string external_id = target ? external_id_of(*target, request) : std::string{};
    json asked{{"method", request.method}, {"path", request.path}};
    if (json body = loggable(request.body); !body.is_null()) {
        if (std::string hex = hex_of_data(body); !hex.empty()) asked["data"] = std::move(hex);
        asked["body"] = std::move(body);
    }
    log_.append(wall_now(), "t8-request", external_id, dump(asked));

    const HttpAnswer answer =
        target ? with_faults(*target, request, external_id) : not_found("resource");

    json told{{"method", request.method}, {"path", request.path}, {"status", answer.status}};
    if (answer.ending != HttpAnswer::Ending::answer) told["status"] = "none";
    if (json body = loggable(answer.body); !body.is_null()) told["body"] = std::move(body);
    log_.append(wall_now(), "t8-answer", external_id, dump(told));
    if (target && target->below == T8Target::Below::deliveries && target->item.empty() &&
        request.method == "POST") {
        counters_.add("deliveries", answer.ending == HttpAnswer::Ending::answer
                                        ? std::to_string(answer.status)
                                        : "none");
    }
    return answer;
}

std::string T8Service::external_id_of(const T8Target& target, const HttpRequest& request) {
    if (!target.configuration.empty()) {
        return host_.with([&](Scef& scef, const Turn&) {
            const Configuration* configuration =
                scef.configurations().find(target.scs_as_id, target.configuration);
            return configuration == nullptr ? std::string{} : configuration->ue;
        });
    }
    const Result<json> body = parse_json(request.body);
    if (!body || !body->is_object()) return {};
    std::vector<InvalidParam> ignored;
    return BodyReader(*body, ignored).text("externalId").value_or("");
}

HttpAnswer T8Service::with_faults(const T8Target& target, const HttpRequest& request,
                                  const std::string& external_id) {
    const std::optional<Fault> fault = faults_.take(target.operation(), external_id);
    if (!fault) return route(target, request);
    counters_.add("faults", "applied");
    host_.pause(fault->delay);
    const bool is_spoiled = fault->status != 0 || fault->action != Fault::Action::answer;
    if (!is_spoiled) return route(target, request);
    if (fault->after) route(target, request);
    return spoiled(target, *fault);
}

HttpAnswer T8Service::spoiled(const T8Target& target, const Fault& fault) const {
    const Problem problem{fault.status == 0 ? 500 : fault.status, "a fault rule", fault.cause, {}};
    HttpAnswer answer = target.below == T8Target::Below::deliveries && problem.status == 500
                            ? delivery_failure(problem, std::nullopt)
                            : problem_answer(problem);
    if (fault.retry_after) {
        answer.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
    }
    if (fault.action == Fault::Action::close) answer.ending = HttpAnswer::Ending::close;
    if (fault.action == Fault::Action::hang) answer.ending = HttpAnswer::Ending::hang;
    return answer;
}

HttpAnswer T8Service::route(const T8Target& target, const HttpRequest& request) {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    switch (target.below) {
        case T8Target::Below::deliveries:
            return deliveries_.handle(target, request, method);
        case T8Target::Below::rds_ports:
            return rds_ports_.handle(target, method);
        case T8Target::Below::nothing:
            break;
    }
    return configurations_.handle(target, request, method);
}

}  // namespace scef::scef_simulator
