#include "scef-adapter/logging/line_formatter.h"

#include <chrono>
#include <set>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

constexpr const char* logger_name = "scef-adapter";

std::string_view view_of(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

std::string time_of(const spdlog::details::log_msg& message) {
    return to_rfc3339(
        WallTime(std::chrono::duration_cast<Duration>(message.time.time_since_epoch())));
}

std::string text_line(const spdlog::details::log_msg& message) {
    std::string line = time_of(message);
    (line += ' ') += view_of(spdlog::level::to_string_view(message.level));
    (line += ' ') += log_printable(view_of(message.payload));
    return line;
}

/// A field that has the name of a member before it gets another: nothing is hidden.
std::string json_line(const spdlog::details::log_msg& message) {
    const LogParts parts = log_parts(view_of(message.payload));
    std::set<std::string, std::less<>> names;
    std::string line = "{";
    const auto add = [&](std::string_view key, const std::string& json) {
        std::string name(key);
        while (!names.insert(name).second) name += '_';
        if (line.size() > 1) line += ',';
        ((line += log_quoted(name)) += ':') += json;
    };
    add("time", log_quoted(time_of(message)));
    add("level", log_quoted(view_of(spdlog::level::to_string_view(message.level))));
    if (!parts.id.empty()) add("id", log_quoted(parts.id));
    for (const auto& [key, value] : parts.fields) add(key, value);
    if (!parts.message.empty()) add("message", log_quoted(parts.message));
    return line += '}';
}

}  // namespace

void LineFormatter::format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) {
    const std::string line = form_ == Form::json ? json_line(message) : text_line(message);
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
}

std::unique_ptr<spdlog::formatter> LineFormatter::clone() const {
    return std::make_unique<LineFormatter>(form_);
}

void set_up_log(const std::string& level, const std::string& format) {
    auto logger = spdlog::get(logger_name);
    if (!logger) {
        logger = spdlog::stderr_logger_mt(logger_name);
        spdlog::set_default_logger(logger);
    }
    logger->set_formatter(std::make_unique<LineFormatter>(
        format == "json" ? LineFormatter::Form::json : LineFormatter::Form::text));
    logger->set_level(spdlog::level::from_str(level));
}

}  // namespace scef::adapter
