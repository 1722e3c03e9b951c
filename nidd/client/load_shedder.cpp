#include "nidd/client/load_shedder.h"

#include <algorithm>

namespace scef::nidd {

LoadShedder::Slot& LoadShedder::slot_at(Instant now) {
    const Duration width = options_.window / slot_count;
    const std::int64_t number = std::max(now.time_since_epoch() / width, newest_);
    const std::int64_t steps =
        std::min<std::int64_t>(number - newest_, static_cast<std::int64_t>(slot_count));
    for (std::int64_t step = 0; step < steps; ++step) {
        Slot& left = slots_[static_cast<std::size_t>(number - step) % slot_count];
        sum_.asked -= left.asked;
        sum_.accepted -= left.accepted;
        left = {};
    }
    newest_ = number;
    return slots_[static_cast<std::size_t>(number) % slot_count];
}

double LoadShedder::probability(Instant now) {
    slot_at(now);
    const auto asked = static_cast<double>(sum_.asked);
    const auto accepted = static_cast<double>(sum_.accepted);
    return std::clamp((asked - options_.multiplier * accepted) / (asked + 1), 0.0,
                      options_.probability_max);
}

bool LoadShedder::admit(Instant now, Random& random) {
    const double shed = probability(now);
    if (shed <= 0 || random.fraction() >= shed) return true;
    ++slot_at(now).asked;
    ++sum_.asked;
    return false;
}

void LoadShedder::on_answer(Instant now, bool accepted) {
    Slot& slot = slot_at(now);
    ++slot.asked;
    ++sum_.asked;
    if (!accepted) {
        row_ = 0;
        return;
    }
    ++slot.accepted;
    ++sum_.accepted;
    if (++row_ < options_.accepted_row) return;
    row_ = 0;
    slots_ = {};
    sum_ = {};
}

}  // namespace scef::nidd
