#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace scef::ctl {

/// Takes a server-sent event stream apart (HTML standard, 9.2.6), octets as they come. Pure.
class EventStreamParser {
public:
    using OnEvent = std::function<void(const std::string& data)>;
    explicit EventStreamParser(OnEvent on_event) : on_event_(std::move(on_event)) {}

    void take(std::string_view octets);
    /// Of the last whole block that had one: where to go on after a broken connection.
    const std::string& last_event_id() const { return last_event_id_; }

private:
    void take_line(std::string_view line);

    OnEvent on_event_;
    std::string line_, data_, id_, last_event_id_;
    bool has_data_ = false;
};

}  // namespace scef::ctl
