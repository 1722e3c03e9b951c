#include "simulators/modem-simulator/device.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lwm2m-core/coap/codec.h"

namespace scef::modem_simulator {

Device::Device(DeviceSettings settings)
    : settings_(std::move(settings)),
      modem_(settings_.id, settings_.start_state, settings_.attach_at),
      asleep_(modem_.is_asleep()),
      log_(settings_.log_entries_max) {
    if (!settings_.client) return;
    pipes_.assign(settings_.rds.begin(), settings_.rds.end());
    if (pipes_.empty()) pipes_.emplace_back();
    settings_.client->servers = static_cast<std::uint16_t>(pipes_.size());
    client_ = std::make_unique<client::Client>(*settings_.client);
}

void Device::note(LogEntry::Kind kind, Bytes frame, std::string text, Turn& turn) {
    output_.log.push_back(log_.add({0, turn.wall, kind, std::move(frame), std::move(text)}));
}

// Carries out what a step of the modem says; a frame for the client may lead to further uplinks.
void Device::handle(ModemOutput& out, Turn& turn) {
    for (modem_link::Frame& frame : out.to_network) output_.to_network.push_back(std::move(frame));
    for (std::string& text : out.notes) note(LogEntry::Kind::note, {}, std::move(text), turn);
    const bool was_asleep = std::exchange(asleep_, modem_.is_asleep());
    if (client_ != nullptr) client_->set_asleep(modem_.is_asleep());
    for (NonIpFrame& frame : out.received) receive(frame, turn);
    for (const Bytes& payload : out.triggers) on_trigger(payload, turn);
    if (client_ == nullptr) return;
    if (out.attached_now && !started_) {
        started_ = true;
        if (settings_.register_at_start) client_->start(turn);
    }
    if (was_asleep && !asleep_) client_->on_time(turn);
    send_frames(turn);
}

void Device::receive(NonIpFrame& frame, Turn& turn) {
    note(LogEntry::Kind::down, frame.data, {}, turn);
    if (client_ == nullptr) return output_.to_tap.push_back(std::move(frame.data));
    for (std::size_t pipe = 0; pipe < pipes_.size(); ++pipe) {
        if (pipes_[pipe] == frame.rds) return client_->on_frame(pipe, frame.data, turn);
    }
    note(LogEntry::Kind::note, {}, "downlink dropped: nobody has its RDS ports", turn);
}

/// Registration Update Trigger and Bootstrap-Request Trigger by SMS (LwM2M Transport 6.5, object 1
/// resources 8 and 9). They are not answered: the answer would have to be an SMS.
void Device::on_trigger(ByteView payload, Turn& turn) {
    if (client_ != nullptr) client_->on_short_message();
    const auto message = coap::parse(payload);
    const bool is_execute = message && message->code == coap::codes::post;
    const auto path = is_execute ? message->path() : std::vector<std::string_view>{};
    const bool is_account = path.size() == 3 && path[0] == "1" && client_ != nullptr;
    if (is_account && path[2] == "8") {
        note(LogEntry::Kind::note, {}, "device trigger: Registration Update", turn);
        started_ = true;
        return client_->update_now(turn);
    }
    if (is_account && path[2] == "9" && client_->bootstrap().has_account()) {
        note(LogEntry::Kind::note, {}, "device trigger: Bootstrap-Request", turn);
        started_ = true;
        (void)client_->bootstrap_now(turn);
        return;
    }
    note(LogEntry::Kind::note, {}, "device trigger left alone: no Execute of /1/x/8 or /1/x/9",
         turn);
}

void Device::send_frames(Turn& turn) {
    for (client::PipeFrame& frame : client_->take_frames()) {
        note(LogEntry::Kind::up, frame.data, {}, turn);
        ModemOutput out;
        modem_.send({std::move(frame.data), pipes_[frame.pipe]}, turn, out);
        handle(out, turn);
    }
}

void Device::on_link_frame(const modem_link::Frame& frame, Turn& turn) {
    ModemOutput out;
    modem_.on_frame(frame, turn, out);
    handle(out, turn);
}

void Device::on_tap_datagram(ByteView datagram, Turn& turn) {
    Bytes frame(datagram.begin(), datagram.end());
    note(LogEntry::Kind::up, frame, {}, turn);
    ModemOutput out;
    const bool has_ports = !settings_.rds.empty();
    const auto ports = has_ports ? std::optional(settings_.rds.front()) : std::nullopt;
    modem_.send({std::move(frame), ports}, turn, out);
    handle(out, turn);
}

void Device::on_time(Turn& turn) {
    ModemOutput out;
    modem_.on_time(turn, out);
    handle(out, turn);
    if (client_ == nullptr) return;
    if (turn.now >= client_->due()) client_->on_time(turn);
    send_frames(turn);
}

/// What the user asks of the client.
template <typename Act>
Status Device::act(Act&& act, Turn& turn) {
    if (client_ == nullptr) {
        return fail(Errc::conflict,
                    "the device is a tap: its LwM2M client is outside this program");
    }
    Status result = act(*client_);
    send_frames(turn);
    return result;
}

Status Device::register_now(Turn& turn) {
    return act(
        [&](client::Client& client) -> Status {
            started_ = true;
            client.register_now(turn);
            return {};
        },
        turn);
}

Status Device::update_now(Turn& turn) {
    return act(
        [&](client::Client& client) -> Status {
            started_ = true;
            client.update_now(turn);
            return {};
        },
        turn);
}

Status Device::deregister_now(Turn& turn) {
    return act([&](client::Client& client) { return client.deregister_now(turn); }, turn);
}

Status Device::send_now(const client::SendContent& content, Turn& turn) {
    return act([&](client::Client& client) { return client.send_now(content, turn); }, turn);
}

Status Device::bootstrap_now(Turn& turn) {
    return act(
        [&](client::Client& client) {
            started_ = true;
            return client.bootstrap_now(turn);
        },
        turn);
}

Status Device::set_offline(bool offline, Turn& turn) {
    return act(
        [&](client::Client& client) -> Status {
            client.set_offline(offline, turn);
            return {};
        },
        turn);
}

Status Device::set_value(const client::Path& path, const client::Value& value, Turn& turn) {
    return act([&](client::Client& client) { return client.set_value(path, value, turn); }, turn);
}

void Device::detach(Turn& turn) {
    ModemOutput out;
    modem_.detach(out);
    handle(out, turn);
}

DeviceOutput Device::take_output() { return std::exchange(output_, {}); }

Instant Device::due() const {
    return client_ == nullptr ? modem_.due() : std::min(modem_.due(), client_->due());
}

}  // namespace scef::modem_simulator
