#pragma once

#include <memory>
#include <string>

#include <spdlog/formatter.h>

namespace scef::adapter {

/// Writes each message of the log as one line of ASCII: `time level ID key=value`, or as one JSON
/// object with `time`, `level`, `id`, `message` and a member for each field. Times are RFC 3339 in
/// UTC with milliseconds.
class LineFormatter final : public spdlog::formatter {
public:
    enum class Form { text, json };
    explicit LineFormatter(Form form) : form_(form) {}

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override;
    std::unique_ptr<spdlog::formatter> clone() const override;

private:
    Form form_;
};

/// Lets spdlog's default logger write to standard error by `log.level` and `log.format` of the
/// configuration. Any thread; the second call and those after it change both at once.
void set_up_log(const std::string& level, const std::string& format);

}  // namespace scef::adapter
