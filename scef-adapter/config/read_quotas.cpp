#include <chrono>

#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/time_zone_file.h"

namespace scef::adapter {
namespace {

constexpr std::uint32_t burst_max = 1'000'000;

/// What days, weeks and months of a quota are.
struct Calendar {
    std::shared_ptr<const quota::TimeZone> zone;
    std::uint8_t billing_day = 1;
    std::chrono::weekday week_begins = std::chrono::Monday;
    bool pro_rate = true;
};

Calendar read_calendar(Section& quota) {
    Calendar calendar;
    quota.read("time_zone", calendar.zone,
               [](std::string_view name) { return time_zone_named(std::string(name)); });
    quota.read("billing_day", calendar.billing_day, number_within<std::uint8_t>(1, 31));
    quota.read("week_begins", calendar.week_begins, parse_weekday);
    quota.read("pro_rate", calendar.pro_rate, parse_bool);
    return calendar;
}

/// A rate, or a rate with a burst of its own: `100/hour`, `{rate: 100/hour, burst: 10}`.
void read_rates(Section& section, std::string_view key, std::uint32_t burst,
                const std::function<void(quota::MessageRate)>& use) {
    section.each_of(
        key,
        [&](const std::string& path, const std::string& text) {
            if (const auto rate = parse_message_rate(text)) {
                use({*rate, burst});
            } else {
                section.mistakes().add(path, rate.error().message);
            }
        },
        [&](Section& entry) {
            quota::MessageRate limit{{}, burst};
            entry.require("rate", limit.rate, parse_message_rate);
            entry.read("burst", limit.burst, number_within<std::uint32_t>(1, burst_max));
            if (limit.rate.amount != 0) use(limit);
        });
}

/// A day that began in the middle has all of its amount: a new device needs it most.
void read_allowances(Section& section, std::string_view key, const Calendar& calendar,
                     Result<quota::AllowanceLimit> (*parse)(std::string_view),
                     std::vector<quota::AllowanceLimit>& allowances) {
    using Kind = quota::CalendarPeriod::Kind;
    section.each_of(key, [&](const std::string& path, const std::string& text) {
        auto limit = parse(text);
        if (!limit) return section.mistakes().add(path, limit.error().message);
        quota::CalendarPeriod& period = limit->period;
        if (period.kind != Kind::fixed) period.zone = calendar.zone;
        if (period.kind == Kind::week) period.week_begins = calendar.week_begins;
        if (period.kind == Kind::month) period.billing_day = calendar.billing_day;
        limit->pro_rate =
            calendar.pro_rate && (period.kind == Kind::week || period.kind == Kind::month);
        allowances.push_back(std::move(*limit));
    });
}

template <typename List>
void check_size(Section& section, std::string_view key, const List& limits) {
    if (limits.size() <= quota::limits_max) return;
    section.mistakes().add(section.path_of(key),
                           "makes more than " + std::to_string(quota::limits_max) +
                               " limits of its kind in one direction; keep those that bind");
}

void read_limits(Section& section, const Calendar& calendar, quota::QuotaLimits& limits) {
    std::uint32_t burst = 1;
    section.read("burst", burst, number_within<std::uint32_t>(1, burst_max));
    read_rates(section, "messages", burst,
               [&](quota::MessageRate limit) { limits.messages.push_back(limit); });
    std::optional<quota::Rate> plmn;
    section.read("serving_plmn_rate", plmn, [](std::string_view text) {
        return parse_serving_plmn_rate(text).map(
            [](quota::Rate rate) { return std::optional(rate); });
    });
    // One by one: the network's own windows may begin at any time.
    if (plmn) limits.messages.push_back({*plmn, 1});
    check_size(section, "messages", limits.messages);
    read_allowances(section, "bytes", calendar, parse_byte_allowance, limits.allowances);
    read_allowances(section, "message_allowance", calendar, parse_message_allowance,
                    limits.allowances);
    check_size(section, "bytes", limits.allowances);
    read_rates(section, "exceptions", burst,
               [&](quota::MessageRate limit) { limits.exceptions = limit; });
    section.read("round_up", limits.round_up, [](std::string_view text) -> Result<std::uint32_t> {
        constexpr std::uint64_t most = std::uint64_t{64} * 1024;
        const auto size = parse_size(text);
        if (size && *size <= most) return static_cast<std::uint32_t>(*size);
        return fail(Errc::invalid_argument, "must be a size up to 64KiB, such as 1KiB");
    });
}

}  // namespace

void read_quota(Section& quota, QuotaConfig& config) {
    using OnExhausted = QuotaConfig::OnExhausted;
    const Calendar calendar = read_calendar(quota);
    quota.section("downlink",
                  [&](Section& limits) { read_limits(limits, calendar, config.downlink); });
    quota.section("uplink", [&](Section& limits) { read_limits(limits, calendar, config.uplink); });
    quota.read("on_exhausted", config.on_exhausted,
               Choice<OnExhausted>{{"wait", OnExhausted::wait}, {"reject", OnExhausted::reject}});
    quota.read("emergency_reserve", config.emergency_reserve, parse_percentage);
    quota.read("quota_reject_code", config.quota_reject_code, parse_coap_error);
}

void read_quota_scopes(Section& scopes, QuotaScopesConfig& config) {
    scopes.read("account", config.account, parse_text);
    scopes.section("groups", [&](Section& groups) {
        groups.each_scalar([&](const std::string& group, const std::string& quota) {
            config.groups[group] = quota;
        });
    });
}

}  // namespace scef::adapter
