#include "scef-adapter/webhooks/webhook_courier.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "nidd/client/wire_request.h"
#include "scef-adapter/webhooks/webhook_request.h"

namespace scef::adapter {
namespace {

constexpr std::size_t events_per_request = 100;
constexpr std::size_t body_octets_max = std::size_t{256} * 1024;
constexpr std::size_t answer_octets_max = std::size_t{64} * 1024;
constexpr auto patience = std::chrono::seconds(60);
constexpr auto keep_pause = std::chrono::seconds(10);
constexpr auto store_retry = std::chrono::seconds(5);

/// The client's sentences are about the SCEF, whom it mostly talks to.
std::string of_receiver(std::string error) {
    constexpr std::string_view scef = "the SCEF";
    const std::size_t at = error.find(scef);
    if (at != std::string::npos) error.replace(at, scef.size(), "the receiver");
    return error;
}

std::string target_of(const nidd::ApiRoot& root) { return root.path.empty() ? "/" : root.path; }

}  // namespace

WebhookCourier::WebhookCourier(boost::asio::io_context& context, EventFeed& feed, Webhook webhook,
                               Options options, Observer observer)
    : context_(context),
      feed_(feed),
      webhook_(std::move(webhook)),
      filter_{webhook_.types, webhook_.device},
      options_(std::move(options)),
      observer_(std::move(observer)),
      pool_(std::make_shared<nidd::ConnectionPool>(context, options_.server, 1)),
      timer_(context),
      position_{webhook_.after, 0} {}

void WebhookCourier::start() { look(); }

void WebhookCourier::stop() {
    stopped_ = true;
    timer_.cancel();
    pool_->shut_down();
}

void WebhookCourier::go_to(const MessageId& after) {
    ++round_;
    webhook_.after = after;
    position_ = {after, 0};
    events_.clear();
    health_.waiting_for = {};
    health_.state = WebhookHealth::State::active;
    health_.failures = 0;
    timer_.cancel();
    look();
}

/// Looks for what is to be told next.
void WebhookCourier::look() {
    if (stopped_ || health_.state == WebhookHealth::State::gone) return;
    auto page = feed_.read(position_, events_per_request);
    if (page) return take_page(std::move(*page));
    timer_.expires_after(store_retry);
    timer_.async_wait([self = shared_from_this(), round = round_](const auto& error) {
        if (!error && round == self->round_) self->look();
    });
}

void WebhookCourier::take_page(FeedPage page) {
    next_ = page.next;
    std::size_t octets = 0;
    for (const FeedItemPtr& item : page.items) {
        if (!filter_.admits(*item)) continue;
        octets += item->json.size();
        if (!events_.empty() && octets > body_octets_max) break;
        next_ = {item->id, 0};
        events_.push_back(item);
    }
    if (octets <= body_octets_max) next_ = page.next;
    if (!events_.empty()) return send();
    const bool is_at_end = page.items.empty() && page.next.sequence != 0;
    if (!is_at_end) {
        advance(false);
        boost::asio::post(context_, [self = shared_from_this(), round = round_] {
            if (round == self->round_) self->look();
        });
        return;
    }
    position_ = page.next;
    feed_.wait(position_, patience, [weak = weak_from_this(), round = round_] {
        const auto self = weak.lock();
        if (!self) return;
        boost::asio::post(self->context_, [self, round] {
            if (round == self->round_) self->look();
        });
    });
}

void WebhookCourier::send() {
    health_.waiting_for = events_.front()->id;
    WebhookRequest request = webhook_request(webhook_, events_, options_.wall());
    const nidd::ApiRoot& server = options_.server->server;
    nidd::WireRequest wire;
    wire.method = "POST";
    wire.target = target_of(server);
    wire.content_type = "application/json";
    wire.body = std::move(request.body);
    wire.fields = {{"webhook-id", std::move(request.id)},
                   {"webhook-timestamp", std::move(request.timestamp)},
                   {"webhook-signature", std::move(request.signature)}};
    pool_->submit({nidd::to_wire(wire, server.authority()), answer_octets_max},
                  [weak = weak_from_this(), round = round_](const nidd::T8Answer& answer) {
                      const auto self = weak.lock();
                      if (self && !self->stopped_ && round == self->round_) self->on_answer(answer);
                  });
}

void WebhookCourier::on_answer(const nidd::T8Answer& answer) {
    if (answer.transport != nidd::T8Answer::Transport::answered) {
        return on_failure(of_receiver(answer.error), answer.retry_after);
    }
    if (answer.status < 200 || answer.status > 299) {
        if (answer.status == 410) health_.state = WebhookHealth::State::gone;
        return on_failure("HTTP " + std::to_string(answer.status), answer.retry_after);
    }
    ++health_.deliveries;
    health_.state = WebhookHealth::State::active;
    health_.failures = 0;
    health_.last_error.clear();
    health_.last_success_at = options_.wall();
    health_.waiting_for = {};
    events_.clear();
    advance(true);
    observer_.on_tried();
    look();
}

void WebhookCourier::on_failure(std::string error, std::optional<Duration> retry_after) {
    ++health_.failed_deliveries;
    health_.last_error = std::move(error);
    observer_.on_tried();
    if (health_.state == WebhookHealth::State::gone) return;
    health_.state = WebhookHealth::State::failing;
    const std::int64_t seconds =
        std::min<std::int64_t>(std::int64_t{1} << std::min(health_.failures++, 9U), 300);
    const Duration full = std::chrono::seconds(seconds);
    const Duration pause =
        full / 2 + Duration(static_cast<Duration::rep>(options_.fraction() *
                                                       static_cast<double>((full / 2).count())));
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::max(pause, retry_after.value_or(pause))));
    timer_.async_wait([self = shared_from_this(), round = round_](const auto& failed) {
        if (!failed && !self->stopped_ && round == self->round_) self->send();
    });
}

/// Where events do not concern it, its position is kept now and then only.
void WebhookCourier::advance(bool is_told) {
    position_ = next_;
    if (webhook_.after == position_.after) return;
    webhook_.after = position_.after;
    const auto now = std::chrono::steady_clock::now();
    if (!is_told && now - kept_at_ < keep_pause) return;
    kept_at_ = now;
    observer_.on_moved(webhook_);
}

}  // namespace scef::adapter
