#include "scef-adapter/runtime/heartbeats.h"

#include <algorithm>
#include <utility>

namespace scef::adapter {

Heartbeats::Heartbeats(std::vector<std::string> parts)
    : parts_(std::move(parts)), answered_(parts_.size()) {}

std::uint64_t Heartbeats::next_round() {
    const std::lock_guard lock(mutex_);
    const bool is_complete = std::all_of(answered_.begin(), answered_.end(),
                                         [this](std::uint64_t last) { return last == round_; });
    return is_complete ? ++round_ : 0;
}

void Heartbeats::on_beat(std::size_t part, std::uint64_t round) {
    const std::lock_guard lock(mutex_);
    if (round == round_) answered_.at(part) = round;
}

std::vector<std::string> Heartbeats::missing() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if (answered_[i] != round_) names.push_back(parts_[i]);
    }
    return names;
}

}  // namespace scef::adapter
