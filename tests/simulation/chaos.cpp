#include <algorithm>
#include <array>

#include "tests/simulation/simulation.h"

/// What happens in a history: weather, servers, devices, the network and the operator.
namespace scef::simulation {

/// Each stretch of a history has its own troubles; some have none.
void Simulation::change_weather() {
    next_weather_ = host_->turns() + 200 + stage_.random.below(800);
    Weather weather;
    const auto draw = [this](unsigned most) {
        return stage_.chance(450) ? static_cast<unsigned>(stage_.random.below(most)) : 0;
    };
    if (!stage_.chance(150)) {
        weather.udp_lost = draw(400);
        weather.udp_doubled = draw(300);
        weather.udp_late = draw(400);
        weather.radio_lost = draw(500);
        weather.radio_doubled = draw(300);
        weather.delivery_answers = draw(700);
        weather.side_answers = draw(500);
        weather.statuses = draw(700);
        weather.devices = draw(600);
        weather.servers = draw(600);
        weather.crashes = draw(12);
        weather.slow_commits = stage_.chance(400);
    }
    stage_.weather = weather;
    for (const auto& server : servers_) server->is_down = false;
    if (stage_.chance(200)) servers_[stage_.random.below(servers_.size())]->is_down = true;
    for (Place& place : places_) place.model->covered = !stage_.chance(80);
    stage_.history.note(stage_.now, [] { return std::string("the weather changes"); });
}

void Simulation::something_happens() {
    Place& place = any_place();
    if (stage_.chance(300) && has_buffered(place)) return enqueue(place, 800, 300);
    const auto kind = stage_.random.below(1000);
    if (kind < 330) return a_server_acts();
    if (kind < 400) return a_server_misbehaves();
    if (kind < 800) return a_device_acts(place);
    if (kind < 960) return the_operator_acts(place);
    if (kind < 970) return set_clock();
    trouble_befalls(place);
}

queueing::EndpointIndex Simulation::endpoint_for(const ServerModel& server,
                                                 const Place& place) const {
    const bool is_bootstrap = &server == servers_[1].get();
    if (place.endpoints.size() < 2) return 9999;
    return place.endpoints[is_bootstrap ? 1 : 0];
}

void Simulation::a_server_acts() {
    const auto which = stage_.random.below(10);
    ServerModel& server = *servers_[which < 7 ? 0 : which < 8 ? 1 : 2];
    Place& place = any_place();
    if (server.is_down) return;
    const auto endpoint = endpoint_for(server, place);
    if (!place.model->is_opaque()) return server.ask(endpoint);
    server.send_octets(endpoint, to_bytes("\xfe" + std::to_string(stage_.next_serial++)));
}

void Simulation::a_server_misbehaves() {
    ServerModel& server = *servers_[stage_.random.below(servers_.size())];
    const Place& place = any_place();
    if (server.is_down || place.model->is_opaque()) return;
    const auto endpoint = endpoint_for(server, place);
    switch (stage_.random.below(8)) {
        case 0:
        case 1:
        case 2:
            return server.ask_again();
        case 3:
        case 4:
            return server.repeat_old();
        case 5:
            return server.reuse_message_id();
        case 6: {  // octets that are no CoAP, or bad CoAP, or a ping
            static constexpr std::array<const char*, 5> octets{"16fefd0001", "4f010203", "41010007",
                                                               "40000042", "60e100ff"};
            stage_.coverage.count(Fault::malformed_octets);
            return server.send_octets(endpoint, from_hex(octets[stage_.random.below(5)]));
        }
        default: {  // opaque octets for a device that speaks CoAP
            return server.send_octets(endpoint,
                                      to_bytes("\xfe" + std::to_string(stage_.next_serial++)));
        }
    }
}

void Simulation::a_device_acts(Place& place) {
    DeviceModel& device = *place.model;
    device.wake(stage_.between(5s, 40s));
    if (device.is_opaque()) return device.send_data();
    const auto kind = stage_.random.below(100);
    if (kind < 45) return device.send_data();
    if (kind < 75) return device.notify();
    if (kind < 90) return device.register_();
    if (kind < 92) return device.deregister();
    if (kind < 94) return device.ping();
    if (kind < 96) {
        static constexpr std::array<const char*, 4> octets{"16fefd0002", "4f010203", "70000007",
                                                           "6045000b"};
        stage_.coverage.count(Fault::malformed_octets);
        return device.send_octets(from_hex(octets[stage_.random.below(4)]));
    }
}

void Simulation::trouble_befalls(Place& place) {
    const std::string& id = place.model->external_id();
    switch (stage_.random.below(5)) {
        case 0:
            stage_.coverage.count(Fault::device_reboot);
            return place.model->reboot();
        case 1:
            stage_.coverage.count(Fault::t8_configuration_lost);
            return scef_->forget_configuration(id);
        case 2:
            stage_.coverage.count(Fault::t8_terminated);
            return scef_->terminate_configuration(
                id, stage_.chance(800) ? "TERMINATED" : "TERMINATED_UE_NOT_AUTHORIZED");
        case 3:
            return scef_->tell_active(id);
        default:
            return remove_for_a_while(place);
    }
}

void Simulation::remove_for_a_while(Place& place) {
    if (!stage_.chance(300)) return;
    stage_.coverage.count(Fault::command_remove);
    command(adapter::RemoveDevice{0, place.spec.external_id},
            [this, &place](const adapter::CommandReply& reply) {
                if (!reply.result) return;
                oracle_.uplinks.on_device_removed(place.model->external_id());
                for (const auto endpoint : place.endpoints) {
                    oracle_.exchanges.on_device_removed(endpoint);
                }
            });
    stage_.after(stage_.between(1ms, 60s), [this, &place] { provision(place, false); });
}

/// An hour forth or back, and later the other way.
void Simulation::set_clock() {
    if (!stage_.chance(300)) return;
    stage_.coverage.count(Fault::wall_clock_jump);
    const bool forth = hours_ahead_ < 0 || (hours_ahead_ == 0 && stage_.chance(500));
    hours_ahead_ += forth ? 1 : -1;
    stage_.wall_base += forth ? Duration(1h) : -Duration(1h);
    oracle_.quotas.on_clock_set(stage_.now);
    stage_.history.note(stage_.now, [&] {
        return std::string("the wall clock is set an hour ") + (forth ? "forth" : "back");
    });
}

/// So many of 1000 take the place of all that waits, and are handed over without a window.
void Simulation::enqueue(Place& place, unsigned replaces, unsigned at_once) {
    adapter::EnqueueMessage event;
    const bool again = !api_requests_.empty() && stage_.chance(250);
    if (again) {
        event = api_requests_[stage_.random.below(api_requests_.size())];
        stage_.coverage.count(Fault::command_repeated);
    } else {
        const std::string number = std::to_string(stage_.next_serial++);
        event.external_id = place.spec.external_id;
        event.opaque = place.model->is_opaque() || stage_.chance(100);
        if (event.opaque) {
            event.payload = to_bytes("\xfd" + number);
        } else {
            coap::Message request;
            request.code = stage_.chance(600) ? coap::codes::get : coap::codes::post;
            request.token = coap::Token{0, static_cast<std::uint8_t>(stage_.random.below(256))};
            request.add_text(coap::options::uri_path, "3");
            request.add_text(coap::options::uri_query, "s=" + number);
            event.payload = coap::serialize(request);
        }
        if (stage_.chance(300)) event.ttl = stage_.between(1s, 15min);
        if (stage_.chance(200)) event.not_before = stage_.wall() + stage_.between(1s, 3min);
        event.priority = static_cast<queueing::Priority>(stage_.random.below(4));
        event.send_now = stage_.chance(at_once);
        event.takes_every_place = stage_.chance(replaces);
        if (stage_.chance(300)) event.collapse_key = "k" + std::to_string(stage_.random.below(3));
        if (event.takes_every_place) stage_.coverage.count(Fault::command_takes_places);
        if (!event.collapse_key.empty()) stage_.coverage.count(Fault::command_collapses);
        if (stage_.chance(700)) event.idempotency_key = "key" + number;
        if (!event.idempotency_key.empty()) api_requests_.push_back(event);
        if (api_requests_.size() > 30) api_requests_.erase(api_requests_.begin());
    }
    const std::string scope = event.idempotency_key.empty()
                                  ? std::string()
                                  : event.external_id.text() + ' ' + event.idempotency_key;
    command(std::move(event), [this, scope](const adapter::CommandReply& reply) {
        if (!reply.result) return;
        oracle_.on_enqueued(scope, *reply.result, {stage_.now, stage_.wall()});
        api_messages_.push_back(reply.result->message);
    });
}

/// The SCEF holds something for it, as far as the adapter knows.
bool Simulation::has_buffered(const Place& place) const {
    if (!host_->is_up()) return false;
    const auto device = host_->engine()->find_device(place.spec.external_id);
    if (device == nullptr) return false;
    const auto open = host_->engine()->messages_of(*device);
    return std::any_of(open.begin(), open.end(), [](const adapter::MessageView& message) {
        return message->device_leg == queueing::DeviceLeg::net_buffered;
    });
}

void Simulation::the_operator_acts(Place& place) {
    const auto kind = stage_.random.below(100);
    if (kind < 60) return enqueue(place, 60, 300);
    if (kind < 80) {
        stage_.coverage.count(Fault::command_cancel);
        if (!host_->is_up()) return;
        const auto device = host_->engine()->find_device(place.spec.external_id);
        if (device == nullptr) return;
        const auto open = host_->engine()->messages_of(*device);
        if (open.empty()) return;
        return command(adapter::CancelMessage{0, open[stage_.random.below(open.size())]->id});
    }
    if (kind < 84) {
        stage_.coverage.count(Fault::command_purge);
        return command(adapter::PurgeMessages{0, place.spec.external_id});
    }
    if (kind < 92) {
        stage_.coverage.count(Fault::command_pause);
        command(adapter::PauseDevice{0, place.spec.external_id, true});
        return stage_.after(stage_.between(1s, 5min), [this, &place] {
            command(adapter::PauseDevice{0, place.spec.external_id, false});
        });
    }
    if (kind < 95) {
        stage_.coverage.count(Fault::command_replace);
        place.spec.groups = {std::to_string(stage_.random.below(9))};
        return provision(place, true);
    }
}

}  // namespace scef::simulation
