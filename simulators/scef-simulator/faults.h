#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {

/// A rule that spoils the next `times` matching T8 requests or notifications.
struct Fault {
    enum class Action : std::uint8_t { answer, close, hang };
    enum class Loss : std::uint8_t { none, drop, duplicate };

    std::string operation = "any";  ///< delivery | configuration | any
    std::string external_id;        ///< empty: every one
    std::int64_t times = 1;
    int status = 0;  ///< 0: the request is served as usual after `delay`
    std::string cause;
    std::optional<std::int64_t> retry_after;  ///< seconds
    std::chrono::milliseconds delay{0};
    bool after = false;  ///< do the work, then spoil the answer
    Action action = Action::answer;
    Loss loss = Loss::none;  ///< not `none`: a rule for notifications
};

Fault read_fault(const nlohmann::json& object, std::vector<InvalidParam>& complaints,
                 const std::string& prefix);
nlohmann::json to_json(const Fault& fault);

/// The rules in force, in the order in which they came; a used-up rule is gone. Any thread.
class Faults {
public:
    void add(std::vector<Fault> rules);
    void clear();
    std::vector<Fault> rules() const;

    /// The first rule for such a T8 request, used once.
    std::optional<Fault> take(const std::string& operation, const std::string& external_id);

    /// What is to happen to the next notification of this UE, used once.
    Fault::Loss take_loss(const std::string& external_id);

private:
    mutable std::mutex mutex_;
    std::vector<Fault> rules_;
};

}  // namespace scef::scef_simulator
