#include "simulators/lwm2m-server-simulator/bootstrap.h"

#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr int security_mode_none = 3;

}  // namespace

Bootstrap::Bootstrap(BootstrapSettings settings, Exchanges& exchanges, EventLog& events,
                     Counters& counters, Duration step_timeout)
    : settings_(std::move(settings)),
      exchanges_(exchanges),
      events_(events),
      counters_(counters),
      step_timeout_(step_timeout) {}

std::vector<DeviceRequest> Bootstrap::steps() const {
    const auto request = [this](std::uint8_t code, const std::string& path, const json& values) {
        DeviceRequest step;
        step.target = path;
        step.timeout = step_timeout_;
        step.message.code = code;
        add_path(step.message, path);
        if (values.is_null()) return step;
        step.message.add_uint(coap::content_format, coap::tlv);
        step.message.payload = encode_payload(values, coap::tlv, path).value_or(Bytes{});
        return step;
    };
    const json security{{"0", settings_.server_uri},
                        {"1", false},
                        {"2", security_mode_none},
                        {"10", settings_.short_server_id}};
    const json server{{"0", settings_.short_server_id},
                      {"1", settings_.lifetime.count()},
                      {"6", true},
                      {"7", settings_.binding}};
    return {request(coap::del, "/", json()), request(coap::put, "/0/1", security),
            request(coap::put, "/1/1", server), request(coap::post, "/bs", json())};
}

void Bootstrap::start(const Device& device) {
    const std::uint64_t run = ++runs_;
    current_run_[device.endpoint] = run;
    events_.add("BOOTSTRAP_STARTED", device.endpoint, {{"address", device.peer}});
    run_step(device, 0, run);
}

void Bootstrap::run_step(const Device& device, std::size_t step, std::uint64_t run) {
    const std::vector<DeviceRequest> all = steps();
    if (step == all.size()) {
        current_run_.erase(device.endpoint);
        ++counters_.bootstraps;
        events_.add("BOOTSTRAP_FINISHED", device.endpoint, {{"serverUri", settings_.server_uri}});
        return;
    }
    const std::string path = all[step].target;
    exchanges_.start(device, all[step], [this, device, step, run, path](DeviceAnswer answer) {
        const auto current = current_run_.find(device.endpoint);
        if (current == current_run_.end() || current->second != run) return;
        const bool answered = answer.outcome == DeviceAnswer::Outcome::answered;
        if (answered && coap::is_success(answer.code)) return run_step(device, step + 1, run);
        current_run_.erase(current);
        events_.add("BOOTSTRAP_FAILED", device.endpoint,
                    {{"path", path}, {"code", answered ? json(code_text(answer.code)) : json()}});
    });
}

}  // namespace scef::lwm2m_server_simulator
