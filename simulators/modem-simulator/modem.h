#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/modem-link/frame.h"

namespace scef::modem_simulator {

/// One non-IP frame with the RDS ports by which it goes, if any.
struct NonIpFrame {
    NonIpFrame(Bytes octets, std::optional<modem_link::RdsPort> ports = std::nullopt)
        : data(std::move(octets)), rds(ports) {}
    Bytes data;
    std::optional<modem_link::RdsPort> rds;
    bool exception = false;  ///< an exception report (TS 24.301 6.3.9)
    modem_link::ReleaseAssistance release = modem_link::ReleaseAssistance::none;
    friend bool operator==(const NonIpFrame&, const NonIpFrame&) = default;
};

/// What one step of a modem leads to.
struct ModemOutput {
    std::vector<modem_link::Frame> to_network;
    std::vector<NonIpFrame> received;  ///< for whoever uses the modem
    std::vector<Bytes> triggers;       ///< payloads of device triggers (SMS)
    std::vector<std::string> notes;    ///< for people: attached, lost, refused, …
    bool attached_now = false;         ///< the answer to an attach arrived
    bool terms_now = false;            ///< the network told other terms
};

struct ModemCounters {
    std::uint64_t up = 0;        ///< frames handed in and put on the link
    std::uint64_t down = 0;      ///< distinct frames that arrived
    std::uint64_t repeated = 0;  ///< downlink frames dropped as repeated by the network
    std::uint64_t refused = 0;   ///< uplink frames that the network refused
    std::uint64_t lost = 0;      ///< uplink frames never acknowledged by the hop
    std::uint64_t attaches = 0;  ///< times the network accepted an attach
};

/// One modem on the modem link: attaches until it is let in, numbers and repeats its uplink frames
/// until the hop acknowledges them, acknowledges downlink frames and drops repeated ones. When the
/// network has released its PDN connection, a device trigger or an uplink has it attach again.
/// Pure.
class Modem {
public:
    Modem(ExternalId id, std::string start_state, Instant attach_at)
        : id_(std::move(id)),
          state_(start_state),
          start_state_(std::move(start_state)),
          attach_due_(attach_at) {}

    void on_frame(const modem_link::Frame& frame, Turn& turn, ModemOutput& out);
    /// Sends a non-IP frame; one handed in before the network has accepted the attach, or without a
    /// PDN connection, waits (8 at most). A detached modem drops it, and one that is longer than
    /// the network said it takes.
    void send(NonIpFrame frame, Turn& turn, ModemOutput& out);
    void on_time(Turn& turn, ModemOutput& out);
    /// Switched off.
    void detach(ModemOutput& out);
    /// Switched on after `detach`: attaches as it did at start.
    void switch_on(Turn& turn);
    /// Asks the network to save power so, now and at every attach to come.
    void save_power(modem_link::PowerSaving wanted, Instant now);
    /// Gives up the PDN connection, and stays registered; `ask_for_pdn_connection` gets another.
    void release_pdn_connection(Turn& turn);
    void ask_for_pdn_connection(Turn& turn);
    Instant due() const;

    const ExternalId& id() const { return id_; }
    bool is_attached() const { return attached_; }
    /// connected, idle, edrx, psm, no-pdn or detached, as the network said last; an uplink of ours
    /// wakes.
    const std::string& state() const { return state_; }
    bool is_asleep() const { return state_ == "psm" || state_ == "detached"; }
    bool has_pdn_connection() const { return attached_ && state_ != "no-pdn"; }
    /// What the network said last; nothing from one that does not say.
    const std::optional<modem_link::NetworkTerms>& terms() const { return terms_; }
    /// Why the network does not let it in; empty: it did, or said nothing yet.
    const std::string& attach_refusal() const { return attach_refusal_; }
    std::size_t waiting() const { return waiting_.size(); }
    const ModemCounters& counters() const { return counters_; }

private:
    struct Pending {
        std::uint32_t sequence = 0;
        NonIpFrame content;
        Instant due = never;
        unsigned sent = 1;
    };

    modem_link::Frame frame(modem_link::Kind kind) const;
    modem_link::Frame uplink(std::uint32_t sequence, const NonIpFrame& content) const;
    void on_terms(const modem_link::Frame& frame, ModemOutput& out);
    void on_attached(const modem_link::Frame& frame, Turn& turn, ModemOutput& out);
    void on_downlink(const modem_link::Frame& frame, ModemOutput& out);
    void on_trigger(const modem_link::Frame& frame, Turn& turn, ModemOutput& out);
    bool acknowledge(const modem_link::Frame& frame, ModemOutput& out);
    void on_refused(const modem_link::Frame& frame, Turn& turn, ModemOutput& out);
    void enter(const std::string& state, ModemOutput& out);
    void transmit(NonIpFrame content, Turn& turn, ModemOutput& out);
    bool settle(std::uint32_t sequence);
    void send_attach(Turn& turn, ModemOutput& out);
    void send_update(Turn& turn, ModemOutput& out);
    bool takes(const NonIpFrame& frame, ModemOutput& out) const;

    ExternalId id_;
    std::string state_;
    std::string start_state_;
    Instant attach_due_;
    Instant update_due_ = never;
    Duration attach_pause_{};
    bool attached_ = false;
    bool releasing_ = false;  ///< the PDN connection
    std::string attach_refusal_;
    std::optional<modem_link::PowerSaving> wanted_;
    std::optional<modem_link::NetworkTerms> terms_;
    std::uint32_t next_sequence_ = 0;
    std::deque<NonIpFrame> waiting_;
    std::deque<Pending> pending_;
    std::deque<std::uint32_t> seen_;
    ModemCounters counters_;
};

}  // namespace scef::modem_simulator
