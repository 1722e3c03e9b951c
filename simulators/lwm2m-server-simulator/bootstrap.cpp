#include "simulators/lwm2m-server-simulator/bootstrap.h"

#include <charconv>

#include "lwm2m-core/vocabulary/time_text.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/content_formats.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

CoapMessage answer_with(std::uint8_t code, std::string_view why = {}) {
    CoapMessage answer;
    answer.code = code;
    answer.payload = to_bytes(why);
    return answer;
}

/// The formats in which this server can write what a plan holds.
std::optional<std::uint32_t> preferred_format_of(const CoapMessage& request) {
    const auto text = request.query("pct");
    if (!text) return std::nullopt;
    std::uint32_t number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    const bool known =
        number == coap::tlv || number == coap::senml_json || number == coap::senml_cbor;
    return known ? std::optional(number) : std::nullopt;
}

}  // namespace

Bootstrap::Bootstrap(BootstrapConfig config, Exchanges& exchanges, EventLog& events,
                     Counters& counters, Duration step_timeout)
    : config_(std::move(config)),
      exchanges_(exchanges),
      events_(events),
      counters_(counters),
      step_timeout_(step_timeout) {}

CoapMessage Bootstrap::on_request(const SessionRef& session, const std::string& peer,
                                  const CoapMessage& request) {
    if (request.path() != std::vector<std::string>{"bs"}) {
        return answer_with(coap::code(4, 4), "this is a bootstrap server: POST /bs?ep=NAME");
    }
    if (request.code != coap::post) return answer_with(coap::code(4, 5));
    const auto endpoint = request.query("ep");
    if (!endpoint || endpoint->empty() || !is_utf8(as_bytes(*endpoint))) {
        return answer_with(coap::code(4, 0), "ep, the endpoint client name, is missing or no text");
    }
    Client client;
    client.device = {*endpoint, peer, session, {}};
    client.preferred_format = preferred_format_of(request);
    client.requested_at = wall_now();
    client.plan = config_.plan_of(*endpoint);
    json data{{"address", peer}, {"byHand", client.plan.by_hand}};
    if (client.preferred_format) {
        data["preferredFormat"] = content_format_name(*client.preferred_format);
    }
    clients_.insert_or_assign(*endpoint, std::move(client));
    events_.add("BOOTSTRAP_REQUESTED", *endpoint, std::move(data));
    return answer_with(coap::code(2, 4));
}

void Bootstrap::start(const std::string& endpoint, bool again) {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end() || (found->second.plan.by_hand && !again)) return;
    Client& client = found->second;
    client.run = ++runs_;
    client.state = "RUNNING";
    events_.add("BOOTSTRAP_STARTED", endpoint, {{"address", client.device.peer}});
    run_step(endpoint, 0, client.run);
}

void Bootstrap::start(const std::string& endpoint, BootstrapPlan plan) {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end()) return;
    found->second.plan = std::move(plan);
    start(endpoint, true);
}

void Bootstrap::run_step(const std::string& endpoint, std::size_t step, std::uint64_t run) {
    Client& client = clients_.at(endpoint);
    if (step == client.plan.steps.size()) return finish(endpoint, client);
    BootstrapStep next = client.plan.steps[step];
    const bool chooses = next.body.contains("values") && !next.body.contains("contentFormat");
    if (chooses && client.preferred_format) next.body["contentFormat"] = *client.preferred_format;
    auto request =
        make_device_request(next.operation, next.body, step_timeout_, ServerRole::bootstrap);
    if (!request) {
        DeviceAnswer answer;
        answer.outcome = DeviceAnswer::Outcome::not_sent;
        return on_step(endpoint, step, run, answer);
    }
    exchanges_.start(client.device, std::move(*request),
                     [this, endpoint, step, run](const DeviceAnswer& answer) {
                         on_step(endpoint, step, run, answer);
                     });
}

void Bootstrap::on_step(const std::string& endpoint, std::size_t step, std::uint64_t run,
                        const DeviceAnswer& answer) {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end() || found->second.run != run) return;
    const BootstrapStep& done = found->second.plan.steps[step];
    const bool answered = answer.outcome == DeviceAnswer::Outcome::answered;
    json data{{"operation", done.operation},
              {"path", done.body.value("path", json("/bs"))},
              {"code", answered ? json(code_text(answer.code)) : json()}};
    if (const char* const error = error_text(answer.outcome)) data["error"] = error;
    if (!answer.payload.is_null()) data["payload"] = answer.payload;
    const bool stops = answer.outcome == DeviceAnswer::Outcome::stopped;
    if (!stops) events_.add("BOOTSTRAP_STEP", endpoint, data);
    if (answer.is_success()) return run_step(endpoint, step + 1, run);
    found->second.run = 0;
    found->second.state = "FAILED";
    if (!stops) events_.add("BOOTSTRAP_FAILED", endpoint, std::move(data));
}

void Bootstrap::finish(const std::string& endpoint, Client& client) {
    client.run = 0;
    client.state = "FINISHED";
    ++counters_.bootstraps;
    events_.add("BOOTSTRAP_FINISHED", endpoint, {{"address", client.device.peer}});
}

const Device* Bootstrap::find(const std::string& endpoint) const {
    const auto found = clients_.find(endpoint);
    return found == clients_.end() ? nullptr : &found->second.device;
}

void Bootstrap::on_operation(const std::string& endpoint, const std::string& operation,
                             const DeviceAnswer& answer) {
    const auto found = clients_.find(endpoint);
    const bool finished = operation == "bootstrap-finish" && answer.is_success();
    if (found != clients_.end() && finished) finish(endpoint, found->second);
}

json Bootstrap::describe(const Client& client) {
    json data{{"endpoint", client.device.endpoint},
              {"address", client.device.peer},
              {"state", client.state},
              {"byHand", client.plan.by_hand},
              {"requestedAt", to_rfc3339(client.requested_at)}};
    if (client.preferred_format) {
        data["preferredFormat"] = content_format_name(*client.preferred_format);
    }
    return data;
}

json Bootstrap::to_json() const {
    json all = json::array();
    for (const auto& [endpoint, client] : clients_) all.push_back(describe(client));
    return all;
}

json Bootstrap::to_json(const std::string& endpoint) const {
    const auto found = clients_.find(endpoint);
    return found == clients_.end() ? json() : describe(found->second);
}

}  // namespace scef::lwm2m_server_simulator
