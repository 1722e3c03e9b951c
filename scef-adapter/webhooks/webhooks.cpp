#include "scef-adapter/webhooks/webhooks.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "nidd/tls/tls_context.h"

namespace scef::adapter {
namespace {

constexpr ShardId home = 0;
constexpr std::size_t secret_words = 4;  ///< 32 octets
constexpr Duration connect_timeout = std::chrono::seconds(5);
constexpr Duration idle_timeout = std::chrono::seconds(30);

Bytes key_of(const MessageId& id) { return {id.octets().begin(), id.octets().end()}; }

/// Picks the webhooks out of the hot records of their shard.
class WebhookLoader final : public queueing::RecordVisitor {
public:
    void on_record(queueing::RecordKind kind, ByteView key, ByteView value) override {
        if (kind != queueing::RecordKind::webhook) return;
        if (auto webhook = webhook_from_record(key, value)) found.push_back(std::move(*webhook));
    }
    void on_corrupt_record(queueing::RecordKind, ByteView) override {}

    std::vector<Webhook> found;
};

Bytes draw_secret(Random& random) {
    Bytes secret;
    for (std::size_t i = 0; i < secret_words; ++i) {
        const std::uint64_t word = random.next();
        for (unsigned octet = 0; octet < 8; ++octet) {
            secret.push_back(static_cast<std::uint8_t>(word >> (8 * octet)));
        }
    }
    return secret;
}

}  // namespace

Webhooks::Webhooks(queueing::Store& store, EventFeed& feed, Random& random, Options options,
                   std::function<void(const Error&)> on_fatal)
    : store_(store),
      feed_(feed),
      random_(random),
      options_(std::move(options)),
      on_fatal_(std::move(on_fatal)) {}

Webhooks::~Webhooks() { stop(); }

Status Webhooks::open() {
    auto tls = nidd::make_client_tls({options_.ca_file, {}, {}, {}});
    if (!tls) return fail(tls.error().code, "webhooks.ca_file: " + tls.error().message);
    tls_ = std::move(*tls);
    WebhookLoader loader;
    if (auto status = store_.load(home, loader); !status) return status;
    for (Webhook& webhook : loader.found) {
        auto courier = make_courier(std::move(webhook));
        if (!courier) return tl::unexpected<Error>(std::move(courier.error()));
        couriers_.emplace((*courier)->webhook().id, *courier);
        boost::asio::post(context_, [courier = *courier] { courier->start(); });
    }
    thread_ = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(context_);
        context_.run();
    });
    return {};
}

void Webhooks::stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(context_, [this] {
        for (const auto& [id, courier] : couriers_) courier->stop();
        context_.stop();
    });
    thread_.join();
    couriers_.clear();
}

Result<Webhooks::CourierPtr> Webhooks::make_courier(Webhook webhook) {
    auto server = nidd::ApiRoot::parse(webhook.url);
    if (!server) return fail(Errc::invalid_argument, "url: " + server.error().message);
    auto settings = std::make_shared<nidd::HttpConnectionSettings>();
    settings->server = std::move(*server);
    settings->connect_timeout = connect_timeout;
    settings->request_timeout = options_.request_timeout;
    settings->idle_timeout = idle_timeout;
    if (settings->server.tls) settings->tls = tls_;
    WebhookCourier::Options options;
    options.server = std::move(settings);
    options.wall = options_.wall;
    options.fraction = [this] { return random_.fraction(); };
    WebhookCourier::Observer observer;
    observer.on_tried = [this] { count(); };
    observer.on_moved = [this](const Webhook& moved) {
        queueing::Batch batch;
        batch.shard = home;
        batch.put(queueing::RecordKind::webhook, key_of(moved.id), to_record(moved));
        commit(std::move(batch), [] {});
    };
    return std::make_shared<WebhookCourier>(context_, feed_, std::move(webhook),
                                            std::move(options), std::move(observer));
}

/// `done` runs on our thread once the batch is on stable storage.
void Webhooks::commit(queueing::Batch batch, std::function<void()> done) {
    store_.commit(std::move(batch), [this, done = std::move(done)](const Status& status) {
        if (!status) return on_fatal_(status.error());
        boost::asio::post(context_, done);
    });
}

