#include "simulators/modem-simulator/device.h"

#include <algorithm>
#include <utility>

namespace scef::modem_simulator {

Device::Device(DeviceSettings settings)
    : settings_(std::move(settings)),
      modem_(settings_.id, settings_.start_state, settings_.attach_at),
      asleep_(modem_.is_asleep()),
      log_(settings_.log_entries_max) {
    if (settings_.client) client_ = std::make_unique<client::Client>(*settings_.client);
}

void Device::note(LogEntry::Kind kind, Bytes frame, std::string text, Turn& turn) {
    output_.log.push_back(log_.add({0, turn.wall, kind, std::move(frame), std::move(text)}));
}

// Carries out what a step of the modem says; a frame for the client may lead to further uplinks.
void Device::handle(ModemOutput& out, Turn& turn) {
    for (modem_link::Frame& frame : out.to_network) output_.to_network.push_back(std::move(frame));
    for (std::string& text : out.notes) note(LogEntry::Kind::note, {}, std::move(text), turn);
    const bool was_asleep = std::exchange(asleep_, modem_.is_asleep());
    if (client_) client_->set_asleep(modem_.is_asleep());
    for (Bytes& frame : out.received) {
        note(LogEntry::Kind::down, frame, {}, turn);
        if (client_) {
            client_->on_frame(frame, turn);
        } else {
            output_.to_tap.push_back(std::move(frame));
        }
    }
    if (!client_) return;
    if (out.attached_now && !started_) {
        started_ = true;
        if (settings_.register_at_start) client_->start(turn);
    }
    if (was_asleep && !asleep_) client_->on_time(turn);
    send_frames(turn);
}

void Device::send_frames(Turn& turn) {
    for (Bytes& frame : client_->take_frames()) {
        note(LogEntry::Kind::up, frame, {}, turn);
        ModemOutput out;
        modem_.send(std::move(frame), turn, out);
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
    modem_.send(std::move(frame), turn, out);
    handle(out, turn);
}

void Device::on_time(Turn& turn) {
    ModemOutput out;
    modem_.on_time(turn, out);
    handle(out, turn);
    if (client_ && turn.now >= client_->due()) {
        client_->on_time(turn);
        send_frames(turn);
    }
}

Status Device::check_client() const {
    if (client_) return {};
    return fail(Errc::conflict, "the device is a tap: its LwM2M client is outside this program");
}

Status Device::register_now(Turn& turn) {
    if (Status status = check_client(); !status) return status;
    started_ = true;
    client_->register_now(turn);
    send_frames(turn);
    return {};
}

Status Device::update_now(Turn& turn) {
    if (Status status = check_client(); !status) return status;
    started_ = true;
    client_->update_now(turn);
    send_frames(turn);
    return {};
}

Status Device::deregister_now(Turn& turn) {
    if (Status status = check_client(); !status) return status;
    Status status = client_->deregister_now(turn);
    send_frames(turn);
    return status;
}

Status Device::send_now(Turn& turn) {
    if (Status status = check_client(); !status) return status;
    Status status = client_->send_now(turn);
    send_frames(turn);
    return status;
}

Status Device::set_value(const client::Path& path, const client::Value& value, Turn& turn) {
    if (Status status = check_client(); !status) return status;
    Status status = client_->set_value(path, value, turn);
    send_frames(turn);
    return status;
}

void Device::detach(Turn& turn) {
    ModemOutput out;
    modem_.detach(out);
    handle(out, turn);
}

DeviceOutput Device::take_output() { return std::exchange(output_, {}); }

Instant Device::due() const {
    return client_ ? std::min(modem_.due(), client_->due()) : modem_.due();
}

}  // namespace scef::modem_simulator
