#include "simulators/scef-simulator/notifier.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

bool is_taken(int status) { return status >= 200 && status < 300; }

/// Whether the same notification may be taken later.
bool is_passing(int status) { return status == 0 || status == 429 || status >= 500; }

bool is(const std::optional<Fault>& fault, Fault::Telling telling) {
    return fault && fault->telling == telling;
}

constexpr std::chrono::milliseconds put_off_usual{2'000};

}  // namespace

Notifier::Notifier(NotificationSettings settings, const Behaviour& behaviour, Faults& faults,
                   EventLog& log, Counters& counters, Ended ended)
    : settings_(std::move(settings)),
      behaviour_(behaviour),
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
        strand.waiting.push_back({std::move(notification), false, std::nullopt});
        if (strand.is_held) {
            swap_held(strand, ue);
        } else if (strand.waiting.size() > 1) {
            return;
        } else {
            ready_.push_back(ue);
        }
    }
    wake_.notify_one();
}

void Notifier::run() {
    NotificationClient client(settings_, behaviour_.follows_redirects);
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

/// Ends the wait of a held notification: the one that came last goes before it.
void Notifier::swap_held(Strand& strand, const std::string& ue) {
    std::swap(strand.waiting[0], strand.waiting[1]);
    strand.is_held = false;
    std::erase_if(paused_, [&](const auto& paused) { return paused.second == ue; });
    ready_.push_back(ue);
}

/// Decides which fault rule the first notification meets; true if it is to be tried later.
bool Notifier::puts_off(Strand& strand, const std::string& ue) {
    Waiting& first = strand.waiting.front();
    if (first.is_decided) {
        strand.is_held = false;
        return false;
    }
    first.is_decided = true;
    first.fault = faults_.take_notification(name_of(first.notification.kind), ue);
    const bool reorders = is(first.fault, Fault::Telling::reorder);
    if (!reorders && !is(first.fault, Fault::Telling::delay)) return false;
    strand.is_held = reorders;
    if (reorders && strand.waiting.size() > 1) {
        swap_held(strand, ue);
        return true;
    }
    const Duration delay = first.fault->delay.count() == 0 ? put_off_usual : first.fault->delay;
    paused_.emplace(Clock::now() + delay, ue);
    wake_.notify_one();
    return true;
}

/// One attempt for the first notification of a UE. The strand is this thread's alone meanwhile:
/// others only append to it.
void Notifier::serve(std::unique_lock<std::mutex>& lock, const std::string& ue,
                     NotificationClient& client) {
    if (puts_off(strands_[ue], ue)) return;
    const Waiting first = strands_[ue].waiting.front();
    const std::size_t failures = strands_[ue].failures;
    lock.unlock();
    const bool dropped = is(first.fault, Fault::Telling::drop);
    const NotificationClient::Answer answer = attempt(first, client);
    const bool again = !dropped && is_passing(answer.status) && failures < settings_.retries.size();
    if (!again) {
        end(first.notification, dropped                     ? NotificationOutcome::dropped
                                : is_taken(answer.status)   ? NotificationOutcome::taken
                                : is_passing(answer.status) ? NotificationOutcome::unreachable
                                                            : NotificationOutcome::refused);
    }
    lock.lock();
    Strand& strand = strands_[ue];
    if (again) {
        strand.failures += 1;
        strand.waiting.front().fault.reset();
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

NotificationClient::Answer Notifier::attempt(const Waiting& first, NotificationClient& client) {
    const Notification& notification = first.notification;
    const std::string text = told_by(behaviour_, notification.body);
    const Result<json> parsed = parse_json(text);
    const json body = parsed ? *parsed : json(text);
    json sent{{"notification", name_of(notification.kind)},
              {"destination", notification.destination},
              {"body", body}};
    if (body.is_object() && body.contains("data")) {
        std::vector<InvalidParam> ignored;
        const auto data = BodyReader(body, ignored).text("data");
        const Result<Bytes> octets = from_base64(data.value_or(""));
        if (octets) sent["data"] = to_hex(*octets);
    }
    if (first.fault) {
        counters_.add("faults", "applied");
        sent["fault"] = to_json(*first.fault)["notification"];
    }
    const bool dropped = is(first.fault, Fault::Telling::drop);
    if (dropped) sent["dropped"] = true;
    log_.append(wall_now(), "notification", notification.ue, dump(sent));
    if (dropped) return {};
    if (is(first.fault, Fault::Telling::duplicate)) {
        client.post(notification.destination, text);
        counters_.add("notifications", "duplicated");
    }
    const bool is_garbled = is(first.fault, Fault::Telling::garbage);
    const NotificationClient::Answer answer =
        client.post(notification.destination, is_garbled ? text.substr(0, text.size() / 2) : text);
    json told{{"notification", name_of(notification.kind)}, {"status", answer.status}};
    if (!answer.error.empty()) told["error"] = answer.error;
    log_.append(wall_now(), "notification-answer", notification.ue, dump(told));
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
