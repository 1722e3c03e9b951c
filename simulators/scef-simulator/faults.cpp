#include "simulators/scef-simulator/faults.h"

#include <array>
#include <string_view>
#include <utility>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;
using Action = Fault::Action;
using Telling = Fault::Telling;

constexpr std::int64_t times_max = 1'000'000'000;
constexpr std::int64_t delay_ms_max = 600'000;

constexpr std::array<std::pair<Action, std::string_view>, 8> actions{{
    {Action::close, "close"},
    {Action::reset, "reset"},
    {Action::hang, "hang"},
    {Action::garbage, "garbage"},
    {Action::truncate, "truncate"},
    {Action::wrong_type, "wrong-type"},
    {Action::trickle, "trickle"},
    {Action::redirect, "redirect"},
}};

constexpr std::array<std::pair<Telling, std::string_view>, 6> tellings{{
    {Telling::drop, "drop"},
    {Telling::duplicate, "duplicate"},
    {Telling::early, "early"},
    {Telling::reorder, "reorder"},
    {Telling::delay, "delay"},
    {Telling::garbage, "garbage"},
}};

constexpr std::array<std::string_view, 6> operations{"any",     "delivery",     "configuration",
                                                     "trigger", "subscription", "token"};

/// The value of a member that is one of the names; complains of any other text.
template <typename Names, typename Value>
void read_name(BodyReader& reader, const char* member, const Names& names, Value& value) {
    const std::optional<std::string> text = reader.text(member);
    if (!text) return;
    std::string known;
    for (const auto& [candidate, name] : names) {
        if (name == *text) {
            value = candidate;
            return;
        }
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    reader.complain(member, "one of " + known + " is expected");
}

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value value) {
    for (const auto& [candidate, name] : names) {
        if (candidate == value) return name;
    }
    return {};
}

bool is_operation(std::string_view text) {
    for (const std::string_view known : operations) {
        if (known == text) return true;
    }
    return false;
}

void read_operation(BodyReader& reader, Fault& fault) {
    fault.operation = reader.text("operation").value_or("any");
    if (!is_operation(fault.operation)) {
        reader.complain("operation",
                        "one of any, delivery, configuration, trigger, subscription, token is "
                        "expected");
    }
}

void read_answer(BodyReader& reader, Fault& fault) {
    fault.status = static_cast<int>(reader.integer("status", 200, 599).value_or(0));
    fault.cause = reader.text("cause").value_or("");
    if (fault.status == 0 && !fault.cause.empty()) fault.status = 403;
    fault.retry_after = reader.integer("retryAfter", 0, 86'400);
    if (fault.status == 0 && fault.retry_after) fault.status = 503;
    fault.delay = std::chrono::milliseconds(reader.integer("delayMs", 0, delay_ms_max).value_or(0));
    fault.after = reader.boolean("after").value_or(false);
    read_name(reader, "action", actions, fault.action);
    fault.location = reader.text("location").value_or("");
    if (!fault.location.empty() && fault.action == Action::answer) fault.action = Action::redirect;
    if (fault.action != Action::redirect) return;
    if (fault.status == 0) fault.status = 307;
    if (fault.location.empty()) reader.complain("location", "a redirect needs it");
}

void read_chance(BodyReader& reader, Fault& fault) {
    const std::optional<double> probability = reader.number("probability", 0, 1);
    fault.probability = probability.value_or(1);
    if (const auto seed = reader.integer("seed", 0, INT64_MAX)) {
        fault.seed = static_cast<std::uint64_t>(*seed);
    }
    fault.times = reader.integer("times", 1, times_max).value_or(probability ? times_max : 1);
}

}  // namespace

Fault read_fault(const json& object, std::vector<InvalidParam>& complaints,
                 const std::string& prefix) {
    BodyReader reader(object, complaints, prefix);
    Fault fault;
    read_operation(reader, fault);
    fault.external_id = reader.text("externalId").value_or("");
    read_chance(reader, fault);
    read_answer(reader, fault);
    read_name(reader, "notification", tellings, fault.telling);
    fault.kind = reader.text("kind").value_or("");
    return fault;
}

std::vector<Fault> read_faults(const json& list, std::vector<InvalidParam>& complaints) {
    std::vector<Fault> rules;
    if (!list.is_array()) {
        rules.push_back(read_fault(list, complaints, ""));
        return rules;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        rules.push_back(read_fault(list[i], complaints, "/" + std::to_string(i)));
    }
    return rules;
}

json to_json(const Fault& fault) {
    json object{{"operation", fault.operation}, {"times", fault.times}};
    if (!fault.external_id.empty()) object["externalId"] = fault.external_id;
    if (fault.status != 0) object["status"] = fault.status;
    if (!fault.cause.empty()) object["cause"] = fault.cause;
    if (fault.retry_after) object["retryAfter"] = *fault.retry_after;
    if (fault.delay.count() != 0) object["delayMs"] = fault.delay.count();
    if (fault.after) object["after"] = true;
    if (fault.action != Action::answer) object["action"] = name_in(actions, fault.action);
    if (!fault.location.empty()) object["location"] = fault.location;
    if (fault.telling != Telling::usual) object["notification"] = name_in(tellings, fault.telling);
    if (!fault.kind.empty()) object["kind"] = fault.kind;
    if (fault.probability < 1) object["probability"] = fault.probability;
    if (fault.seed) object["seed"] = *fault.seed;
    return object;
}

Faults::Faults(std::optional<std::uint64_t> seed)
    : seeds_(seed ? *seed : std::uint64_t{std::random_device{}()}) {}

void Faults::add(std::vector<Fault> rules) {
    const std::lock_guard lock(mutex_);
    for (Fault& rule : rules) {
        const std::uint64_t seed = rule.seed ? *rule.seed : seeds_();
        rules_.push_back({std::move(rule), std::mt19937_64(seed)});
    }
}

void Faults::clear() {
    const std::lock_guard lock(mutex_);
    rules_.clear();
}

std::vector<Fault> Faults::rules() const {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> rules;
    for (const Rule& rule : rules_) rules.push_back(rule.fault);
    return rules;
}

template <typename Matches>
std::optional<Fault> Faults::take_first(const std::string& external_id, const Matches& matches) {
    const std::lock_guard lock(mutex_);
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        Fault& fault = rule->fault;
        if (!matches(fault)) continue;
        if (!fault.external_id.empty() && fault.external_id != external_id) continue;
        const double thrown = static_cast<double>(rule->dice() >> 11) * 0x1p-53;
        if (thrown >= fault.probability) continue;
        Fault taken = fault;
        if (--fault.times == 0) rules_.erase(rule);
        return taken;
    }
    return std::nullopt;
}

std::optional<Fault> Faults::take(const std::string& operation, const std::string& external_id) {
    return take_first(external_id, [&](const Fault& fault) {
        return fault.telling == Telling::usual &&
               (fault.operation == "any" || fault.operation == operation);
    });
}

std::optional<Fault> Faults::take_notification(const std::string& kind,
                                               const std::string& external_id) {
    return take_first(external_id, [&](const Fault& fault) {
        return fault.telling != Telling::usual && fault.telling != Telling::early &&
               (fault.kind.empty() || fault.kind == kind);
    });
}

std::optional<Fault> Faults::take_early(const std::string& external_id) {
    return take_first(external_id,
                      [](const Fault& fault) { return fault.telling == Telling::early; });
}

}  // namespace scef::scef_simulator
