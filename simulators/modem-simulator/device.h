#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/client/client.h"
#include "simulators/modem-simulator/at_modem.h"
#include "simulators/modem-simulator/frame_log.h"
#include "simulators/modem-simulator/modem.h"
#include "simulators/modem-simulator/power_meter.h"

namespace scef::modem_simulator {

/// What a device is and how it starts.
struct DeviceSettings {
    ExternalId id;
    std::string start_state = "connected";
    Instant attach_at;
    std::size_t log_entries_max = 500;
    bool register_at_start = true;
    /// Our LwM2M client; absent for a tap, whose frames come from outside.
    std::optional<client::ClientSettings> client;
    /// The frames of a device without a client come by AT commands. It starts connected, and
    /// `start_state` is how it asks to save power.
    bool has_at_modem = false;
    PowerFigures power;
    /// Uplinks tell what the CoAP in them leaves to expect (release assistance indication).
    bool assists_release = false;
    /// A pipe of the client for each pair, with the server at its far end. None: one pipe without
    /// ports. A tap takes the first.
    std::vector<modem_link::RdsPort> rds;
};

/// What one step of a device leads to.
struct DeviceOutput {
    std::vector<modem_link::Frame> to_network;
    std::vector<Bytes> to_tap;  ///< for the outside client of a tap
    std::string to_terminal;    ///< of an AT modem
    std::vector<LogEntry> log;  ///< what the step added to the log
};

/// A modem with what is behind it: an LwM2M client of our own, a tap, or a terminal that gives AT
/// commands. Pure; one thread at a time.
class Device {
public:
    explicit Device(DeviceSettings settings);

    void on_link_frame(const modem_link::Frame& frame, Turn& turn);
    /// A datagram of a tap's outside client.
    void on_tap_datagram(ByteView datagram, Turn& turn);
    /// Octets that the terminal of an AT modem sends.
    void on_terminal_input(std::string_view octets, Turn& turn);
    void on_time(Turn& turn);

    Status register_now(Turn& turn);
    Status update_now(Turn& turn);
    Status deregister_now(Turn& turn);
    Status send_now(const client::SendContent& content, Turn& turn);
    Status bootstrap_now(Turn& turn);
    /// Out of coverage or back: the client says and hears nothing meanwhile.
    Status set_offline(bool offline, Turn& turn);
    Status set_value(const client::Path& path, const client::Value& value, Turn& turn);
    void detach(Turn& turn);

    DeviceOutput take_output();
    Instant due() const;

    const Modem& modem() const { return modem_; }
    /// By which RDS ports the client's pipes go.
    const std::vector<std::optional<modem_link::RdsPort>>& pipes() const { return pipes_; }
    /// Null for a tap and an AT modem.
    const client::Client* lwm2m_client() const { return client_.get(); }
    /// What its radio has spent.
    const PowerMeter& power() const { return power_; }
    bool has_at_modem() const { return at_ != nullptr; }
    const FrameLog& log() const { return log_; }
    /// With all of its servers.
    bool is_registered() const { return client_ != nullptr && client_->is_registered(); }

private:
    void handle(ModemOutput& out, Turn& turn);
    void receive(NonIpFrame& frame, Turn& turn);
    void on_trigger(ByteView payload, Turn& turn);
    void send_frames(Turn& turn);
    void send(NonIpFrame frame, Turn& turn);
    void measure(const ModemOutput& out, Turn& turn);
    template <typename Act>
    void at_step(Act&& act, Turn& turn);
    template <typename Act>
    Status act(Act&& act, Turn& turn);
    void note(LogEntry::Kind kind, Bytes frame, std::string text, Turn& turn);

    DeviceSettings settings_;
    Modem modem_;
    PowerMeter power_;
    std::vector<std::optional<modem_link::RdsPort>> pipes_;
    std::unique_ptr<client::Client> client_;
    std::unique_ptr<AtModem> at_;
    bool started_ = false;
    bool asleep_ = false;
    FrameLog log_;
    DeviceOutput output_;
};

}  // namespace scef::modem_simulator
