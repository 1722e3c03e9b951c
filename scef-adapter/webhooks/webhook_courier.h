#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "nidd/client/connection_pool.h"
#include "scef-adapter/feed/event_feed.h"
#include "scef-adapter/feed/event_filter.h"
#include "scef-adapter/webhooks/webhook.h"

namespace scef::adapter {

/// How one webhook is doing.
struct WebhookHealth {
    enum class State : std::uint8_t {
        active,
        failing,  ///< the last try failed; it goes on trying
        gone,     ///< answered 410: it is not told any more, until it is replayed or made anew
    } state = State::active;
    std::uint32_t failures = 0;  ///< in a row
    std::string last_error;      ///< of the last failed try, for a person
    WallTime last_success_at{};  ///< the epoch: never
    std::uint64_t deliveries = 0, failed_deliveries = 0;
    MessageId waiting_for;  ///< the event that it is to be told next; empty: it was told all
};

/// Tells one webhook of events, in order and each at least once: what was not answered with a 2xx is
/// sent again, after 1 s doubling to 5 min or when Retry-After says. Belongs to the thread of its
/// `io_context`; held by `shared_ptr`, ended by `stop`.
class WebhookCourier : public std::enable_shared_from_this<WebhookCourier> {
public:
    struct Options {
        std::shared_ptr<const nidd::HttpConnectionSettings> server;
        std::function<WallTime()> wall;
        std::function<double()> fraction;  ///< random in [0, 1)
    };
    /// Called after each try and whenever the position moved.
    struct Observer {
        std::function<void()> on_tried;
        std::function<void(const Webhook&)> on_moved;  ///< to be kept
    };

    WebhookCourier(boost::asio::io_context& context, EventFeed& feed, Webhook webhook,
                   Options options, Observer observer);

    void start();
    /// Nothing is sent and nobody is called any more.
    void stop();
    /// Goes back, or forward, to just behind `after`.
    void go_to(const MessageId& after);

    const Webhook& webhook() const { return webhook_; }
    const WebhookHealth& health() const { return health_; }

private:
    void look();
    void take_page(FeedPage page);
    void send();
    void on_answer(const nidd::T8Answer& answer);
    void on_failure(std::string error, std::optional<Duration> retry_after);
    void advance(bool is_told);

    boost::asio::io_context& context_;
    EventFeed& feed_;
    Webhook webhook_;
    const EventFilter filter_;
    const Options options_;
    const Observer observer_;
    std::shared_ptr<nidd::ConnectionPool> pool_;
    boost::asio::steady_timer timer_;
    WebhookHealth health_;
    FeedPosition position_;
    FeedPosition next_;                ///< once `events_` were taken
    std::vector<FeedItemPtr> events_;  ///< on their way
    std::uint64_t round_ = 0;          ///< tells answers of before a `go_to`
    std::chrono::steady_clock::time_point kept_at_{};
    bool stopped_ = false;
};

}  // namespace scef::adapter
