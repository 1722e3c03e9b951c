#include "simulators/modem-simulator/modem.h"

#include <algorithm>

namespace scef::modem_simulator {
namespace {

using modem_link::Frame;
using modem_link::Kind;

constexpr Duration repeat_after = std::chrono::milliseconds(500);
constexpr unsigned transmissions_max = 6;  // the first and five repetitions
constexpr Duration attach_pause_min = std::chrono::seconds(1);
constexpr Duration attach_pause_max = std::chrono::seconds(5);
constexpr std::size_t waiting_max = 8;
constexpr std::size_t seen_max = 64;

// Grows from one start of the program to the next, so that the network never takes a new frame for
// a repeated one.
std::uint32_t first_sequence(WallTime wall) {
    const auto since_epoch = wall.time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch);
    return static_cast<std::uint32_t>(milliseconds.count()) & 0x7fffffffU;
}

}  // namespace

Frame Modem::frame(Kind kind) const {
    Frame frame;
    frame.kind = kind;
    frame.external_id = id_.text();
    return frame;
}

Frame Modem::uplink(std::uint32_t sequence, const NonIpFrame& content) const {
    Frame frame = this->frame(Kind::uplink);
    frame.sequence = sequence;
    frame.data = content.data;
    frame.rds = content.rds;
    frame.exception = content.exception;
    frame.release = content.release;
    return frame;
}

void Modem::on_frame(const Frame& frame, Turn& turn, ModemOutput& out) {
    switch (frame.kind) {
        case Kind::attached:
            return on_attached(frame, turn, out);
        case Kind::state:
            on_terms(frame, out);
            return enter(frame.state, out);
        case Kind::downlink:
            return on_downlink(frame, out);
        case Kind::trigger:
            return on_trigger(frame, turn, out);
        case Kind::ack:
            settle(frame.sequence);
            return;
        case Kind::refused:
            return on_refused(frame, turn, out);
        case Kind::attach:
        case Kind::detach:
        case Kind::update:
        case Kind::uplink:
            return;  // only a modem says these
    }
}

void Modem::enter(const std::string& state, ModemOutput& out) {
    if (state == state_ || !attached_) return;
    state_ = state;
    out.notes.push_back("state " + state);
    if (state_ == "detached" || state_ == "no-pdn") pending_.clear();
    if (state_ == "no-pdn") releasing_ = false;
    if (!releasing_) attach_due_ = never;
}

void Modem::on_terms(const Frame& frame, ModemOutput& out) {
    if (!frame.terms) return;
    out.terms_now = true;
    terms_ = frame.terms;
    update_due_ = never;
}

void Modem::on_attached(const Frame& frame, Turn& turn, ModemOutput& out) {
    if (has_pdn_connection() != releasing_ || state_ == "detached") return;
    on_terms(frame, out);
    releasing_ = false;
    attach_refusal_.clear();
    if (!attached_) seen_.clear();
    attached_ = true;
    out.attached_now = true;
    ++counters_.attaches;
    attach_due_ = never;
    attach_pause_ = Duration{};
    state_ = frame.state;
    out.notes.push_back("attached, state " + state_);
    if (!has_pdn_connection()) return;
    for (NonIpFrame& waiting : std::exchange(waiting_, {})) {
        transmit(std::move(waiting), turn, out);
    }
}

/// False for a frame that is not heard, or was before.
bool Modem::acknowledge(const Frame& frame, ModemOutput& out) {
    if (state_ == "detached") return false;  // switched off
    Frame ack = this->frame(Kind::ack);
    ack.sequence = frame.sequence;
    out.to_network.push_back(std::move(ack));
    if (std::find(seen_.begin(), seen_.end(), frame.sequence) != seen_.end()) {
        ++counters_.repeated;
        return false;
    }
    if (seen_.size() >= seen_max) seen_.pop_front();
    seen_.push_back(frame.sequence);
    return true;
}

void Modem::on_downlink(const Frame& frame, ModemOutput& out) {
    if (!acknowledge(frame, out)) return;
    ++counters_.down;
    out.received.emplace_back(frame.data, frame.rds);
}

/// One without a payload is for the modem itself: the network has data for a PDN connection.
void Modem::on_trigger(const Frame& frame, Turn& turn, ModemOutput& out) {
    if (!acknowledge(frame, out)) return;
    out.notes.push_back("device trigger for port " + std::to_string(frame.port) + ", " +
                        std::to_string(frame.data.size()) + " octets");
    if (!has_pdn_connection()) ask_for_pdn_connection(turn);
    if (!frame.data.empty()) out.triggers.push_back(frame.data);
}

void Modem::ask_for_pdn_connection(Turn& turn) {
    if (attach_due_ != never && !releasing_) return;
    releasing_ = false;
    attach_pause_ = Duration{};
    attach_due_ = turn.now;
}

