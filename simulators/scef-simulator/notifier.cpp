#include "simulators/scef-simulator/notifier.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

bool is_taken(int status) { return status >= 200 && status < 300; }

/// Whether the same notification may be taken later.
bool is_passing(int status) { return status == 0 || status == 429 || status >= 500; }

}  // namespace

Notifier::Notifier(NotificationSettings settings, Faults& faults, EventLog& log, Counters& counters,
                   Ended ended)
    : settings_(std::move(settings)),
      faults_(faults),
      log_(log),
      counters_(counters),
      ended_(std::move(ended)) {}

Notifier::~Notifier() { stop(); }

void Notifier::start() {
    for (unsigned i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { run(); });
}

void Notifier::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Notifier::push(Notification notification) {
    {
        const std::lock_guard lock(mutex_);
        const std::string ue = notification.ue;
        Strand& strand = strands_[ue];
        strand.waiting.push_back(std::move(notification));
        if (strand.waiting.size() > 1) return;
        ready_.push_back(ue);
    }
    wake_.notify_one();
}

void Notifier::run() {
    NotificationClient client(settings_.timeout);
    std::unique_lock lock(mutex_);
    std::string ue;
    while (take_ready(lock, ue)) serve(lock, ue, client);
}

bool Notifier::take_ready(std::unique_lock<std::mutex>& lock, std::string& ue) {
    for (;;) {
        if (stopped_) return false;
        const Clock::time_point now = Clock::now();
        while (!paused_.empty() && paused_.begin()->first <= now) {
            ready_.push_back(std::move(paused_.begin()->second));
            paused_.erase(paused_.begin());
        }
        if (!ready_.empty()) {
            ue = std::move(ready_.front());
            ready_.pop_front();
            return true;
        }
        if (paused_.empty()) {
            wake_.wait(lock);
        } else {
            const Clock::time_point next = paused_.begin()->first;
            wake_.wait_until(lock, next);
        }
    }
}

/// One attempt for the first notification of a UE. The strand is this thread's alone meanwhile:
/// others only append to it.
void Notifier::serve(std::unique_lock<std::mutex>& lock, const std::string& ue,
                     NotificationClient& client) {
    const Notification notification = strands_[ue].waiting.front();
    const std::size_t failures = strands_[ue].failures;
    lock.unlock();
    bool dropped = false;
    const NotificationClient::Answer answer = attempt(notification, failures == 0, client, dropped);
    const bool again = !dropped && is_passing(answer.status) && failures < settings_.retries.size();
    if (!again) {
        end(notification, dropped                     ? NotificationOutcome::dropped
                          : is_taken(answer.status)   ? NotificationOutcome::taken
                          : is_passing(answer.status) ? NotificationOutcome::unreachable
                                                      : NotificationOutcome::refused);
    }
    lock.lock();
    Strand& strand = strands_[ue];
    if (again) {
        strand.failures += 1;
        paused_.emplace(Clock::now() + pause(answer, failures), ue);
        wake_.notify_one();
        return;
    }
    strand.failures = 0;
    strand.waiting.pop_front();
    if (strand.waiting.empty()) {
        strands_.erase(ue);
    } else {
        ready_.push_back(ue);
        wake_.notify_one();
    }
}

NotificationClient::Answer Notifier::attempt(const Notification& notification, bool is_first,
                                             NotificationClient& client, bool& dropped) {
    const Fault::Loss loss = is_first ? faults_.take_loss(notification.ue) : Fault::Loss::none;
    dropped = loss == Fault::Loss::drop;
    const Result<json> parsed = parse_json(notification.body);
    const json body = parsed ? *parsed : json(notification.body);
    json sent{{"notification", name_of(notification.kind)},
              {"destination", notification.destination},
              {"body", body}};
    if (body.is_object() && body.contains("data")) {
        std::vector<InvalidParam> ignored;
        const auto data = BodyReader(body, ignored).text("data");
        const Result<Bytes> octets = from_base64(data.value_or(""));
        if (octets) sent["data"] = to_hex(*octets);
    }
    if (dropped) sent["dropped"] = true;
    log_.append(wall_now(), "notification", notification.ue, dump(sent));
    if (dropped) return {};
    if (loss == Fault::Loss::duplicate) {
        client.post(notification.destination, notification.body);
        counters_.add("notifications", "duplicated");
    }
    const NotificationClient::Answer answer =
        client.post(notification.destination, notification.body);
    log_.append(wall_now(), "notification-answer", notification.ue,
                dump({{"notification", name_of(notification.kind)}, {"status", answer.status}}));
    return answer;
}

Duration Notifier::pause(const NotificationClient::Answer& answer, std::size_t failures) const {
    const Duration usual = settings_.retries[failures];
    if (!answer.retry_after) return usual;
    const Result<Duration> asked = parse_retry_after(*answer.retry_after, wall_now());
    return asked ? std::min(*asked, settings_.retry_after_max) : usual;
}

void Notifier::end(const Notification& notification, NotificationOutcome outcome) {
    counters_.add("notifications", name_of(outcome));
    ended_(notification, outcome);
}

}  // namespace scef::scef_simulator
