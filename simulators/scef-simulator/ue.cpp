#include "simulators/scef-simulator/ue.h"

#include <algorithm>
#include <array>
#include <utility>

namespace scef::scef_simulator {
namespace {

constexpr std::array<std::pair<UeState, std::string_view>, 6> state_names{{
    {UeState::connected, "connected"},
    {UeState::idle, "idle"},
    {UeState::edrx, "edrx"},
    {UeState::psm, "psm"},
    {UeState::no_pdn, "no-pdn"},
    {UeState::detached, "detached"},
}};

Duration divided(Duration duration, double factor) {
    if (duration == Duration::zero()) return duration;
    const double faster = static_cast<double>(duration.count()) / factor;
    return std::max<Duration>(Duration(static_cast<Duration::rep>(faster)),
                              std::chrono::milliseconds(1));
}

}  // namespace

Timers Timers::faster(double factor) const {
    Timers scaled;
    scaled.inactivity = divided(inactivity, factor);
    scaled.active = divided(active, factor);
    scaled.edrx_cycle = divided(edrx_cycle, factor);
    scaled.paging_window = divided(paging_window, factor);
    scaled.periodic_tau = divided(periodic_tau, factor);
    scaled.contact_retry = divided(contact_retry, factor);
    return scaled;
}

std::string_view name_of(UeState state) {
    for (const auto& [value, name] : state_names) {
        if (value == state) return name;
    }
    return "detached";
}

std::optional<UeState> ue_state_of(std::string_view name) {
    for (const auto& [value, known] : state_names) {
        if (known == name) return value;
    }
    return std::nullopt;
}

void Ue::enter(UeState state, Instant now) {
    silent_until_ = never;
    if (is_sleep_mode(state)) sleep_mode_ = state;
    go_on(state, now);
}

void Ue::go_on(UeState state, Instant now) {
    switch (state) {
        case UeState::connected:
            return go_connected(now);
        case UeState::idle:
            return go_idle(now);
        case UeState::edrx:
            return go_edrx(now);
        case UeState::psm:
            return go_psm(now);
        case UeState::no_pdn:
        case UeState::detached:
            break;
    }
    state_ = state;
    timer_ = never;
}

void Ue::set_sleep_mode(UeState mode, Instant now) {
    sleep_mode_ = mode;
    if (state_ == UeState::idle) go_idle(now);
}

void Ue::set_timers(const Timers& timers, Instant now) {
    timers_ = timers;
    go_on(state_, now);
}

void Ue::on_radio_activity(Instant now) {
    silent_until_ = never;
    go_connected(now);
}

void Ue::on_release(Instant now) {
    if (state_ == UeState::connected) on_timer(now);
}

void Ue::on_no_answer(Instant now) { silent_until_ = now + timers_.contact_retry; }

void Ue::advance(Instant now) {
    if (silent_until_ <= now) silent_until_ = never;
    while (timer_ <= now) on_timer(timer_);
}

bool Ue::hears() const {
    if (silent_until_ != never) return false;
    return state_ == UeState::connected || state_ == UeState::idle ||
           (state_ == UeState::edrx && paging_);
}

std::optional<Instant> Ue::hears_at() const {
    if (state_ == UeState::connected || state_ == UeState::idle) {
        return silent_until_ == never ? std::nullopt : std::optional(silent_until_);
    }
    if (state_ == UeState::edrx && !paging_) return timer_;
    if (state_ == UeState::psm && timer_ != never) return timer_;
    return std::nullopt;
}

void Ue::go_connected(Instant now) {
    state_ = UeState::connected;
    timer_ = now + timers_.inactivity;
}

void Ue::go_idle(Instant now) {
    state_ = UeState::idle;
    timer_ = sleep_mode_ == UeState::connected ? never : now + timers_.active;
}

void Ue::go_edrx(Instant now) {
    state_ = UeState::edrx;
    paging_ = false;
    timer_ = now + timers_.edrx_cycle;
}

void Ue::go_psm(Instant now) {
    state_ = UeState::psm;
    timer_ = timers_.periodic_tau == Duration::zero() ? never : now + timers_.periodic_tau;
}

void Ue::on_timer(Instant at) {
    switch (state_) {
        case UeState::connected:
            return sleep_mode_ == UeState::edrx ? go_edrx(at) : go_idle(at);
        case UeState::idle:
            return sleep_mode_ == UeState::edrx ? go_edrx(at) : go_psm(at);
        case UeState::edrx:
            paging_ = !paging_;
            timer_ = at + (paging_ ? timers_.paging_window
                                   : std::max<Duration>(timers_.edrx_cycle - timers_.paging_window,
                                                        std::chrono::milliseconds(1)));
            return;
        case UeState::psm:
            return go_connected(at);
        case UeState::no_pdn:
        case UeState::detached:
            timer_ = never;
            return;
    }
}

}  // namespace scef::scef_simulator
