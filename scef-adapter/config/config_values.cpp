#include "scef-adapter/config/config_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "lwm2m-core/vocabulary/time_text.h"
#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::adapter {
namespace {

tl::unexpected<Error> wrong(std::string sentence) {
    return fail(Errc::invalid_argument, std::move(sentence));
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Duration> period_of(std::string_view name) {
    using namespace std::chrono;
    constexpr std::array<std::pair<std::string_view, Duration>, 6> periods{
        {{"second", seconds(1)},
         {"minute", minutes(1)},
         {"decihour", minutes(6)},
         {"hour", hours(1)},
         {"day", days(1)},
         {"week", weeks(1)}}};
    for (const auto& [period, duration] : periods) {
        if (period == name) return duration;
    }
    return std::nullopt;
}

/// The two sides of the slash; nothing if the period is not known.
std::optional<std::pair<std::string_view, Duration>> split_rate(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto period = period_of(text.substr(slash + 1));
    if (!period) return std::nullopt;
    return std::pair(text.substr(0, slash), *period);
}

constexpr std::string_view periods_text = "second, minute, decihour, hour, day or week";

/// Days, weeks and months by the calendar, the rest counted from the epoch.
std::optional<quota::CalendarPeriod> calendar_period_of(std::string_view name) {
    using Kind = quota::CalendarPeriod::Kind;
    quota::CalendarPeriod period;
    if (name == "day") {
        period.kind = Kind::day;
    } else if (name == "week") {
        period.kind = Kind::week;
    } else if (name == "month") {
        period.kind = Kind::month;
    } else if (const auto length = period_of(name)) {
        period.length = *length;
    } else {
        return std::nullopt;
    }
    return period;
}

}  // namespace

Result<std::string> parse_text(std::string_view text) {
    const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (text.empty()) return wrong("is empty; write a value");
    if (!clean || !is_utf8(as_bytes(text))) return wrong("must be printable text");
    return std::string(text);
}

Result<std::string> parse_name(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
    if (text.empty() || text.size() > 64 || !clean) {
        return wrong("a name has 1 to 64 letters, digits, dots, dashes and underscores");
    }
    return std::string(text);
}

Result<bool> parse_bool(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return wrong("must be true or false");
}

Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
    const auto number = whole_number(text);
    if (!number || *number < low || *number > high) {
        return wrong("must be a whole number from " + std::to_string(low) + " to " +
                     std::to_string(high));
    }
    return *number;
}

Result<std::uint64_t> parse_size(std::string_view text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = whole_number(text.substr(0, end));
    const std::string_view unit = text.substr(end);
    unsigned shift = 0;
    if (unit == "KiB") shift = 10;
    if (unit == "MiB") shift = 20;
    if (unit == "GiB") shift = 30;
    if (!number || *number == 0 || (shift == 0 && !unit.empty() && unit != "B") ||
        *number > std::numeric_limits<std::uint32_t>::max()) {
        return wrong("must be a size such as 512B, 100KiB or 2MiB");
    }
    return *number << shift;
}

Result<double> parse_percentage(std::string_view text) {
    if (text.ends_with('%')) {
        double number = 0;
        const char* end = text.data() + text.size() - 1;
        const auto [parsed, error] =
            std::from_chars(text.data(), end, number, std::chars_format::fixed);
        if (error == std::errc{} && parsed == end && number >= 0 && number <= 100) {
            return number / 100;
        }
    }
    return wrong("must be a share from 0% to 100%, such as 10%");
}

Result<double> parse_decimal(std::string_view text, unsigned low, unsigned high) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] =
        std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error == std::errc{} && parsed == end && number >= low && number <= high) return number;
    return wrong("must be a number from " + std::to_string(low) + " to " + std::to_string(high) +
                 ", such as 1.5");
}

Result<Duration> parse_duration_within(std::string_view text, Duration low, Duration high) {
    const auto duration = parse_duration(text);
    if (!duration) return wrong("must be a duration such as 500ms, 20s, 10m, 24h, 7d or PT24H");
    if (*duration < low || *duration > high) {
        return wrong("must be a duration from " + to_text(low) + " to " + to_text(high));
    }
    return *duration;
}

Result<quota::Rate> parse_message_rate(std::string_view text) {
    if (text.ends_with("/month")) {
        return wrong(
            "a month has no fixed length, so it makes no rate; use the key "
            "message_allowance for so many messages in each month");
    }
    if (const auto rate = split_rate(text)) {
        const auto amount = whole_number(rate->first);
        if (amount && *amount >= 1 && *amount <= 1'000'000) {
            return quota::Rate{*amount, rate->second};
        }
    }
    return wrong("must be a rate such as 100/hour: 1 to 1000000 messages per " +
                 std::string(periods_text));
}

Result<quota::Rate> parse_serving_plmn_rate(std::string_view text) {
    const auto rate = parse_message_rate(text);
    if (rate && rate->period == std::chrono::minutes(6) && rate->amount >= 10) return *rate;
    return wrong(
        "must be N/decihour with N at least 10, the least that a serving PLMN may set "
        "(TS 23.401 4.7.7.2)");
}

Result<quota::AllowanceLimit> parse_byte_allowance(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto size = parse_size(text.substr(0, slash));
    const auto period = calendar_period_of(text.substr(std::min(slash + 1, text.size())));
    if (size && period) return quota::AllowanceLimit{*size, *period, quota::Unit::octets, false};
    return wrong("must be octets in a period such as 100KiB/day: a size per " +
                 std::string(periods_text) + ", or month");
}

Result<quota::AllowanceLimit> parse_message_allowance(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto amount = whole_number(text.substr(0, slash));
    const auto period = calendar_period_of(text.substr(std::min(slash + 1, text.size())));
    if (amount && *amount >= 1 && *amount <= 1'000'000'000 && period) {
        return quota::AllowanceLimit{*amount, *period, quota::Unit::messages, false};
    }
    return wrong("must be messages in a period such as 3000/month: 1 to 1000000000 per " +
                 std::string(periods_text) + ", or month");
}

Result<std::chrono::weekday> parse_weekday(std::string_view text) {
    constexpr std::array<std::string_view, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};
    for (unsigned day = 0; day < names.size(); ++day) {
        if (names[day] == text) return std::chrono::weekday(day);
    }
    return wrong("must be a day of the week, such as monday");
}

Result<std::uint8_t> parse_coap_error(std::string_view text) {
    if (text.size() == 4 && (text[0] == '4' || text[0] == '5') && text[1] == '.') {
        const auto detail = whole_number(text.substr(2));
        if (detail && *detail < 32) {
            return static_cast<std::uint8_t>((text[0] - '0') << 5 | static_cast<int>(*detail));
        }
    }
    return wrong("must be a CoAP error code such as \"4.29\" or \"5.03\"");
}

}  // namespace scef::adapter
