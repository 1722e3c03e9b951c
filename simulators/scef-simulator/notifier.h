#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "simulators/scef-simulator/behaviour.h"
#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/notification_client.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// Brings notifications to the SCS/AS: those of one UE in order and one at a time, those of
/// different UEs at once by at most `threads` threads. What is not taken is tried again after the
/// configured delays, or after the SCS/AS's Retry-After; meanwhile the UE's later ones wait.
class Notifier {
public:
    /// Called by a thread of the notifier, outside of its lock, when a notification has ended.
    using Ended = std::function<void(const Notification&, NotificationOutcome)>;

    Notifier(NotificationSettings settings, const Behaviour& behaviour, Faults& faults,
             EventLog& log, Counters& counters, Ended ended);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    void start();

    /// Ends after the POSTs that are under way; what waits is lost, as in a SCEF that fails.
    void stop();

    /// Never blocks. Any thread.
    void push(Notification notification);

private:
    using Clock = std::chrono::steady_clock;

    /// A notification with what a fault rule does to it, once that is decided.
    struct Waiting {
        Notification notification;
        bool is_decided = false;
        std::optional<Fault> fault;
    };

    /// The notifications of one UE, the first of them being tried.
    struct Strand {
        std::deque<Waiting> waiting;
        std::size_t failures = 0;
        bool is_held = false;  ///< the first one waits for a second one to go before it
    };

    void run();
    bool take_ready(std::unique_lock<std::mutex>& lock, std::string& ue);
    void serve(std::unique_lock<std::mutex>& lock, const std::string& ue,
               NotificationClient& client);
    bool puts_off(Strand& strand, const std::string& ue);
    void swap_held(Strand& strand, const std::string& ue);
    NotificationClient::Answer attempt(const Waiting& first, NotificationClient& client);
    Duration pause(const NotificationClient::Answer& answer, std::size_t failures) const;
    void end(const Notification& notification, NotificationOutcome outcome);

    NotificationSettings settings_;
    const Behaviour& behaviour_;
    Faults& faults_;
    EventLog& log_;
    Counters& counters_;
    Ended ended_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::unordered_map<std::string, Strand> strands_;
    std::deque<std::string> ready_;
    std::multimap<Clock::time_point, std::string> paused_;
    bool stopped_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace scef::scef_simulator
