#include "simulators/scef-simulator/t8_front.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;
using Action = Fault::Action;
using std::chrono::milliseconds;

constexpr milliseconds early_max{10'000};
constexpr milliseconds trickle_usual{2'000};

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

/// TS 29.122 5.6.5: a 500 of a delivery wraps its problem.
HttpAnswer refusal_by(const Fault& fault, const T8Call& call) {
    const Problem problem{fault.status, "a fault rule", fault.cause, {}};
    HttpAnswer answer = call.operation == "delivery" && fault.status == 500
                            ? json_answer(500, {{"problemDetail", to_json(problem)}})
                            : problem_answer(problem);
    if (fault.retry_after) {
        answer.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
    }
    return answer;
}

/// The place to go to: `location`, with the path of the request if it has none of its own.
std::string location_of(const Fault& fault, const HttpRequest& request) {
    const std::size_t scheme = fault.location.find("://");
    const std::size_t from = scheme == std::string::npos ? 0 : scheme + 3;
    if (fault.location.find('/', from) != std::string::npos) return fault.location;
    std::string location = fault.location;
    for (const std::string& segment : segments_of(request.path)) {
        location += "/" + percent_encoded(segment);
    }
    return location;
}

void spoil(HttpAnswer& answer, const Fault& fault, const HttpRequest& request) {
    switch (fault.action) {
        case Action::answer:
            return;
        case Action::close:
            answer.ending = HttpAnswer::Ending::close;
            return;
        case Action::reset:
            answer.ending = HttpAnswer::Ending::reset;
            return;
        case Action::hang:
            answer.ending = HttpAnswer::Ending::hang;
            return;
        case Action::truncate:
            answer.ending = HttpAnswer::Ending::truncated;
            return;
        case Action::trickle:
            answer.trickle = fault.delay.count() == 0 ? trickle_usual : fault.delay;
            return;
        case Action::redirect:
            answer.headers.emplace_back("Location", location_of(fault, request));
            return;
        case Action::wrong_type:
            answer.content_type = "text/html";
            break;
        case Action::garbage:
            answer.content_type = "application/json";
            answer.body = "{\"self\":\"http://" + answer.body.substr(0, answer.body.size() / 2);
            break;
    }
    if (answer.status == 204) answer.status = 200;
}

bool needs_real_answer(const Fault& fault) {
    return fault.status == 0 && fault.action != Action::close && fault.action != Action::reset &&
           fault.action != Action::hang;
}

}  // namespace

T8Front::T8Front(std::vector<T8Api*> apis, TokenService& tokens, const Behaviour& behaviour,
                 Host& host, Faults& faults, EventLog& log, Counters& counters)
    : apis_(std::move(apis)),
      tokens_(tokens),
      behaviour_(behaviour),
      host_(host),
      faults_(faults),
      log_(log),
      counters_(counters) {}

HttpAnswer T8Front::handle(const HttpRequest& request) {
    T8Api* addressed = nullptr;
    T8Call call;
    for (T8Api* api : apis_) {
        std::optional<T8Call> found = api->call_of(request);
        if (!found) continue;
        addressed = api;
        call = std::move(*found);
        break;
    }
    log_request(request, call);
    const HttpAnswer answer = addressed == nullptr ? told_by(behaviour_, not_found("resource"))
                                                   : with_faults(*addressed, call, request);
    log_answer(request, answer, call);
    if (call.is_new_delivery) {
        const bool has_answer = answer.ending == HttpAnswer::Ending::answer;
        counters_.add("deliveries", has_answer ? std::to_string(answer.status) : "none");
    }
    return answer;
}

/// Access first, and nothing else for the tokens themselves.
HttpAnswer T8Front::serve(T8Api& api, const HttpRequest& request) {
    if (&api == &tokens_) return api.serve(request);
    if (auto refusal = tokens_.refusal_of(request)) {
        return told_by(behaviour_, std::move(*refusal));
    }
    if (auto refusal = refusal_by(behaviour_, request)) {
        return told_by(behaviour_, std::move(*refusal));
    }
    return told_by(behaviour_, api.serve(heard_by(behaviour_, request)));
}

HttpAnswer T8Front::with_faults(T8Api& api, const T8Call& call, const HttpRequest& request) {
    if (const auto fault = faults_.take(call.operation, call.external_id)) {
        counters_.add("faults", "applied");
        return spoiled(api, call, *fault, request);
    }
    if (call.is_new_delivery) {
        if (const auto fault = faults_.take_early(call.external_id)) {
            counters_.add("faults", "applied");
            return after_notification(api, call, *fault, request);
        }
    }
    return serve(api, request);
}

HttpAnswer T8Front::spoiled(T8Api& api, const T8Call& call, const Fault& fault,
                            const HttpRequest& request) {
    const bool waits = fault.action != Action::trickle;
    if (waits && !fault.after) host_.pause(fault.delay);
    HttpAnswer answer;
    if (needs_real_answer(fault) || fault.after) answer = serve(api, request);
    if (waits && fault.after) host_.pause(fault.delay);
    if (fault.status != 0) answer = told_by(behaviour_, refusal_by(fault, call));
    spoil(answer, fault, request);
    return answer;
}

/// Holds the answer back until the UE's next notification has been answered.
HttpAnswer T8Front::after_notification(T8Api& api, const T8Call& call, const Fault& fault,
                                       const HttpRequest& request) {
    std::uint64_t seen = log_.last();
    HttpAnswer answer = serve(api, request);
    if (answer.status != 201) return answer;
    const auto longest = fault.delay.count() == 0 ? early_max : fault.delay;
    const auto end = std::chrono::steady_clock::now() + longest;
    EventLog::Query query;
    query.external_id = call.external_id;
    query.kind = "notification-answer";
    for (;;) {
        query.since = seen;
        seen = log_.last();
        if (!log_.read(query).empty() || host_.is_stopped()) return answer;
        const auto left = end - std::chrono::steady_clock::now();
        if (left <= left.zero()) return answer;
        log_.wait_after(seen, std::min<Duration>(left, milliseconds(100)));
    }
}

void T8Front::log_request(const HttpRequest& request, const T8Call& call) {
    json asked{{"method", request.method}, {"path", request.path}};
    if (!call.operation.empty()) asked["operation"] = call.operation;
    if (call.operation == "token") {
        asked["body"] = "(not shown)";
    } else if (json body = loggable(request.body); !body.is_null()) {
        if (std::string hex = hex_of_data(body); !hex.empty()) asked["data"] = std::move(hex);
        asked["body"] = std::move(body);
    }
    log_.append(wall_now(), "t8-request", call.external_id, dump(asked));
}

void T8Front::log_answer(const HttpRequest& request, const HttpAnswer& answer, const T8Call& call) {
    using Ending = HttpAnswer::Ending;
    json told{{"method", request.method}, {"path", request.path}, {"status", answer.status}};
    const bool is_silent = answer.ending != Ending::answer && answer.ending != Ending::truncated;
    if (is_silent) told["status"] = "none";
    if (answer.ending == Ending::truncated) told["truncated"] = true;
    if (call.operation == "token") {
        told["body"] = "(not shown)";
    } else if (json body = loggable(answer.body); !body.is_null() && !is_silent) {
        told["body"] = std::move(body);
    }
    log_.append(wall_now(), "t8-answer", call.external_id, dump(told));
}

}  // namespace scef::scef_simulator
