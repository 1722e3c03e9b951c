#include "simulators/scef-simulator/faults.h"

#include <utility>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t times_max = 1'000'000'000;
constexpr std::int64_t delay_ms_max = 600'000;

void read_action(BodyReader& reader, Fault& fault) {
    const std::string action = reader.text("action").value_or("answer");
    if (action == "close") {
        fault.action = Fault::Action::close;
    } else if (action == "hang") {
        fault.action = Fault::Action::hang;
    } else if (action != "answer") {
        reader.complain("action", "close or hang is expected");
    }
}

void read_loss(BodyReader& reader, Fault& fault) {
    const std::string loss = reader.text("notification").value_or("");
    if (loss == "drop") {
        fault.loss = Fault::Loss::drop;
    } else if (loss == "duplicate") {
        fault.loss = Fault::Loss::duplicate;
    } else if (!loss.empty()) {
        reader.complain("notification", "drop or duplicate is expected");
    }
}

}  // namespace

Fault read_fault(const json& object, std::vector<InvalidParam>& complaints,
                 const std::string& prefix) {
    BodyReader reader(object, complaints, prefix);
    Fault fault;
    fault.operation = reader.text("operation").value_or("any");
    if (fault.operation != "any" && fault.operation != "delivery" &&
        fault.operation != "configuration") {
        reader.complain("operation", "delivery, configuration or any is expected");
    }
    fault.external_id = reader.text("externalId").value_or("");
    fault.times = reader.integer("times", 1, times_max).value_or(1);
    fault.status = static_cast<int>(reader.integer("status", 200, 599).value_or(0));
    fault.cause = reader.text("cause").value_or("");
    if (fault.status == 0 && !fault.cause.empty()) fault.status = 403;
    fault.retry_after = reader.integer("retryAfter", 0, 86'400);
    if (fault.status == 0 && fault.retry_after) fault.status = 503;
    fault.delay = std::chrono::milliseconds(reader.integer("delayMs", 0, delay_ms_max).value_or(0));
    fault.after = reader.boolean("after").value_or(false);
    read_action(reader, fault);
    read_loss(reader, fault);
    return fault;
}

json to_json(const Fault& fault) {
    json object{{"operation", fault.operation}, {"times", fault.times}};
    if (!fault.external_id.empty()) object["externalId"] = fault.external_id;
    if (fault.status != 0) object["status"] = fault.status;
    if (!fault.cause.empty()) object["cause"] = fault.cause;
    if (fault.retry_after) object["retryAfter"] = *fault.retry_after;
    if (fault.delay.count() != 0) object["delayMs"] = fault.delay.count();
    if (fault.after) object["after"] = true;
    if (fault.action == Fault::Action::close) object["action"] = "close";
    if (fault.action == Fault::Action::hang) object["action"] = "hang";
    if (fault.loss == Fault::Loss::drop) object["notification"] = "drop";
    if (fault.loss == Fault::Loss::duplicate) object["notification"] = "duplicate";
    return object;
}

void Faults::add(std::vector<Fault> rules) {
    const std::lock_guard lock(mutex_);
    for (Fault& rule : rules) rules_.push_back(std::move(rule));
}

void Faults::clear() {
    const std::lock_guard lock(mutex_);
    rules_.clear();
}

std::vector<Fault> Faults::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

std::optional<Fault> Faults::take(const std::string& operation, const std::string& external_id) {
    const std::lock_guard lock(mutex_);
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        if (rule->loss != Fault::Loss::none) continue;
        if (rule->operation != "any" && rule->operation != operation) continue;
        if (!rule->external_id.empty() && rule->external_id != external_id) continue;
        Fault taken = *rule;
        if (--rule->times == 0) rules_.erase(rule);
        return taken;
    }
    return std::nullopt;
}

Fault::Loss Faults::take_loss(const std::string& external_id) {
    const std::lock_guard lock(mutex_);
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        if (rule->loss == Fault::Loss::none) continue;
        if (!rule->external_id.empty() && rule->external_id != external_id) continue;
        const Fault::Loss taken = rule->loss;
        if (--rule->times == 0) rules_.erase(rule);
        return taken;
    }
    return Fault::Loss::none;
}

}  // namespace scef::scef_simulator
