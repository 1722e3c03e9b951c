#include "scef-adapter/config/time_zone_rule.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace scef::adapter {

using namespace std::chrono;
using quota::TimeZone;

/// Takes the text apart from its front; what is not there makes `ok` false.
class TimeZoneRule::Reader {
public:
    explicit Reader(std::string_view text) : left_(text) {}

    bool ok() const { return ok_; }
    bool at_end() const { return left_.empty(); }
    bool is_next(char c) const { return left_.starts_with(c); }
    bool skip(char c) {
        if (!left_.starts_with(c)) return false;
        left_.remove_prefix(1);
        return true;
    }
    void need(char c) { ok_ = skip(c) && ok_; }
    /// Letters, or anything in <>.
    void name() {
        const bool quoted = skip('<');
        const std::size_t end = quoted ? left_.find('>') : left_.find_first_of("+-0123456789,");
        ok_ = ok_ && end != std::string_view::npos && end >= 3;
        left_.remove_prefix(std::min(end, left_.size()));
        if (quoted) need('>');
    }
    unsigned number(unsigned least, unsigned most) {
        unsigned value = 0;
        std::size_t digits = 0;
        for (; digits < left_.size() && digits < 3; ++digits) {
            const char c = left_[digits];
            if (c < '0' || c > '9') break;
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        left_.remove_prefix(digits);
        ok_ = ok_ && digits > 0 && value >= least && value <= most;
        return value;
    }
    /// [+-]hh[:mm[:ss]]
    seconds time() {
        const bool negative = skip('-');
        if (!negative) skip('+');
        seconds value = hours(number(0, 167));
        if (skip(':')) value += minutes(number(0, 59));
        if (skip(':')) value += seconds(number(0, 59));
        return negative ? -value : value;
    }
    /// West of Greenwich is positive there.
    seconds offset() {
        const seconds value = -time();
        ok_ = ok_ && value > -TimeZone::offset_max && value < TimeZone::offset_max;
        return value;
    }
    Turn turn() {
        Turn turn;
        need(',');
        if (skip('M')) {
            turn.month = number(1, 12);
            need('.');
            turn.week = number(1, 5);
            need('.');
            turn.day = number(0, 6);
        } else if (skip('J')) {
            turn.kind = Turn::Kind::day_without_leap;
            turn.day = number(1, 365);
        } else {
            turn.kind = Turn::Kind::day_with_leap;
            turn.day = number(0, 365);
        }
        if (skip('/')) turn.time = time();
        return turn;
    }

private:
    std::string_view left_;
    bool ok_ = true;
};

std::optional<TimeZoneRule> TimeZoneRule::parse(std::string_view text) {
    Reader reader(text);
    TimeZoneRule rule;
    reader.name();
    rule.standard_ = reader.offset();
    rule.has_summer_ = reader.ok() && !reader.at_end();
    if (rule.has_summer_) {
        reader.name();
        rule.summer_ = reader.is_next(',') ? rule.standard_ + hours(1) : reader.offset();
        rule.begins_ = reader.turn();
        rule.ends_ = reader.turn();
    }
    if (!reader.ok() || !reader.at_end()) return std::nullopt;
    return rule;
}

sys_days TimeZoneRule::Turn::date(year in) const {
    const sys_days first = in / January / 1;
    switch (kind) {
        case Kind::weekday_of_month: {
            const weekday wanted(day);
            if (week == 5) return in / std::chrono::month(month) / wanted[last];
            return in / std::chrono::month(month) / wanted[week];
        }
        case Kind::day_without_leap:
            return first + days(day - 1) + days(in.is_leap() && day >= 60 ? 1 : 0);
        case Kind::day_with_leap:
            break;
    }
    return first + days(day);
}

TimeZone TimeZoneRule::continued(const TimeZone& zone, int last_year) const {
    std::vector<TimeZone::Transition> transitions = zone.transitions();
    if (!has_summer_) return zone;
    const sys_seconds epoch(sys_days(year(1970) / January / 1));
    const sys_seconds known = transitions.empty() ? epoch : transitions.back().at;
    // A file may name any second of 64 bits; years are counted where clocks are.
    if (known >= sys_days(year(last_year) / December / std::chrono::last)) return zone;
    std::vector<TimeZone::Transition> more;
    const year_month_day from(floor<days>(std::max(known, epoch)));
    for (year in = from.year(); in <= year(last_year); ++in) {
        more.push_back({begins_.date(in) + begins_.time - standard_, summer_});
        more.push_back({ends_.date(in) + ends_.time - summer_, standard_});
    }
    std::stable_sort(more.begin(), more.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const auto& transition : more) {
        if (transition.at > (transitions.empty() ? known : transitions.back().at)) {
            transitions.push_back(transition);
        }
    }
    return TimeZone(zone.name(), zone.first_offset(), std::move(transitions));
}

}  // namespace scef::adapter
