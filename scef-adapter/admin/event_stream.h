#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "nidd/endpoint/http_listener.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/feed/event_feed.h"
#include "scef-adapter/feed/event_filter.h"

namespace scef::adapter {

/// Events as a server-sent event stream (HTML standard, 9.2): `id`, `event` and `data` of each, a
/// comment when there was nothing for a while. What the filter keeps back moves `id` on all the
/// same, so that a reader that comes back does not begin before it. One reader's; steps run one
/// after another on whatever thread has the data.
class EventStream final : public nidd::HttpStream,
                          public std::enable_shared_from_this<EventStream> {
public:
    /// `open` counts the streams there are. The others must outlive the stream's connection.
    EventStream(EventFeed& feed, ColdReader& cold, EventFilter filter, FeedPosition position,
                std::shared_ptr<std::atomic<std::size_t>> open);
    ~EventStream() override;

    void next(Take take) override;
    void on_closed() override { closed_ = true; }

private:
    void look(bool is_second);
    void take_page(const FeedPage& page, bool is_second);
    void give(std::string octets);

    EventFeed& feed_;
    ColdReader& cold_;
    const EventFilter filter_;
    FeedPosition position_;
    const std::shared_ptr<std::atomic<std::size_t>> open_;
    std::atomic<bool> closed_{false};
    bool greeted_ = false;
    Take take_;
};

}  // namespace scef::adapter
