#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "quota/quota_limits.h"

namespace scef::quota::test {

/// Everything that was sent, in a list, and the bounds of a quota by counting it: the naive
/// reference of the model tests.
struct History {
    struct Sent {
        QuotaTime time;
        std::uint64_t octets = 0;
        bool emergency = false;
    };
    std::vector<Sent> sent;

    /// In any window W at most rate * W + burst.
    bool keeps(const MessageRate& limit) const {
        const auto amount = static_cast<Duration::rep>(limit.rate.amount);
        const Duration interval((limit.rate.period.count() + amount - 1) / amount);
        for (std::size_t i = 0; i < sent.size(); ++i) {
            for (std::size_t j = i + limit.burst; j < sent.size(); ++j) {
                const auto beyond = static_cast<Duration::rep>(j - i + 1 - limit.burst);
                if (sent[j].time.now - sent[i].time.now < interval * beyond) return false;
            }
        }
        return true;
    }
    /// In each window of the calendar at most the amount; of what is no emergency, less the
    /// reserve.
    bool keeps(const AllowanceLimit& limit, double reserve = 0) const {
        std::map<WallTime, Amount> all, ordinary;
        for (const Sent& one : sent) {
            const WallTime window = limit.period.window_of(one.time.calendar).begin;
            all[window] += {1, one.octets};
            if (!one.emergency) ordinary[window] += {1, one.octets};
        }
        const auto part =
            static_cast<std::uint64_t>(static_cast<double>(limit.amount) * (1 - reserve));
        const auto stay_below = [&limit](const auto& sums, std::uint64_t amount) {
            return std::all_of(sums.begin(), sums.end(), [&](const auto& sum) {
                return sum.second.of(limit.unit) <= amount;
            });
        };
        return stay_below(all, limit.amount) && stay_below(ordinary, part);
    }
    bool keeps(const QuotaLimits& limits, double reserve = 0) const {
        const auto rate_kept = [this](const MessageRate& limit) { return keeps(limit); };
        return std::all_of(limits.messages.begin(), limits.messages.end(), rate_kept) &&
               std::all_of(limits.allowances.begin(), limits.allowances.end(),
                           [&](const AllowanceLimit& limit) { return keeps(limit, reserve); });
    }
};

}  // namespace scef::quota::test