void Modem::on_refused(const Frame& frame, Turn& turn, ModemOutput& out) {
    const bool is_uplink = settle(frame.sequence);
    if (is_uplink) ++counters_.refused;
    if (is_uplink || frame.sequence == 0) {
        out.notes.push_back((is_uplink ? "uplink refused: " : "attach refused: ") + frame.reason);
    }
    if (frame.sequence == 0 && !attached_) attach_refusal_ = frame.reason;
    if ((is_uplink || frame.sequence == 0) && frame.reason == "unknown-ue") {
        attached_ = false;
        attach_due_ = turn.now;
    }
}

bool Modem::settle(std::uint32_t sequence) {
    return std::erase_if(pending_,
                         [&](const Pending& entry) { return entry.sequence == sequence; }) > 0;
}

void Modem::send(NonIpFrame frame, Turn& turn, ModemOutput& out) {
    if (state_ == "detached") {
        out.notes.push_back("uplink dropped: the modem is detached");
        return;
    }
    if (!takes(frame, out)) return;
    if (has_pdn_connection()) return transmit(std::move(frame), turn, out);
    if (attached_) ask_for_pdn_connection(turn);
    if (std::find(waiting_.begin(), waiting_.end(), frame) != waiting_.end()) return;
    if (waiting_.size() >= waiting_max) waiting_.pop_front();
    waiting_.push_back(std::move(frame));
}

bool Modem::takes(const NonIpFrame& frame, ModemOutput& out) const {
    const std::size_t octets_max = terms_ ? terms_->frame_octets_max : 0;
    if (octets_max == 0 || frame.data.size() <= octets_max) return true;
    out.notes.push_back("uplink dropped: " + std::to_string(frame.data.size()) +
                        " octets, but the network takes " + std::to_string(octets_max) +
                        " (non-IP link MTU); make the client send smaller datagrams");
    return false;
}

void Modem::transmit(NonIpFrame content, Turn& turn, ModemOutput& out) {
    if (next_sequence_ == 0) next_sequence_ = std::max(1U, first_sequence(turn.wall));
    if (state_ == "psm" || state_ == "idle") enter("connected", out);
    ++counters_.up;
    const std::uint32_t sequence = next_sequence_++;
    out.to_network.push_back(uplink(sequence, content));
    pending_.push_back({sequence, std::move(content), turn.now + repeat_after, 1});
}

void Modem::send_attach(Turn& turn, ModemOutput& out) {
    Frame attach = frame(Kind::attach);
    attach.state = state_ == "detached" ? "connected" : state_;
    if (attached_ && state_ == "no-pdn") attach.state = "idle";  // how it sleeps, stays
    if (releasing_) attach.state = "no-pdn";
    attach.power_saving = wanted_;
    out.to_network.push_back(std::move(attach));
    attach_pause_ = std::clamp(attach_pause_ * 2, attach_pause_min, attach_pause_max);
    attach_due_ = turn.now + attach_pause_;
}

void Modem::send_update(Turn& turn, ModemOutput& out) {
    Frame update = frame(Kind::update);
    update.power_saving = wanted_;
    out.to_network.push_back(std::move(update));
    update_due_ = turn.now + attach_pause_max;
}

void Modem::on_time(Turn& turn, ModemOutput& out) {
    if (turn.now >= attach_due_) send_attach(turn, out);
    if (turn.now >= update_due_) send_update(turn, out);
    for (Pending& entry : pending_) {
        if (turn.now < entry.due || entry.sent >= transmissions_max) continue;
        out.to_network.push_back(uplink(entry.sequence, entry.content));
        ++entry.sent;
        entry.due = turn.now + repeat_after;
    }
    const auto lost = std::erase_if(pending_, [&](const Pending& entry) {
        return entry.sent >= transmissions_max && turn.now >= entry.due;
    });
    counters_.lost += lost;
    if (lost > 0) out.notes.push_back("uplink lost: the hop never acknowledged it");
}

void Modem::detach(ModemOutput& out) {
    out.to_network.push_back(frame(Kind::detach));
    attached_ = false;
    attach_due_ = never;
    update_due_ = never;
    releasing_ = false;
    attach_refusal_.clear();
    terms_.reset();
    state_ = "detached";
    pending_.clear();
    waiting_.clear();
}

void Modem::switch_on(Turn& turn) {
    if (state_ != "detached" || attached_) return;
    state_ = start_state_;
    attach_pause_ = Duration{};
    attach_due_ = turn.now;
}

void Modem::save_power(modem_link::PowerSaving wanted, Instant now) {
    if (attached_ && wanted_ != wanted) update_due_ = now;
    wanted_ = std::move(wanted);
}

void Modem::release_pdn_connection(Turn& turn) {
    if (!has_pdn_connection()) return;
    releasing_ = true;
    attach_pause_ = Duration{};
    attach_due_ = turn.now;
}

Instant Modem::due() const {
    Instant due = std::min(attach_due_, update_due_);
    for (const Pending& entry : pending_) due = std::min(due, entry.due);
    return due;
}

}  // namespace scef::modem_simulator
