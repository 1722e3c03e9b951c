#include "scef-adapter/ctl/event_stream_parser.h"

namespace scef::ctl {

void EventStreamParser::take(std::string_view octets) {
    for (const char c : octets) {
        if (c != '\n') {
            line_ += c;
            continue;
        }
        if (line_.ends_with('\r')) line_.pop_back();
        take_line(line_);
        line_.clear();
    }
}

void EventStreamParser::take_line(std::string_view line) {
    if (line.empty()) {
        last_event_id_ = id_;
        if (has_data_) on_event_(data_);
        data_.clear();
        has_data_ = false;
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value;
    if (colon != std::string_view::npos) value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "id") id_ = value;
    if (field != "data") return;
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
}

}  // namespace scef::ctl
