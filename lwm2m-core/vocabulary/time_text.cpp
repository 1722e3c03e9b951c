#include "lwm2m-core/vocabulary/time_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace scef {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration duration_max = days(3653);

/// Reads a text from left to right. Every method says whether it found what it was asked for.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool at_end() const { return text_.empty(); }
    bool take(std::string_view expected) {
        if (!text_.starts_with(expected)) return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    bool take_either(char one, char other) {
        if (at_end() || (text_.front() != one && text_.front() != other)) return false;
        text_.remove_prefix(1);
        return true;
    }
    std::string_view take_digits() {
        std::size_t size = 0;
        while (size < text_.size() && text_[size] >= '0' && text_[size] <= '9') ++size;
        const std::string_view digits = text_.substr(0, size);
        text_.remove_prefix(size);
        return digits;
    }
    /// A number of exactly `size` digits within bounds.
    bool take_number(std::size_t size, int low, int high, int& number) {
        if (text_.size() < size) return false;
        number = 0;
        for (std::size_t i = 0; i < size; ++i) {
            if (text_[i] < '0' || text_[i] > '9') return false;
            number = number * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(size);
        return number >= low && number <= high;
    }
    /// The place in `names` of the name that comes next.
    template <std::size_t size>
    std::optional<unsigned> take_name(const std::array<std::string_view, size>& names) {
        for (unsigned i = 0; i < size; ++i) {
            if (take(names[i])) return i;
        }
        return std::nullopt;
    }

private:
    std::string_view text_;
};

/// The first nine digits of a fraction of a second; the rest is cut off.
Duration fraction_of(std::string_view digits) {
    Duration::rep count = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        count = count * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    return Duration(count);
}

std::optional<WallTime> wall_time_of(int year, unsigned month, int day, Duration of_day) {
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return WallTime(std::chrono::sys_days(date).time_since_epoch() + of_day);
}

bool take_time(Scanner& scanner, Duration& of_day) {
    int hour = 0, minute = 0, second = 0;
    if (!scanner.take_number(2, 0, 23, hour) || !scanner.take(":") ||
        !scanner.take_number(2, 0, 59, minute) || !scanner.take(":") ||
        !scanner.take_number(2, 0, 60, second)) {
        return false;
    }
    of_day = hours(hour) + minutes(minute) + seconds(std::min(second, 59));
    return true;
}

bool take_offset(Scanner& scanner, Duration& offset) {
    if (scanner.take_either('Z', 'z')) return true;
    const bool west = scanner.take("-");
    int hour = 0, minute = 0;
    if ((!west && !scanner.take("+")) || !scanner.take_number(2, 0, 23, hour) ||
        !scanner.take(":") || !scanner.take_number(2, 0, 59, minute)) {
        return false;
    }
    offset = hours(hour) + minutes(minute);
    if (west) offset = -offset;
    return true;
}

std::optional<WallTime> read_rfc3339(std::string_view text) {
    Scanner scanner(text);
    int year = 0, month = 0, day = 0;
    Duration of_day{}, offset{};
    if (!scanner.take_number(4, 1970, 2200, year) || !scanner.take("-") ||
        !scanner.take_number(2, 1, 12, month) || !scanner.take("-") ||
        !scanner.take_number(2, 1, 31, day) || !scanner.take_either('T', 't') ||
        !take_time(scanner, of_day)) {
        return std::nullopt;
    }
    if (scanner.take(".")) {
        const std::string_view digits = scanner.take_digits();
        if (digits.empty()) return std::nullopt;
        of_day += fraction_of(digits);
    }
    if (!take_offset(scanner, offset) || !scanner.at_end()) return std::nullopt;
    const auto time = wall_time_of(year, static_cast<unsigned>(month), day, of_day - offset);
    if (!time || *time < WallTime{}) return std::nullopt;
    return time;
}

/// `digits` times `unit`, or nothing if that is more than `duration_max`.
std::optional<Duration> multiple(std::string_view digits, Duration unit) {
    Duration::rep number = 0;
    for (const char digit : digits) {
        number = number * 10 + (digit - '0');
        if (number > duration_max / unit) return std::nullopt;
    }
    return number * unit;
}

tl::unexpected<Error> no_duration() {
    return fail(Errc::malformed,
                "not a duration: expected a form such as 500ms, 20s, 10m, 24h, 7d or PT24H");
}

tl::unexpected<Error> too_long() {
    return fail(Errc::invalid_argument, "the duration is longer than 10 years");
}

/// What follows the `P` of an ISO 8601 duration.
Result<Duration> parse_iso_duration(Scanner& scanner) {
    struct Unit {
        std::string_view name;
        Duration size;
        bool of_time;
    };
    constexpr std::array<Unit, 4> units{{{"D", days(1), false},
                                         {"H", hours(1), true},
                                         {"M", minutes(1), true},
                                         {"S", seconds(1), true}}};
    Duration sum{};
    bool in_time = false;
    std::size_t next = 0;
    do {
        if (!in_time && scanner.take("T")) in_time = true;
        const std::string_view digits = scanner.take_digits();
        if (digits.empty()) return no_duration();
        std::string_view fraction;
        const bool has_fraction = scanner.take(".");
        if (has_fraction) fraction = scanner.take_digits();
        while (next < units.size() &&
               (units[next].of_time != in_time || !scanner.take(units[next].name))) {
            ++next;
        }
        if (next == units.size()) return no_duration();
        if (has_fraction && (units[next].name != "S" || fraction.empty() || fraction.size() > 9)) {
            return no_duration();
        }
        const auto part = multiple(digits, units[next].size);
        if (!part) return too_long();
        sum += *part + fraction_of(fraction);
        ++next;
    } while (!scanner.at_end());
    if (sum > duration_max) return too_long();
    return sum;
}

std::optional<WallTime> read_imf_fixdate(std::string_view text) {
    constexpr std::array<std::string_view, 7> day_names{"Mon, ", "Tue, ", "Wed, ", "Thu, ",
                                                        "Fri, ", "Sat, ", "Sun, "};
    constexpr std::array<std::string_view, 12> month_names{" Jan ", " Feb ", " Mar ", " Apr ",
                                                           " May ", " Jun ", " Jul ", " Aug ",
                                                           " Sep ", " Oct ", " Nov ", " Dec "};
    Scanner scanner(text);
    int day = 0, year = 0;
    Duration of_day{};
    if (!scanner.take_name(day_names) || !scanner.take_number(2, 1, 31, day)) return std::nullopt;
    const auto month = scanner.take_name(month_names);
    if (!month || !scanner.take_number(4, 1970, 2200, year) || !scanner.take(" ") ||
        !take_time(scanner, of_day) || !scanner.take(" GMT") || !scanner.at_end()) {
        return std::nullopt;
    }
    return wall_time_of(year, *month + 1, day, of_day);
}

std::string fraction_text(std::uint64_t nanoseconds_of_second) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%09u", static_cast<unsigned>(nanoseconds_of_second));
    std::string digits(text.data());
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

}  // namespace