MessageId Webhooks::make_id() {
    const Turn turn{Instant{}, options_.wall(), random_};
    return MessageId::make(home, turn);
}

void Webhooks::add(Webhook webhook, AuditNote note, Done done) {
    boost::asio::post(context_, [this, webhook = std::move(webhook), note = std::move(note),
                                 done = std::move(done)]() mutable {
        if (couriers_.size() >= count_max) {
            return done(fail(Errc::conflict, "there are " + std::to_string(count_max) +
                                                 " webhooks; remove one first"));
        }
        webhook.id = make_id();
        if (webhook.after.empty()) webhook.after = feed_.end().after;
        if (webhook.secret.empty()) webhook.secret = draw_secret(random_);
        auto courier = make_courier(webhook);
        if (!courier) return done(tl::unexpected<Error>(std::move(courier.error())));
        couriers_.emplace(webhook.id, *courier);
        queueing::Batch batch;
        batch.shard = home;
        batch.put(queueing::RecordKind::webhook, key_of(webhook.id), to_record(webhook));
        put_audit(batch, {make_id(), std::move(note), {}, 0});
        commit(std::move(batch), [courier = *courier, done = std::move(done)] {
            courier->start();
            done(view(*courier));
        });
    });
}

void Webhooks::remove(MessageId id, AuditNote note, Done done) {
    boost::asio::post(context_, [this, id, note = std::move(note), done = std::move(done)] {
        const auto found = couriers_.find(id);
        if (found == couriers_.end()) return done(fail(Errc::not_found, "no such webhook"));
        const CourierPtr courier = found->second;
        couriers_.erase(found);
        courier->stop();
        delivered_before_ += courier->health().deliveries;
        failed_before_ += courier->health().failed_deliveries;
        count();
        queueing::Batch batch;
        batch.shard = home;
        batch.erase(queueing::RecordKind::webhook, key_of(id));
        put_audit(batch, {make_id(), note, {}, 0});
        commit(std::move(batch), [courier, done] { done(view(*courier)); });
    });
}

void Webhooks::replay(MessageId id, MessageId after, AuditNote note, Done done) {
    boost::asio::post(context_, [this, id, after, note = std::move(note), done = std::move(done)] {
        const auto found = couriers_.find(id);
        if (found == couriers_.end()) return done(fail(Errc::not_found, "no such webhook"));
        const CourierPtr courier = found->second;
        Webhook webhook = courier->webhook();
        webhook.after = after;
        queueing::Batch batch;
        batch.shard = home;
        batch.put(queueing::RecordKind::webhook, key_of(id), to_record(webhook));
        put_audit(batch, {make_id(), note, {}, 0});
        commit(std::move(batch), [courier, after, done] {
            courier->go_to(after);
            done(view(*courier));
        });
    });
}

void Webhooks::list(std::function<void(std::vector<View>)> done) {
    boost::asio::post(context_, [this, done = std::move(done)] {
        std::vector<View> views;
        for (const auto& [id, courier] : couriers_) views.push_back(view(*courier));
        done(std::move(views));
    });
}

void Webhooks::count() {
    Counts counts{delivered_before_, failed_before_, 0};
    std::optional<WallTime> oldest;
    for (const auto& [id, courier] : couriers_) {
        const WebhookHealth& health = courier->health();
        counts.delivered += health.deliveries;
        counts.failed += health.failed_deliveries;
        if (health.waiting_for.empty()) continue;
        const WallTime since = health.waiting_for.created_at();
        oldest = oldest ? std::min(*oldest, since) : since;
    }
    const std::lock_guard lock(mutex_);
    counts_ = counts;
    oldest_waiting_ = oldest;
}

Webhooks::Counts Webhooks::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts = counts_;
    if (oldest_waiting_) {
        const Duration lag = std::max(options_.wall() - *oldest_waiting_, Duration{});
        counts.lag_seconds = std::chrono::duration<double>(lag).count();
    }
    return counts;
}

}  // namespace scef::adapter
