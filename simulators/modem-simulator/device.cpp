#include "simulators/modem-simulator/device.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lwm2m-core/coap/codec.h"
#include "simulators/modem-simulator/release_assistance.h"

namespace scef::modem_simulator {

Device::Device(DeviceSettings settings)
    : settings_(std::move(settings)),
      modem_(settings_.id, settings_.has_at_modem ? "connected" : settings_.start_state,
             settings_.attach_at),
      power_(settings_.power, settings_.attach_at),
      asleep_(modem_.is_asleep()),
      log_(settings_.log_entries_max) {
    if (settings_.has_at_modem) {
        at_ = std::make_unique<AtModem>(settings_.id, settings_.start_state);
        modem_.save_power(at_->wanted_power_saving(), settings_.attach_at);
    }
    if (!settings_.client) return;
    pipes_.assign(settings_.rds.begin(), settings_.rds.end());
    if (pipes_.empty()) pipes_.emplace_back();
    settings_.client->servers = static_cast<std::uint16_t>(pipes_.size());
    client_ = std::make_unique<client::Client>(*settings_.client);
}

void Device::note(LogEntry::Kind kind, Bytes frame, std::string text, Turn& turn) {
    output_.log.push_back(log_.add({0, turn.wall, kind, std::move(frame), std::move(text)}));
}

/// Each transmission counts, those that the link repeats too. Before the network has let it in, a
/// modem searches, which counts as connected.
void Device::measure(const ModemOutput& out, Turn& turn) {
    const bool is_searching = !modem_.is_attached() && modem_.state() != "detached";
    if (out.terms_now) power_.on_terms(*modem_.terms(), turn.now);
    power_.on_state(is_searching ? "connected" : modem_.state(), turn.now);
    for (const modem_link::Frame& frame : out.to_network) {
        if (frame.kind != modem_link::Kind::ack) power_.on_transmitted(frame.data.size());
    }
}

// Carries out what a step of the modem says; a frame for the client may lead to further uplinks.
void Device::handle(ModemOutput& out, Turn& turn) {
    measure(out, turn);
    for (modem_link::Frame& frame : out.to_network) output_.to_network.push_back(std::move(frame));
    for (std::string& text : out.notes) note(LogEntry::Kind::note, {}, std::move(text), turn);
    const bool was_asleep = std::exchange(asleep_, modem_.is_asleep());
    if (client_ != nullptr) client_->set_asleep(modem_.is_asleep());
    for (NonIpFrame& frame : out.received) receive(frame, turn);
    for (const Bytes& payload : out.triggers) on_trigger(payload, turn);
    if (at_) at_step([this](AtRadio& radio) { at_->on_radio(radio); }, turn);
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
    if (at_) {
        if (!at_->on_data(frame)) note(LogEntry::Kind::note, {}, "not shown: +CRTDCP is 0", turn);
        return;
    }
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
        send({std::move(frame.data), pipes_[frame.pipe]}, turn);
    }
}

void Device::send(NonIpFrame frame, Turn& turn) {
    note(LogEntry::Kind::up, frame.data, {}, turn);
    if (settings_.assists_release) frame.release = release_assistance_of(frame.data);
    ModemOutput out;
    modem_.send(std::move(frame), turn, out);
    handle(out, turn);
}

/// Lets the AT modem act, and carries out what it asks of the modem.
template <typename Act>
void Device::at_step(Act&& act, Turn& turn) {
    ModemOutput out;
    std::vector<NonIpFrame> uplinks;
    AtRadio radio{modem_, turn, out, uplinks};
    act(radio);
    output_.to_terminal += at_->take_text();
    if (!out.to_network.empty()) handle(out, turn);
    for (NonIpFrame& frame : uplinks) send(std::move(frame), turn);
}

void Device::on_terminal_input(std::string_view octets, Turn& turn) {
    if (at_) at_step([&](AtRadio& radio) { at_->on_input(octets, radio); }, turn);
}

void Device::on_link_frame(const modem_link::Frame& frame, Turn& turn) {
    if (!frame.data.empty() && modem_.state() != "detached") power_.on_received(frame.data.size());
    ModemOutput out;
    modem_.on_frame(frame, turn, out);
    handle(out, turn);
}

void Device::on_tap_datagram(ByteView datagram, Turn& turn) {
    const bool has_ports = !settings_.rds.empty();
    const auto ports = has_ports ? std::optional(settings_.rds.front()) : std::nullopt;
    send({Bytes(datagram.begin(), datagram.end()), ports}, turn);
}

void Device::on_time(Turn& turn) {
    ModemOutput out;
    modem_.on_time(turn, out);
    handle(out, turn);
    if (at_ && turn.now >= at_->due()) {
        at_step([this](AtRadio& radio) { at_->on_time(radio); }, turn);
    }
    if (client_ == nullptr) return;
    if (turn.now >= client_->due()) client_->on_time(turn);
    send_frames(turn);
}

/// What the user asks of the client.
template <typename Act>
Status Device::act(Act&& act, Turn& turn) {
    if (client_ == nullptr) {
        return fail(Errc::conflict, at_ ? "the device is an AT modem: it has no LwM2M client"
                                        : "the device is a tap: its LwM2M client is outside this "
                                          "program");
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
    Instant due = modem_.due();
    if (at_) due = std::min(due, at_->due());
    return client_ == nullptr ? due : std::min(due, client_->due());
}

}  // namespace scef::modem_simulator
