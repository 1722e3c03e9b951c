#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "nidd/endpoint/notification_endpoint.h"
#include "queueing/store/store_options.h"
#include "scef-adapter/admin/admin_api.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/doctor/doctor.h"
#include "scef-adapter/feed/event_feed.h"
#include "scef-adapter/metrics/metrics_page.h"
#include "scef-adapter/runtime/configuration_auditor.h"
#include "scef-adapter/runtime/notification_guard.h"
#include "scef-adapter/runtime/refusal_watch.h"
#include "scef-adapter/runtime/shard.h"
#include "scef-adapter/webhooks/webhooks.h"

namespace scef::adapter {

/// The whole adapter: store, workers with their shards, and the two listeners, from a
/// configuration. Made, started and stopped by one thread, `main`.
class Daemon final : public ShardAccess {
public:
    /// Opens the store, reads every shard, opens sockets and listeners. An error is one sentence
    /// fit for a person at start-up. `on_fatal` is called on any thread when the process must end
    /// because the store failed.
    static Result<std::unique_ptr<Daemon>> start(Config config, std::string version,
                                                 std::function<void(const Error&)> on_fatal);
    ~Daemon() override;

    /// Takes no more work, lets what is on its way come home for at most `grace`, and stops.
    void stop(Duration grace);

    /// Takes another configuration, as it came from the file, while everything runs, and returns
    /// when it is in force; or refuses it as a whole with a sentence for each mistake, and nothing
    /// has changed. Certificates, tokens and secrets are read from their files again. By `main`,
    /// one at a time, before `stop`.
    std::vector<std::string> reload(Config wanted);
    /// What `/metrics` tells of it: also of a file that `reload` never got to see.
    void note_reload(bool succeeded);

    /// What must move for the adapter to be alive: the workers, the store.
    std::vector<std::string> parts() const;
    /// Each part calls `answer` with its place, once, on a thread of its own, as soon as it has
    /// dealt with what is before it: a worker's loop turned, the store made a batch durable.
    void ask_parts(const std::function<void(std::size_t part)>& answer);

    /// The ports in use, which matters where the configuration says 0.
    std::uint16_t notification_port() const { return notification_listener_->port(); }
    std::uint16_t admin_port() const { return admin_listener_->port(); }

    std::uint16_t shards() const override { return config_->shards; }
    void command(ShardId shard, std::function<Event(ReplyId)> make, Done done) override;
    void change(ShardId shard, AuditNote note, std::function<Event(ReplyId)> make,
                Done done) override;
    void note(ShardId shard, AuditNote note, std::function<void()> done) override;
    void query(ShardId shard, Query query) override;
    void capture(ShardId shard, ExternalId device, std::optional<std::uint64_t> after,
                 CaptureDone done) override;
    void trace(ShardId shard, ExternalId device, Duration duration, TraceDone done) override;
    queueing::Store& store() override { return *store_; }
    EventFeed& feed() override { return *feed_; }
    std::string endpoint_text(ShardId shard, queueing::EndpointIndex endpoint) const override;
    bool is_ready() const override { return ready_; }

private:
    struct Prepared;

    Daemon(std::shared_ptr<const Config> config, AddressPlan plan);

    Status open(std::string version);
    Status open_workers();
    Status load_shards();
    void carry(ShardId to, Event word);
    Status open_auditor();
    void open_doctor();
    Status open_listeners(const std::string& version);
    void take_notification(nidd::IncomingNotification notification,
                           std::function<void(nidd::NotificationVerdict)> reply);
    decltype(MetricsPage::Sources::listeners) listener_counters() const;
    std::vector<Sample> socket_samples();
    std::vector<Sample> refusal_samples() const;
    std::vector<Sample> event_samples() const;
    std::vector<ScefCalls> scef_calls() const;
    bool all_drained();
    /// Forgets cold records past `store.retention`, at the start and then every ten minutes.
    void keep_house(const std::stop_token& stopped);

    std::vector<std::string> prepare(Config wanted, Prepared& prepared);
    void prepare_clients(Prepared& prepared, std::vector<std::string>& mistakes);
    void apply(Prepared prepared);
    std::vector<Sample> reload_samples() const;

    LiveConfig config_;
    AddressPlan plan_;
    std::function<void(const Error&)> on_fatal_;
    std::shared_ptr<queueing::StoreCounters> store_counters_;
    std::unique_ptr<queueing::Store> store_;
    std::unique_ptr<EventFeed> feed_;
    SystemRandom webhook_random_;
    std::unique_ptr<Webhooks> webhooks_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::unique_ptr<Doctor> doctor_;
    std::unique_ptr<ConfigurationAuditor> auditor_;
    RefusalWatch refusals_;
    std::unique_ptr<NotificationGuard> notification_guard_;
    std::unique_ptr<nidd::NotificationEndpoint> notification_endpoint_;
    std::unique_ptr<MetricsPage> metrics_;
    std::unique_ptr<AdminApi> admin_;
    std::unique_ptr<nidd::HttpListener> notification_listener_;
    std::unique_ptr<nidd::HttpListener> admin_listener_;
    /// The same for scrapes, which it serves from its own threads as soon as it is started.
    std::atomic<const nidd::HttpListener*> counted_admin_listener_ = nullptr;
    std::mutex housekeeping_;
    std::condition_variable_any stop_housekeeping_;
    std::jthread housekeeper_;
    std::atomic<bool> ready_{false};
    std::atomic<bool> reload_succeeded_{true};
    std::atomic<double> reloaded_at_{0};
    std::atomic<std::size_t> notifications_open_{0};
};

/// How the store of a configuration is opened; `program` is name and version.
queueing::StoreOptions store_options_of(const Config& config, const std::string& program);

// ---- Of a configuration; errors are a sentence for a person.
Result<std::vector<nidd::SourceList>> server_sources_of(const Config& config);
Result<TokenDigests> notification_tokens_of(const Config& config);
Result<AccessTokens> admin_tokens_of(const Config& config);

/// Fills in each LwM2M server's address from its URI (DNS at start-up only), and its `sources`
/// where none are given. The error is a sentence for a person.
Status resolve_servers(Config& config);

}  // namespace scef::adapter
