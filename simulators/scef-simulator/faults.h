#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {

/// A rule that spoils the next `times` matching T8 requests or notifications.
struct Fault {
    enum class Action : std::uint8_t {
        answer,      ///< as usual, or with `status`
        close,       ///< the connection ends without an answer
        reset,       ///< the same by a TCP reset
        hang,        ///< no answer, the connection stays
        garbage,     ///< a body that is no JSON
        truncate,    ///< the connection ends in the middle of the body
        wrong_type,  ///< the body as text/html
        trickle,     ///< the answer drop by drop, for `delay`
        redirect,    ///< 307 or 308 to `location`
    };
    enum class Telling : std::uint8_t {
        usual,
        drop,
        duplicate,
        early,    ///< before the answer to the POST that it is about
        reorder,  ///< after the UE's next one
        delay,
        garbage,
    };

    std::string operation = "any";  ///< as in `T8Call`, or any
    std::string external_id;        ///< empty: every one
    std::int64_t times = 1;
    int status = 0;  ///< 0: the request is served as usual
    std::string cause;
    std::optional<std::int64_t> retry_after;  ///< seconds
    std::chrono::milliseconds delay{0};
    bool after = false;  ///< do the work, then wait and spoil the answer
    Action action = Action::answer;
    std::string location;               ///< of a redirect
    Telling telling = Telling::usual;   ///< not `usual`: a rule for notifications
    std::string kind;                   ///< of notification; empty: every one
    double probability = 1;             ///< with which a match counts
    std::optional<std::uint64_t> seed;  ///< of the dice
};

Fault read_fault(const nlohmann::json& object, std::vector<InvalidParam>& complaints,
                 const std::string& prefix);

/// The rules of a list, or of a single one.
std::vector<Fault> read_faults(const nlohmann::json& list, std::vector<InvalidParam>& complaints);
nlohmann::json to_json(const Fault& fault);

/// The rules in force, in the order in which they came; a used-up rule is gone. Any thread.
class Faults {
public:
    /// Rules without a seed of their own throw dice by this one, or by the operating system's.
    explicit Faults(std::optional<std::uint64_t> seed = std::nullopt);

    void add(std::vector<Fault> rules);
    void clear();
    std::vector<Fault> rules() const;

    /// The first rule for such a T8 request, used once.
    std::optional<Fault> take(const std::string& operation, const std::string& external_id);

    /// The first rule for such a notification of this UE, used once. Not one for `early`.
    std::optional<Fault> take_notification(const std::string& kind, const std::string& external_id);

    /// Whether the answer to this UE's delivery is to come after its notification, used once.
    std::optional<Fault> take_early(const std::string& external_id);

private:
    struct Rule {
        Fault fault;
        std::mt19937_64 dice;
    };
    template <typename Matches>
    std::optional<Fault> take_first(const std::string& external_id, const Matches& matches);

    mutable std::mutex mutex_;
    std::mt19937_64 seeds_;
    std::vector<Rule> rules_;
};

}  // namespace scef::scef_simulator
