#include "simulators/scef-simulator/host.h"

#include <chrono>
#include <variant>

namespace scef::scef_simulator {
namespace {

DeliveryAnswer stopping(const DeliveryId& id) {
    DeliveryAnswer answer;
    answer.id = id;
    answer.status = 503;
    answer.detail = "the simulator is stopping";
    return answer;
}

std::uint64_t seed_or_random(std::optional<std::uint64_t> seed) {
    if (seed) return *seed;
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

SimulatorRandom::SimulatorRandom(std::optional<std::uint64_t> seed)
    : engine_(seed_or_random(seed)) {}

std::uint64_t SimulatorRandom::next() { return engine_(); }

Host::Host(const Settings& settings, Outside& outside, EventLog& log)
    : outside_(outside), log_(log), random_(settings.seed), operator_(settings) {}

Host::~Host() { stop(); }

void Host::start() {
    timers_ = std::thread([this] { run_timers(); });
}

void Host::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (auto& [id, promise] : waiting_) promise.set_value(stopping(id));
        waiting_.clear();
    }
    wake_.notify_all();
    if (timers_.joinable()) timers_.join();
}

std::future<DeliveryAnswer> Host::deliver(const Submit& submit) {
    std::promise<DeliveryAnswer> promise;
    std::future<DeliveryAnswer> answer = promise.get_future();
    with([&](Scef& scef, const Turn& turn) {
        const std::optional<DeliveryId> id = submit(scef, turn);
        if (!id) return;
        if (stopped_) {
            promise.set_value(stopping(*id));
        } else {
            waiting_.emplace(*id, std::move(promise));
        }
    });
    return answer;
}

void Host::pause(Duration duration) {
    if (duration <= Duration::zero()) return;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, duration, [this] { return stopped_; });
}

bool Host::is_stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

Turn Host::turn_now() {
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    return {Instant(std::chrono::duration_cast<Duration>(steady)),
            WallTime(std::chrono::duration_cast<Duration>(wall)), random_};
}

void Host::hand_over(const Turn& turn) {
    for (Effect& effect : operator_.take_effects(turn)) hand_over(std::move(effect), turn.wall);
    const Instant next = operator_.deadline(turn);
    if (next < alarm_) {
        alarm_ = next;
        wake_.notify_all();
    }
}

void Host::hand_over(Effect effect, WallTime wall) {
    if (auto* frame = std::get_if<ToModem>(&effect)) {
        outside_.to_modem(std::move(frame->frame));
    } else if (auto* answer = std::get_if<DeliveryAnswer>(&effect)) {
        const auto waiter = waiting_.find(answer->id);
        if (waiter == waiting_.end()) return;
        waiter->second.set_value(std::move(*answer));
        waiting_.erase(waiter);
    } else if (auto* notification = std::get_if<Notification>(&effect)) {
        outside_.notify(std::move(*notification));
    } else if (auto* record = std::get_if<Record>(&effect)) {
        log_.append(wall, std::move(record->kind), std::move(record->external_id),
                    std::move(record->detail));
    }
}

void Host::run_timers() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        const Turn turn = turn_now();
        operator_.advance(turn);
        for (Effect& effect : operator_.take_effects(turn)) hand_over(std::move(effect), turn.wall);
        alarm_ = operator_.deadline(turn_now());
        // At most an hour at a time, so that a stepped wall clock does no harm for long.
        const Duration wait = std::min<Duration>(alarm_ - turn.now, std::chrono::hours(1));
        if (alarm_ == never || wait.count() > 0) {
            wake_.wait_for(lock, alarm_ == never ? Duration(std::chrono::hours(1)) : wait);
        }
    }
}

}  // namespace scef::scef_simulator
