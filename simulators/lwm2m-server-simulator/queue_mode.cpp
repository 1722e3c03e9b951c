#include "simulators/lwm2m-server-simulator/queue_mode.h"

#include <vector>

namespace scef::lwm2m_server_simulator {
namespace {

using Outcome = DeviceAnswer::Outcome;

nlohmann::json describe(const DeviceRequest& request, std::size_t held) {
    return {{"operation", request.operation}, {"path", request.target}, {"requestsHeld", held}};
}

}  // namespace

void QueueMode::submit(const std::string& endpoint, DeviceRequest request, Done done, Instant now) {
    const auto found = clients_.find(endpoint);
    const bool passes = request.effect == DeviceRequest::Effect::cancel_by_reset;
    if (!settings_.holds || found == clients_.end() || passes) {
        return start_(endpoint, std::move(request), std::move(done));
    }
    Client& client = found->second;
    const Instant given_up_at = now + request.hold.value_or(settings_.hold_time);
    client.held.push_back({std::move(request), std::move(done), now, given_up_at});
    if (!client.awake || client.busy) {
        events_.add("REQUEST_HELD", endpoint,
                    describe(client.held.back().request, client.held.size()));
    }
    send_next(endpoint);
}

void QueueMode::send_next(const std::string& endpoint) {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end()) return;
    Client& client = found->second;
    if (!client.awake || client.busy || client.held.empty()) return;
    Held next = std::move(client.held.front());
    client.held.pop_front();
    client.busy = true;
    start_(endpoint, std::move(next.request),
           [this, endpoint, done = std::move(next.done)](DeviceAnswer answer) {
               const auto current = clients_.find(endpoint);
               if (current != clients_.end()) current->second.busy = false;
               if (answer.outcome == Outcome::timeout) on_silent(endpoint);
               done(std::move(answer));
               send_next(endpoint);
           });
}

void QueueMode::on_registered(const std::string& endpoint, bool queue_mode, Instant now) {
    if (!queue_mode) {
        const auto found = clients_.find(endpoint);
        if (found == clients_.end()) return;
        // It left the queue mode: what waits for it may leave.
        std::deque<Held> held = std::move(found->second.held);
        clients_.erase(found);
        for (Held& each : held) start_(endpoint, std::move(each.request), std::move(each.done));
        return;
    }
    if (settings_.holds) wake(endpoint, clients_[endpoint], now);
}

void QueueMode::on_heard(const std::string& endpoint, Instant now) {
    const auto found = clients_.find(endpoint);
    if (found != clients_.end()) wake(endpoint, found->second, now);
}

void QueueMode::wake(const std::string& endpoint, Client& client, Instant now) {
    client.sleeps_at = now + settings_.awake_time;
    if (!client.awake) {
        client.awake = true;
        events_.add("AWAKE", endpoint, {{"requestsHeld", client.held.size()}});
    }
    send_next(endpoint);
}

void QueueMode::sleep(const std::string& endpoint, Client& client, const char* why) {
    if (!std::exchange(client.awake, false)) return;
    events_.add("SLEEPING", endpoint, {{"because", why}, {"requestsHeld", client.held.size()}});
}

void QueueMode::on_silent(const std::string& endpoint) {
    const auto found = clients_.find(endpoint);
    if (found != clients_.end()) sleep(endpoint, found->second, "it does not answer");
}

void QueueMode::on_gone(const std::string& endpoint) {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end()) return;
    std::deque<Held> held = std::move(found->second.held);
    clients_.erase(found);
    end_all(std::move(held), Outcome::unknown_client);
}

void QueueMode::on_time(Instant now) {
    std::deque<Held> given_up;
    for (auto& [endpoint, client] : clients_) {
        if (client.awake && client.sleeps_at <= now) {
            sleep(endpoint, client, "its awake time is over");
        }
        for (auto held = client.held.begin(); held != client.held.end();) {
            if (held->given_up_at > now) {
                ++held;
                continue;
            }
            events_.add("REQUEST_GIVEN_UP", endpoint,
                        describe(held->request, client.held.size() - 1));
            given_up.push_back(std::move(*held));
            held = client.held.erase(held);
        }
    }
    end_all(std::move(given_up), Outcome::asleep);
}

void QueueMode::end_all(std::deque<Held> held, Outcome outcome) {
    for (Held& each : held) {
        DeviceAnswer answer;
        answer.outcome = outcome;
        each.done(std::move(answer));
    }
}

void QueueMode::stop() {
    std::map<std::string, Client> clients = std::move(clients_);
    clients_.clear();
    for (auto& [endpoint, client] : clients) end_all(std::move(client.held), Outcome::stopped);
}

nlohmann::json QueueMode::to_json(const std::string& endpoint) const {
    const auto found = clients_.find(endpoint);
    if (found == clients_.end()) return nlohmann::json::object();
    return {{"presence", found->second.awake ? "AWAKE" : "SLEEPING"},
            {"requestsHeld", found->second.held.size()}};
}

}  // namespace scef::lwm2m_server_simulator
