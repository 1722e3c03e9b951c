#include "quota/device_quota.h"

#include <algorithm>

namespace scef::quota {

DirectionQuota::DirectionQuota(const QuotaLimits& limits) {
    if (limits.messages) messages_.emplace(*limits.messages, limits.burst);
    if (limits.bytes) bytes_.emplace(*limits.bytes);
}

Instant DirectionQuota::earliest(const Turn& turn, std::uint64_t octets, double reserve,
                                 std::uint32_t messages) const {
    Instant when = turn.now;
    if (messages_) when = std::max(when, messages_->earliest(turn.now, reserve, messages));
    if (bytes_) {
        const WallTime wall = bytes_->earliest(turn.wall, octets, reserve);
        when = std::max(when, turn.now + (wall - turn.wall));
    }
    return when;
}

void DirectionQuota::charge(const Turn& turn, std::uint64_t octets) {
    if (messages_) messages_->charge(turn.now);
    if (bytes_) bytes_->charge(turn.wall, octets);
    ++messages_total_;
    bytes_total_ += octets;
}

bool DirectionQuota::has_room_for_more(const Turn& turn, std::uint64_t octets) const {
    return octets == 0 || !bytes_ || bytes_->earliest(turn.wall, octets) <= turn.wall;
}

void DirectionQuota::charge_more(const Turn& turn, std::uint64_t octets) {
    if (bytes_) bytes_->charge(turn.wall, octets);
    bytes_total_ += octets;
}

void DirectionQuota::exhaust_until(Instant until) {
    if (messages_) messages_->exhaust_until(until);
}

DirectionQuota::State DirectionQuota::state(const Turn& turn) const {
    State state;
    if (messages_) {
        const Instant arrival = std::max(messages_->theoretical_arrival(), turn.now);
        state.theoretical_arrival = turn.wall + (arrival - turn.now);
    }
    if (bytes_) state.bytes = bytes_->state();
    state.messages_total = messages_total_;
    state.bytes_total = bytes_total_;
    return state;
}

void DirectionQuota::restore(const State& state, const Turn& turn) {
    if (messages_ && state.theoretical_arrival > turn.wall) {
        messages_->restore(turn.now + (state.theoretical_arrival - turn.wall), turn.now);
    }
    if (bytes_) bytes_->restore(state.bytes);
    messages_total_ = state.messages_total;
    bytes_total_ = state.bytes_total;
}

DirectionQuota::Position DirectionQuota::position() const {
    Position position;
    if (messages_) position.theoretical_arrival = messages_->theoretical_arrival();
    if (bytes_) position.bytes = bytes_->state();
    position.messages_total = messages_total_;
    position.bytes_total = bytes_total_;
    return position;
}

void DirectionQuota::resume(const Position& position) {
    if (messages_) messages_->resume(position.theoretical_arrival);
    if (bytes_) bytes_->restore(position.bytes);
    messages_total_ = position.messages_total;
    bytes_total_ = position.bytes_total;
}

}  // namespace scef::quota
