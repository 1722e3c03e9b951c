#include "tests/simulation/simulation.h"

#include <array>

#include "tests/simulation/describe.h"
#include "tests/simulation/world_config.h"

namespace scef::simulation {

Simulation::Simulation(std::uint64_t seed, Coverage& coverage)
    : stage_(seed, coverage), config_(draw_config(stage_.random)) {
    host_ = std::make_unique<AdapterHost>(stage_, oracle_,
                                          std::make_shared<const adapter::Config>(config_));
    scef_ = std::make_unique<ScefModel>(stage_, *host_, oracle_);
    for (const std::uint16_t port : {lwm2m_port, bootstrap_port, client_port}) {
        servers_.push_back(std::make_unique<ServerModel>(stage_, *host_, oracle_,
                                                         SocketAddress::ipv4(0x7f000001, port)));
    }
    oracle_.ledger.set_messages_max(config_.limits.queue_messages);
    if (const std::string& account = config_.quota_scopes.account; !account.empty()) {
        oracle_.quotas.set_account_limits(config_.quotas.at(account).downlink);
    }
    connect();
}

void Simulation::trace(History::Mode mode) {
    stage_.history.set_mode(mode);
    trace_rows(stage_.history.is_on());
}

/// Effects of the adapter go to the models, and requests that reach it to the oracle.
void Simulation::connect() {
    host_->outside.datagram = [this](const adapter::SendDatagram& datagram) {
        if (const auto message = coap::parse(datagram.octets); !message) {
            oracle_.uplinks.on_sent(std::string(as_text(datagram.octets)));
        } else if (message->type == coap::Type::non_confirmable) {  // D20: sent once
            oracle_.uplinks.on_reached(std::string(as_text(message->payload)));
        }
        for (const auto& server : servers_) {
            if (server->address() != datagram.peer) continue;
            server->receive_from(datagram.endpoint, datagram.octets);
        }
    };
    host_->outside.call = [this](const adapter::CallT8& call, AnswerT8 done) {
        stage_.after({}, [this, call, done = std::move(done)] { scef_->call(call, done); });
    };
    host_->outside.verdict = [this](const adapter::NotificationReply& reply) {
        scef_->on_verdict(reply.reply, reply.verdict.status);
    };
    host_->outside.reply = [this](const adapter::CommandReply& reply) {
        const auto found = replies_.find(reply.reply);
        if (found == replies_.end()) return;
        const auto then = std::move(found->second);
        replies_.erase(found);
        if (then) then(reply);
    };
    for (const auto& server : servers_) {
        server->on_request_arrives = [this, address = server->address()](
                                         queueing::EndpointIndex endpoint, std::uint16_t id) {
            if (!host_->is_up() || !host_->engine()->server_of(endpoint)) return;
            for (const Place& place : places_) {
                if (place.model->is_opaque()) continue;
                for (const auto mine : place.endpoints) {
                    if (mine != endpoint) continue;
                    oracle_.exchanges.on_request_arrives(address, endpoint, id, stage_.now);
                }
            }
        };
    }
}

void Simulation::command(adapter::Event event,
                         std::function<void(const adapter::CommandReply&)> then) {
    const adapter::ReplyId id = next_reply_++;
    replies_[id] = std::move(then);
    std::visit(
        [id](auto& e) {
            if constexpr (requires { e.reply; }) e.reply = id;
        },
        event);
    if (!host_->take(std::move(event))) replies_.erase(id);
}

/// What the operator's directory tells about a device. Another index: the one before was removed,
/// whether we were told or not.
void Simulation::learn(Place& place) {
    if (!host_->is_up()) return;
    const auto device = host_->engine()->find_device(place.spec.external_id);
    place.provisioned = device != nullptr;
    if (device == nullptr) return;
    const bool is_new = !place.index || *place.index != device->index;
    if (is_new) {
        oracle_.uplinks.on_device_removed(place.model->external_id());
        for (const auto endpoint : place.endpoints) oracle_.exchanges.on_device_removed(endpoint);
        oracle_.quotas.set_limits(device->index, config_.quotas.at(place.spec.quota).downlink);
        oracle_.ledger.set_device_patience(
            device->index, config_.profiles.at(place.spec.profile).device_ack_timeout);
    }
    place.index = device->index;
    place.endpoints.clear();
    for (const auto& endpoint : device->endpoints) place.endpoints.push_back(endpoint.index);
}

void Simulation::provision(Place& place, bool replace) {
    command(adapter::ProvisionDevice{0, place.spec, replace},
            [this, &place](const adapter::CommandReply& reply) {
                if (reply.result) learn(place);
            });
}

void Simulation::add_devices() {
    struct Kind {
        const char* profile;
        const char* quota;
        bool opaque;
        bool sleeps;
    };
    static constexpr std::array<Kind, 4> kinds{{{"psm", "tight", false, true},
                                                {"edrx", "refusing", false, false},
                                                {"always", "wide", false, false},
                                                {"psm", "tight", true, true}}};
    const std::size_t count = 2 + stage_.random.below(3);
    const std::size_t first = stage_.random.below(kinds.size());
    places_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Kind& kind = kinds[(first + i) % kinds.size()];
        Place& place = places_.emplace_back();
        const std::string id = "dev" + std::to_string(i) + "@sim.example";
        place.spec.external_id = *ExternalId::parse(id);
        place.spec.profile = kind.profile;
        place.spec.quota = kind.quota;
        place.spec.opaque = kind.opaque;
        place.model = std::make_unique<DeviceModel>(stage_, oracle_, id, kind.opaque, kind.sleeps);
        scef_->attach(*place.model);
        provision(place, false);
    }
}

