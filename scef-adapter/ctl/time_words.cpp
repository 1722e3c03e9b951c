#include "scef-adapter/ctl/time_words.h"

#include <array>
#include <ctime>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::ctl {

std::string local_time(std::string_view text) {
    const auto time = from_rfc3339(text);
    if (!time) return std::string(text);
    const auto seconds = static_cast<std::time_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count());
    std::tm parts{};
    std::array<char, 32> buffer{};
    if (localtime_r(&seconds, &parts) == nullptr) return std::string(text);
    const std::size_t size =
        std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {buffer.data(), size};
}

std::string local_time_and_age(std::string_view text, WallTime now) {
    const auto time = from_rfc3339(text);
    if (!time) return std::string(text);
    const Duration age = now - *time;
    constexpr Duration moment = std::chrono::seconds(1);
    std::string words = "now";
    if (age >= moment) words = span_text(age) + " ago";
    if (-age >= moment) words = "in " + span_text(-age);
    return local_time(text) + " (" + words + ')';
}

std::string span_text(Duration span) {
    using namespace std::chrono;
    if (span < seconds(1)) return std::to_string(duration_cast<milliseconds>(span).count()) + " ms";
    if (span < minutes(2)) return std::to_string(duration_cast<seconds>(span).count()) + " s";
    if (span < hours(2)) return std::to_string(duration_cast<minutes>(span).count()) + " min";
    if (span < hours(48)) return std::to_string(duration_cast<hours>(span).count()) + " h";
    return std::to_string(duration_cast<hours>(span).count() / 24) + " d";
}

std::string span_between(std::string_view earlier, std::string_view later) {
    const auto from = from_rfc3339(earlier);
    const auto to = from_rfc3339(later);
    if (!from || !to || *to < *from) return "";
    return '+' + span_text(*to - *from);
}

}  // namespace scef::ctl
