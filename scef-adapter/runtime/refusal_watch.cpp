#include "scef-adapter/runtime/refusal_watch.h"

#include <numeric>

namespace scef::adapter {
namespace {

void count(RefusalWatch::Counts& counts, nidd::Unknown kind, bool is_throttled) {
    ++counts.by_kind[static_cast<std::size_t>(kind)];
    if (is_throttled) ++counts.throttled;
}

}  // namespace

std::uint64_t RefusalWatch::Counts::total() const {
    return std::accumulate(by_kind.begin(), by_kind.end(), std::uint64_t{0});
}

std::optional<Duration> RefusalWatch::on_unknown(nidd::Unknown kind, const std::string& address,
                                                 Instant now) {
    std::optional<Duration> wait;
    if (kind == nidd::Unknown::capability) wait = guesses_.on_failure(address, now);
    std::optional<Counts> alarming;
    {
        const std::lock_guard lock(mutex_);
        count(counts_, kind, wait.has_value());
        if (now >= minute_since_ + period) {
            minute_since_ = now;
            of_this_minute_ = {};
            is_told_ = false;
        }
        count(of_this_minute_, kind, wait.has_value());
        if (!is_told_ && of_this_minute_.total() > alarm_over) {
            is_told_ = true;
            alarming = of_this_minute_;
        }
    }
    if (alarming) alarm_(*alarming);
    return wait;
}

RefusalWatch::Counts RefusalWatch::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

}  // namespace scef::adapter
