#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/simulated_operator.h"

namespace scef::scef_simulator {

/// Where the effects of the model go. Called under the model's lock, so each call only hands over
/// to a queue.
class Outside {
public:
    virtual ~Outside() = default;
    virtual void to_modem(modem_link::Frame frame) = 0;
    virtual void notify(Notification notification) = 0;
};

/// Random numbers of the operating system, or of a seed.
class SimulatorRandom final : public Random {
public:
    explicit SimulatorRandom(std::optional<std::uint64_t> seed);
    std::uint64_t next() override;

private:
    std::mt19937_64 engine_;
};

/// Gives the pure model its clock, its timers and its one lock. Any thread may call; no I/O happens
/// under the lock.
class Host {
public:
    Host(const Settings& settings, Outside& outside, EventLog& log);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    void start();

    /// Ends the timers; every open delivery is answered 503, and so is every later one.
    void stop();

    /// Runs `change(scef, turn)` under the lock and then hands its effects over, in order.
    template <typename Change>
    auto with(Change&& change) {
        return with_operator([&](SimulatedOperator& simulated, const Turn& turn) {
            return change(simulated.scef(), turn);
        });
    }

    /// The same for `change(operator, turn)`.
    template <typename Change>
    auto with_operator(Change&& change) {
        const std::lock_guard lock(mutex_);
        const Turn turn = turn_now();
        if constexpr (std::is_void_v<decltype(change(operator_, turn))>) {
            change(operator_, turn);
            hand_over(turn);
        } else {
            auto result = change(operator_, turn);
            hand_over(turn);
            return result;
        }
    }

    /// Waits so long, or until `stop`. Not under the lock.
    void pause(Duration duration);
    bool is_stopped();

    using Submit = std::function<std::optional<DeliveryId>(Scef&, const Turn&)>;

    /// As `with`, for a delivery: the future has its answer, some seconds later if the hop to the
    /// modem needs repetitions. Without a delivery nobody must wait for the future.
    std::future<DeliveryAnswer> deliver(const Submit& submit);

private:
    Turn turn_now();
    void hand_over(const Turn& turn);
    void hand_over(Effect effect, WallTime wall);
    void run_timers();

    Outside& outside_;
    EventLog& log_;
    SimulatorRandom random_;
    std::mutex mutex_;
    SimulatedOperator operator_;
    std::unordered_map<DeliveryId, std::promise<DeliveryAnswer>> waiting_;
    bool stopped_ = false;
    Instant alarm_ = never;
    std::condition_variable wake_;
    std::thread timers_;
};

}  // namespace scef::scef_simulator
