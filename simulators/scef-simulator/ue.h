#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// What the core network knows about a UE's radio (TS 23.682 4.5.4, 4.5.13). `no_pdn`: registered
/// without a PDN connection (TS 23.401 5.3.2), so that an SMS reaches it and no data do.
enum class UeState : std::uint8_t { connected, idle, edrx, psm, no_pdn, detached };

std::string_view name_of(UeState state);
std::optional<UeState> ue_state_of(std::string_view name);

/// Whether a UE can fall back to it: connected (it never sleeps), edrx or psm.
constexpr bool is_sleep_mode(UeState state) {
    return state == UeState::connected || state == UeState::edrx || state == UeState::psm;
}

/// The reachability of one UE over time: states and timers, no frames. Pure: it is given `now`, and
/// asks by `deadline()` when it wants to be given it again.
class Ue {
public:
    explicit Ue(const Timers& timers) : timers_(timers) {}

    UeState state() const { return state_; }
    bool has_pdn_connection() const {
        return state_ != UeState::no_pdn && state_ != UeState::detached;
    }
    const Timers& timers() const { return timers_; }

    /// Where this UE falls back to when nothing happens: connected (it never sleeps), edrx or psm.
    UeState sleep_mode() const { return sleep_mode_; }

    /// Attach or control API: the UE is in `state` from `now` on. connected, edrx and psm are also
    /// its sleep mode from now on; the others leave that as it is.
    void enter(UeState state, Instant now);
    void set_sleep_mode(UeState mode, Instant now);

    /// The timer of the present state starts anew.
    void set_timers(const Timers& timers, Instant now);

    /// An uplink was heard or a downlink was acknowledged: the UE is connected.
    void on_radio_activity(Instant now);

    /// The network releases the connection before `inactivity` is over.
    void on_release(Instant now);

    /// A downlink was repeated to the end without acknowledgement: the UE counts as not reachable
    /// until it shows itself or `contact_retry` is over.
    void on_no_answer(Instant now);

    /// Fires every timer that is due.
    void advance(Instant now);

    /// Whether a downlink frame sent now is heard.
    bool hears() const;

    /// When it will hear again, if the network can know that: the next paging window or TAU.
    std::optional<Instant> hears_at() const;

    Instant deadline() const { return std::min(timer_, silent_until_); }

private:
    void go_on(UeState state, Instant now);
    void go_connected(Instant now);
    void go_idle(Instant now);
    void go_edrx(Instant now);
    void go_psm(Instant now);
    void on_timer(Instant at);

    Timers timers_;
    UeState state_ = UeState::detached;
    UeState sleep_mode_ = UeState::connected;
    bool paging_ = false;           ///< the paging window of eDRX is open
    Instant timer_ = never;         ///< of the state
    Instant silent_until_ = never;  ///< `never`: in contact
};

}  // namespace scef::scef_simulator