/// Virtual time goes on: the models' plans and the adapter's timers, in their order.
void Simulation::advance(Duration time, std::uint64_t turns_max) {
    const Instant end = stage_.now + time;
    while (oracle_.verdicts.clean() && host_->turns() < turns_max) {
        const Instant planned = stage_.agenda.next();
        const Instant timer = host_->next_deadline();
        const Instant next = std::min(planned, timer);
        if (next > end) {
            stage_.now = end;
            break;
        }
        stage_.now = std::max(stage_.now, next);
        if (timer < planned) {
            host_->pass_time();
        } else {
            stage_.agenda.take()();
        }
    }
    oracle_.exchanges.on_time(stage_.now);
}

bool Simulation::run(std::uint64_t events) {
    const Instant begin = stage_.now;
    host_->start();
    add_devices();
    advance(2s);
    while (host_->turns() < events && oracle_.verdicts.clean()) {
        if (host_->turns() >= next_weather_) change_weather();
        something_happens();
        const auto kind = stage_.random.below(1000);
        const Duration pause = kind < 500   ? stage_.between(0ns, 200ms)
                               : kind < 900 ? stage_.between(100ms, 10s)
                               : kind < 995 ? stage_.between(10s, 2min)
                                            : stage_.between(1min, 30min);
        advance(pause, host_->turns() + 400);
    }
    if (oracle_.verdicts.clean()) calm_down();
    if (oracle_.verdicts.clean()) judge_end();
    Coverage& coverage = stage_.coverage;
    ++coverage.seeds;
    coverage.turns += host_->turns();
    coverage.posts += oracle_.posts;
    coverage.puts += oracle_.puts;
    coverage.stray_notifications += oracle_.exchanges.stray_notifications();
    coverage.virtual_seconds += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(stage_.now - begin).count());
    oracle_.ledger.count_in(coverage);
    return oracle_.verdicts.clean();
}

/// No more faults. What is open comes to its end, and each device gets what is asked of it (I9).
void Simulation::calm_down() {
    stage_.history.note(stage_.now, [] { return std::string("the calm begins"); });
    stage_.weather = {};
    advance(2min);
    for (const auto& server : servers_) server->is_down = false;
    for (Place& place : places_) {
        place.model->covered = true;
        learn(place);
        if (!place.provisioned) provision(place, false);
        command(adapter::PauseDevice{0, place.spec.external_id, false});
    }
    advance(1min);
    for (int i = 0; i < 12; ++i) {
        for (Place& place : places_) {
            place.model->wake(30s);
            place.model->send_data();
        }
        advance(20min);
    }
    for (Place& place : places_) {
        learn(place);
        if (place.model->is_opaque() || !place.provisioned) continue;
        // A SCEF that lost the configuration in silence tells so only at a POST (hold_max), when
        // the server may have been told 5.04 already.
        bool answered = false;
        for (int i = 0; i < 3 && !answered; ++i) {
            const std::uint32_t asked = servers_[0]->ask_plainly(place.endpoints.at(0));
            for (int j = 0; j < 5 && !answered; ++j) {
                place.model->wake(30s);
                place.model->send_data();
                advance(1min);
                answered = servers_[0]->was_answered(asked);
            }
        }
        if (!answered && oracle_.verdicts.clean()) {
            oracle_.verdicts.broken("I9", "hours after the last fault " +
                                              place.model->external_id() +
                                              " does not get a question");
        }
    }
}

/// I1, I6, I8, I10 at the end of all things.
void Simulation::judge_end() {
    oracle_.uplinks.finish();
    advance(26h);  // what a server acknowledged and never answered waits a day
    host_->judge_gauges();
    oracle_.judge_rest(host_->engine()->gauges(stage_.wall()));
    for (const Place& place : places_) {
        const auto device = host_->engine()->find_device(place.spec.external_id);
        if (device == nullptr) continue;
        for (const adapter::MessageView& message : host_->engine()->messages_of(*device)) {
            oracle_.verdicts.broken(
                "I9", "open for ever: " + message->id.text() + ' ' +
                          std::string(name_of(message->state)) + ' ' +
                          std::string(name_of(message->reason)) + ", leg " +
                          std::to_string(static_cast<int>(message->device_leg)) + ": " +
                          describe(message->octets()));
        }
        if (device->activity != nullptr) {
            oracle_.verdicts.broken("I8",
                                    place.model->external_id() + " is idle and keeps its activity");
        }
    }
}

}  // namespace scef::simulation
