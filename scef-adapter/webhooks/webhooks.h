#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/store/store.h"
#include "scef-adapter/audit/audit_record.h"
#include "scef-adapter/webhooks/webhook_courier.h"

namespace scef::adapter {

/// All webhooks: kept in the store, each told of events by a courier. One thread of its own; every
/// function may be called on any thread, and answers come on its own. What changes is answered once
/// it is on stable storage, with its entry of the audit log in the same commit.
class Webhooks {
public:
    static constexpr std::size_t count_max = 32;

    struct Options {
        Duration request_timeout = std::chrono::seconds(10);
        std::string ca_file;  ///< whom https is to be signed by; empty: the system's authorities
        std::function<WallTime()> wall;
    };

    /// `store`, `feed` and `random`, which is used by its thread alone, outlive this. `on_fatal`: a
    /// commit failed.
    Webhooks(queueing::Store& store, EventFeed& feed, Random& random, Options options,
             std::function<void(const Error&)> on_fatal);
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// Reads the webhooks there are and begins to tell them.
    Status open();
    void stop();

    struct View {
        Webhook webhook;
        WebhookHealth health;
    };
    using Done = std::function<void(Result<View>)>;

    /// Its id is chosen here; so is its position, behind the newest event, unless `after` is given;
    /// an empty secret is drawn. `overloaded` if there are `count_max`.
    void add(Webhook webhook, AuditNote note, Done done);
    void remove(MessageId id, AuditNote note, Done done);
    /// Tells it again what came after `after`.
    void replay(MessageId id, MessageId after, AuditNote note, Done done);
    void list(std::function<void(std::vector<View>)> done);

    struct Counts {
        std::uint64_t delivered = 0, failed = 0;
        double lag_seconds = 0;  ///< age of the oldest event that somebody is still to be told
    };
    Counts counts() const;

private:
    using CourierPtr = std::shared_ptr<WebhookCourier>;

    Result<CourierPtr> make_courier(Webhook webhook);
    void commit(queueing::Batch batch, std::function<void()> done);
    MessageId make_id();
    void count();
    static View view(const WebhookCourier& courier) { return {courier.webhook(), courier.health()}; }

    queueing::Store& store_;
    EventFeed& feed_;
    Random& random_;
    const Options options_;
    const std::function<void(const Error&)> on_fatal_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    boost::asio::io_context context_{1};
    std::map<MessageId, CourierPtr> couriers_;
    std::uint64_t delivered_before_ = 0, failed_before_ = 0;  ///< by those that were removed
    mutable std::mutex mutex_;                                ///< of what counts() tells
    Counts counts_;
    std::optional<WallTime> oldest_waiting_;
    std::thread thread_;
};

}  // namespace scef::adapter
