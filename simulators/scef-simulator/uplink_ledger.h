#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace scef::scef_simulator {

/// The uplink frames of one modem that were seen lately, so that a frame that the modem repeats is
/// taken once and answered again the same way.
class UplinkLedger {
public:
    struct Entry {
        std::uint32_t sequence = 0;
        bool settled = false;
        std::string refusal;  ///< empty: acknowledged
    };

    /// The entry of a frame that came before; nullptr for a new one, which is then remembered.
    const Entry* repeated_or_new(std::uint32_t sequence) {
        if (const Entry* known = find(sequence)) return known;
        if (entries_.size() == entries_max) entries_.pop_front();
        entries_.push_back({sequence, false, {}});
        return nullptr;
    }

    void settle(std::uint32_t sequence, std::string refusal) {
        for (Entry& entry : entries_) {
            if (entry.sequence != sequence) continue;
            entry.settled = true;
            entry.refusal = std::move(refusal);
            return;
        }
    }

    /// The modem started anew and counts from wherever it likes.
    void forget() { entries_.clear(); }

private:
    static constexpr std::size_t entries_max = 64;

    const Entry* find(std::uint32_t sequence) const {
        for (const Entry& entry : entries_) {
            if (entry.sequence == sequence) return &entry;
        }
        return nullptr;
    }

    std::deque<Entry> entries_;
};

}  // namespace scef::scef_simulator