std::string to_rfc3339(WallTime time) {
    const auto since_epoch = std::chrono::floor<milliseconds>(time.time_since_epoch());
    const auto whole_days = std::chrono::floor<days>(since_epoch);
    const std::chrono::year_month_day date{std::chrono::sys_days(whole_days)};
    const std::chrono::hh_mm_ss clock(since_epoch - whole_days);
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

Result<WallTime> from_rfc3339(std::string_view text) {
    const auto time = read_rfc3339(text);
    if (!time) {
        return fail(Errc::malformed,
                    "not a date-time of RFC 3339: expected a form such as 2026-11-22T14:37:20Z");
    }
    return *time;
}

Result<Duration> parse_duration(std::string_view text) {
    Scanner scanner(text);
    if (scanner.take("P")) return parse_iso_duration(scanner);
    const std::string_view digits = scanner.take_digits();
    if (digits.empty()) return no_duration();
    Duration unit{};
    if (scanner.take("ms")) {
        unit = milliseconds(1);
    } else if (scanner.take("s")) {
        unit = seconds(1);
    } else if (scanner.take("m")) {
        unit = minutes(1);
    } else if (scanner.take("h")) {
        unit = hours(1);
    } else if (scanner.take("d")) {
        unit = days(1);
    }
    if (unit == Duration{} || !scanner.at_end()) return no_duration();
    const auto duration = multiple(digits, unit);
    if (!duration) return too_long();
    return *duration;
}

std::string to_text(Duration duration) {
    const bool negative = duration < Duration{};
    const auto count = static_cast<std::uint64_t>(duration.count());
    const std::uint64_t magnitude = negative ? 0 - count : count;
    const std::string sign = negative ? "-" : "";
    struct Unit {
        std::uint64_t size;
        std::uint64_t from;
        std::string_view name;
    };
    constexpr std::uint64_t second = 1'000'000'000;
    constexpr std::array<Unit, 5> units{{{86'400 * second, 2 * 86'400 * second, "d"},
                                         {3'600 * second, 3'600 * second, "h"},
                                         {60 * second, 60 * second, "m"},
                                         {second, 0, "s"},
                                         {1'000'000, 0, "ms"}}};
    for (const Unit& unit : units) {
        if (magnitude >= unit.from && magnitude % unit.size == 0) {
            return sign + std::to_string(magnitude / unit.size) + std::string(unit.name);
        }
    }
    return sign + "PT" + std::to_string(magnitude / second) + '.' +
           fraction_text(magnitude % second) + 'S';
}

Result<WallTime> from_http_date(std::string_view text) {
    const auto time = read_imf_fixdate(text);
    if (!time) return fail(Errc::malformed, "no HTTP date");
    return *time;
}

Result<Duration> parse_retry_after(std::string_view text, WallTime now) {
    Scanner scanner(text);
    const std::string_view digits = scanner.take_digits();
    if (!digits.empty() && scanner.at_end()) {
        return multiple(digits, seconds(1)).value_or(duration_max);
    }
    const auto time = read_imf_fixdate(text);
    if (!time) return fail(Errc::malformed, "Retry-After is neither seconds nor an HTTP date");
    return std::clamp(*time - now, Duration{}, duration_max);
}

}  // namespace scef
