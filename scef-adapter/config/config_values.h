#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "quota/quota_limits.h"

/// The values of a configuration from their text. The errors say what to write instead.
namespace scef::adapter {

/// Any text with at least one character and no control characters.
Result<std::string> parse_text(std::string_view text);
/// A name that is shown in logs, metrics and paths: `[A-Za-z0-9._-]{1,64}`.
Result<std::string> parse_name(std::string_view text);
Result<bool> parse_bool(std::string_view text);
/// A decimal number within bounds, both included.
Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t low, std::uint64_t high);
/// Octets: `512`, `512B`, `100KiB`, `2MiB`, `1GiB`; at least 1.
Result<std::uint64_t> parse_size(std::string_view text);
/// A share from `0%` to `100%`, as 0.0 to 1.0.
Result<double> parse_percentage(std::string_view text);
/// A number such as `2` or `1.5` within bounds, both included.
Result<double> parse_decimal(std::string_view text, unsigned low, unsigned high);
/// A duration within bounds, both included.
Result<Duration> parse_duration_within(std::string_view text, Duration low, Duration high);
/// `100/hour`: messages per second, minute, decihour (6 minutes), hour, day or week.
Result<quota::Rate> parse_message_rate(std::string_view text);
/// The same as of the serving PLMN: at least 10/decihour (TS 23.401 4.7.7.2).
Result<quota::Rate> parse_serving_plmn_rate(std::string_view text);
/// `100KiB/day`: octets, with a size, per one of the same periods or per month; and `3000/month`
/// for messages. Days, weeks and months are those of UTC.
Result<quota::AllowanceLimit> parse_byte_allowance(std::string_view text);
Result<quota::AllowanceLimit> parse_message_allowance(std::string_view text);
Result<std::chrono::weekday> parse_weekday(std::string_view text);
/// A CoAP error code such as `5.03`, as its octet (RFC 7252 5.9).
Result<std::uint8_t> parse_coap_error(std::string_view text);

/// Functions of the above with their bounds, for `Section::read`.
template <typename T>
auto number_within(T low, T high) {
    return [low, high](std::string_view text) {
        return parse_number(text, low, high).map([](std::uint64_t n) { return static_cast<T>(n); });
    };
}
inline auto decimal_within(unsigned low, unsigned high) {
    return [low, high](std::string_view text) { return parse_decimal(text, low, high); };
}
inline auto duration_within(Duration low, Duration high) {
    return [low, high](std::string_view text) { return parse_duration_within(text, low, high); };
}

/// One of a few words and what it stands for.
template <typename T>
class Choice {
public:
    Choice(std::initializer_list<std::pair<std::string_view, T>> words) : words_(words) {}
    Result<T> operator()(std::string_view text) const {
        std::string known;
        for (const auto& [word, value] : words_) {
            if (word == text) return value;
            known += (known.empty() ? "" : ", ") + std::string(word);
        }
        return fail(Errc::invalid_argument, "must be one of: " + known);
    }

private:
    std::vector<std::pair<std::string_view, T>> words_;
};

}  // namespace scef::adapter
