#include "scef-adapter/admin/rate_limit_fields.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace scef::adapter {
namespace {

constexpr std::uint64_t integer_max = 999'999'999'999'999;  // RFC 9651 3.3.1

std::string seconds(Duration duration) {
    const auto count = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return std::to_string(std::max<std::int64_t>(count, 0));
}

std::string integer(std::uint64_t value) { return std::to_string(std::min(value, integer_max)); }

/// RFC 9651 3.3.3: printable ASCII; other octets as in a path.
std::string structured_string(std::string_view text) {
    std::string string = "\"";
    for (const char c : text) {
        if (c < ' ' || c > '~') {
            string += encode_segment({&c, 1});
            continue;
        }
        if (c == '"' || c == '\\') string += '\\';
        string += c;
    }
    return string + '"';
}

/// A limit as a policy: so much in so long, and what is left of it.
struct Policy {
    std::string name;
    std::uint64_t amount = 0;
    Duration window{};
    quota::LimitUse use;
};

/// Exceptions are left out: they are there besides, for emergencies alone.
std::vector<Policy> policies_of(const quota::DirectionQuota& quota, const quota::QuotaTime& time,
                                double reserve) {
    const quota::QuotaLimits& limits = quota.limits();
    const std::size_t rates = limits.messages.size();
    const auto uses = quota.uses(time, reserve);
    std::vector<Policy> policies;
    std::array<int, 2> seen{};
    for (std::size_t i = 0; i < rates + limits.allowances.size(); ++i) {
        const bool is_octets = uses[i].unit == quota::Unit::octets;
        Policy policy{
            is_octets ? "downlink-octets" : "downlink-messages", uses[i].limit, {}, uses[i]};
        if (const int number = ++seen[is_octets ? 1 : 0]; number > 1) {
            policy.name += '-' + std::to_string(number);
        }
        if (i < rates) {
            policy.amount = limits.messages[i].rate.amount;
            policy.window = limits.messages[i].rate.period;
        } else {
            const auto& period = limits.allowances[i - rates].period;
            const quota::Window window = period.window_of(time.calendar);
            policy.window = window.end - window.begin;
        }
        policies.push_back(std::move(policy));
    }
    return policies;
}

}  // namespace

HeaderFields rate_limit_fields(const Device& device, const quota::QuotaTime& time,
                               queueing::Priority priority) {
    const bool is_emergency = priority == queueing::Priority::emergency;
    const double reserve = is_emergency ? 0 : device.quota->emergency_reserve;
    auto policies = policies_of(*device.downlink_quota, time, reserve);
    if (const auto rate = device.rate_control.plmn_limit(); rate && device.learned_quota) {
        auto learned = device.learned_quota->uses(Direction::downlink, time, reserve);
        policies.push_back({"serving-plmn", rate->amount, rate->period, std::move(learned.at(0))});
    }
    if (policies.empty()) return {};
    std::string shown;
    std::string states;
    for (const Policy& policy : policies) {
        const quota::LimitUse& use = policy.use;
        const WallTime again = use.remaining == 0 ? use.available_at : use.resets_at;
        const std::string name = (shown.empty() ? "" : ", ") + structured_string(policy.name);
        const bool is_octets = use.unit == quota::Unit::octets;
        shown += name + ";q=" + integer(policy.amount) +
                 (is_octets ? ";qu=\"content-bytes\"" : "") + ";w=" + seconds(policy.window);
        states += name + ";r=" + integer(use.remaining) + ";t=" + seconds(again - time.calendar);
    }
    return {{"RateLimit-Policy", std::move(shown)}, {"RateLimit", std::move(states)}};
}

HeaderFields rate_limit_fields(std::string_view scope, Duration wait) {
    return {{"RateLimit", structured_string(scope) + ";r=0;t=" + seconds(wait)}};
}

}  // namespace scef::adapter
