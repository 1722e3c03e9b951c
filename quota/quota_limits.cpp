#include "quota/quota_limits.h"

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::quota {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string period_name(Duration length) {
    if (length == seconds(1)) return "second";
    if (length == minutes(1)) return "minute";
    if (length == minutes(6)) return "decihour";
    if (length == hours(1)) return "hour";
    if (length == hours(24)) return "day";
    if (length == hours(168)) return "week";
    return to_text(length);
}

std::string period_name(const CalendarPeriod& period) {
    using Kind = CalendarPeriod::Kind;
    if (period.kind == Kind::fixed) return period_name(period.length);
    std::string name = period.kind == Kind::day    ? "day"
                       : period.kind == Kind::week ? "week"
                                                   : "month";
    if (period.zone) name += " in " + period.zone->name();
    return name;
}

std::string rate_name(const MessageRate& limit) {
    std::string name =
        std::to_string(limit.rate.amount) + " messages per " + period_name(limit.rate.period);
    if (limit.burst > 1) name += ", " + std::to_string(limit.burst) + " at once";
    return name;
}

}  // namespace

std::string limit_name(const QuotaLimits& limits, LimitIndex index) {
    if (index == no_limit) return "no limit";
    if (index == told_limit) return "used up, says the SCEF";
    if (index == exceptions_limit && limits.exceptions) {
        return "exceptions: " + rate_name(*limits.exceptions);
    }
    if (index < limits.messages.size()) return rate_name(limits.messages[index]);
    const std::size_t place = index - limits.messages.size();
    if (place >= limits.allowances.size()) return "unknown";
    const AllowanceLimit& allowance = limits.allowances[place];
    return std::to_string(allowance.amount) +
           (allowance.unit == Unit::octets ? " octets per " : " messages per ") +
           period_name(allowance.period);
}

std::uint64_t rounded_up(std::uint64_t octets, std::uint32_t unit) {
    return unit <= 1 ? octets : (octets + unit - 1) / unit * unit;
}

Amount counted(const QuotaLimits& limits, std::uint64_t messages, std::uint64_t octets) {
    if (limits.round_up <= 1 || messages == 0) return {messages, octets};
    const std::uint64_t each = (octets + messages - 1) / messages;
    return {messages, messages * rounded_up(each, limits.round_up)};
}

}  // namespace scef::quota
