#include "scef-adapter/runtime/daemon.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "queueing/store/open_store.h"
#include "scef-adapter/engine/record_schema.h"
#include "scef-adapter/runtime/build_commit.h"
#include "scef-adapter/runtime/system_random.h"
#include "scef-adapter/runtime/t8_options.h"

namespace scef::adapter {
namespace {

/// Notifications accepted but not answered; more are told to come back (503, Retry-After).
constexpr std::size_t notifications_open_max = 20'000;
constexpr auto housekeeping_pause = std::chrono::minutes(10);
constexpr Duration overload_retry = std::chrono::seconds(1);

/// Runs `work` on a worker's thread and waits for its result.
template <typename Work>
auto on_worker(Worker& worker, Work work) {
    std::promise<decltype(work())> promise;
    auto result = promise.get_future();
    boost::asio::post(worker.context(), [&] { promise.set_value(work()); });
    return result.get();
}

Instant steady_now() {
    return Instant(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

void warn_of(const RefusalWatch::Counts& counts) {
    using nidd::Unknown;
    spdlog::warn("NOTIFICATIONS_UNKNOWN capability={} configuration={} transfer={} throttled={}",
                 counts.of(Unknown::capability), counts.of(Unknown::configuration),
                 counts.of(Unknown::transfer), counts.throttled);
}

}  // namespace

queueing::StoreOptions store_options_of(const Config& config, const std::string& program) {
    queueing::StoreOptions options;
    options.engine = config.store.engine;
    options.path = config.store.path;
    options.shards = config.shards;
    options.schema = record_schema;
    options.program = program;
    options.upgraded = [](std::uint32_t before) {
        spdlog::info("STORE_UPGRADED {}",
                     LogFields().add("from", before).add("to", record_schema).text());
    };
    options.warn = [](const std::string& sentence) {
        spdlog::warn("STORE_WARNING {}", LogFields().add("message", sentence).text());
    };
    return options;
}

Daemon::Daemon(std::shared_ptr<const Config> config, AddressPlan plan)
    : config_(std::move(config)), plan_(plan), refusals_(warn_of) {}

Result<std::unique_ptr<Daemon>> Daemon::start(Config config, std::string version,
                                              std::function<void(const Error&)> on_fatal) {
    if (auto resolved = resolve_servers(config); !resolved) {
        return tl::unexpected<Error>(std::move(resolved.error()));
    }
    auto plan = AddressPlan::make(config.virtual_endpoints.prefix, config.virtual_endpoints.port,
                                  config.shards);
    if (!plan) return tl::unexpected<Error>(std::move(plan.error()));
    std::unique_ptr<Daemon> daemon(
        new Daemon(std::make_shared<const Config>(std::move(config)), *plan));
    daemon->on_fatal_ = std::move(on_fatal);
    if (auto status = daemon->open(std::move(version)); !status) {
        daemon->stop(Duration::zero());
        return tl::unexpected<Error>(std::move(status.error()));
    }
    return daemon;
}

Daemon::~Daemon() { stop(Duration::zero()); }

Status Daemon::open(std::string version) {
    store_counters_ = std::make_shared<queueing::StoreCounters>();
    auto options = store_options_of(*config_.get(), "scef-adapter " + version);
    options.counters = store_counters_;
    auto store = queueing::open_store(options);
    if (!store) return tl::unexpected<Error>(std::move(store.error()));
    store_ = std::move(*store);
    EventFeed::Options feed;
    feed.shards = config_->shards;
    feed_ = std::make_unique<EventFeed>(*store_, std::move(feed));
    if (auto status = feed_->open(); !status) return status;
    if (auto status = open_workers(); !status) return status;
    open_doctor();
    if (auto status = open_auditor(); !status) return status;
    if (auto status = load_shards(); !status) return status;
    for (auto& worker : workers_) worker->start();
    for (auto& shard : shards_) {
        boost::asio::post(shard->worker().context(), [&shard = *shard] { shard.start(); });
    }
    Webhooks::Options webhooks;
    webhooks.ca_file = config_->webhooks.ca_file;
    webhooks.wall = wall_now;
    webhooks_ = std::make_unique<Webhooks>(*store_, *feed_, webhook_random_, std::move(webhooks),
                                           on_fatal_);
    if (auto status = open_listeners(version); !status) return status;
    auditor_->start();
    doctor_->start();
    if (auto status = webhooks_->open(); !status) return status;
    housekeeper_ = std::jthread([this](const std::stop_token& stopped) { keep_house(stopped); });
    note_reload(true);
    ready_ = true;
    return {};
}

void Daemon::keep_house(const std::stop_token& stopped) {
    std::unique_lock lock(housekeeping_);
    while (!stopped.stop_requested()) {
        const WallTime now(std::chrono::system_clock::now().time_since_epoch());
        if (auto status = store_->forget_before(now - config_->store.retention); !status) {
            spdlog::warn("RETENTION_FAILED {}",
                         LogFields().add("message", status.error().message).text());
        }
        stop_housekeeping_.wait_for(lock, stopped, housekeeping_pause, [] { return false; });
    }
}

Status Daemon::open_workers() {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const unsigned count =
        std::min<unsigned>(config_->workers == 0 ? cores : config_->workers, config_->shards);
    for (unsigned i = 0; i < count; ++i) {
        auto worker = Worker::make(*config_.get(), count);
        if (!worker) return tl::unexpected<Error>(std::move(worker.error()));
        workers_.push_back(std::move(*worker));
    }
    return {};
}

Status Daemon::open_auditor() {
    auto auditor = ConfigurationAuditor::make(config_.get(), [this](ShardId id,
                                                                    ConfigurationsListed listed) {
        Shard& shard = *shards_[id];
        std::erase_if(listed.configurations, [this](const nidd::NiddConfiguration& one) {
            return doctor_->is_examining(one.notification_destination);
        });
        boost::asio::post(shard.worker().context(), [&shard, listed = std::move(listed)]() mutable {
            shard.handle(std::move(listed));
        });
    });
    if (!auditor) return tl::unexpected<Error>(std::move(auditor.error()));
    auditor_ = std::move(*auditor);
    return {};
}

void Daemon::open_doctor() {
    constexpr std::size_t connections = 2;
    doctor_ = std::make_unique<Doctor>(
        config_,
        [this](boost::asio::io_context& context, std::size_t scef) {
            return nidd::make_beast_t8_client(context,
                                              t8_options(config_->scefs[scef], connections));
        },
        std::make_unique<SystemRandom>());
}

Status Daemon::load_shards() {
    const auto sources = server_sources_of(*config_.get());
    if (!sources) return tl::unexpected<Error>(sources.error());
    const auto started = std::chrono::steady_clock::now();
    for (std::uint16_t id = 0; id < config_->shards; ++id) {
        shards_.push_back(std::make_unique<Shard>(
            id, config_.get(), plan_, *sources, *workers_[id % workers_.size()], *store_, *feed_,
            on_fatal_, [this](std::size_t scef) { auditor_->ask(scef); },
            [this](ShardId to, Event word) { carry(to, std::move(word)); }));
        if (auto status = shards_.back()->open_socket(); !status) return status;
        if (auto status = shards_.back()->load(); !status) return status;
    }
    const auto took = std::chrono::steady_clock::now() - started;
    spdlog::info("STORE_LOADED shards={} seconds={:.2f}", config_->shards,
                 std::chrono::duration<double>(took).count());
    return {};
}

/// Posted even within a thread: a turn ends before the next one begins.
void Daemon::carry(ShardId to, Event word) {
    Shard& shard = *shards_[to];
    boost::asio::post(shard.worker().context(),
                      [&shard, word = std::move(word)]() mutable { shard.hear(std::move(word)); });
}

Status Daemon::open_listeners(const std::string& version) {
    notification_endpoint_ = std::make_unique<nidd::NotificationEndpoint>(
        [this](nidd::IncomingNotification notification, auto reply) {
            take_notification(std::move(notification), std::move(reply));
        },
        [this](nidd::Unknown kind, const std::string& address) {
            return refusals_.on_unknown(kind, address, steady_now());
        });
    auto notification_tokens = notification_tokens_of(*config_.get());
    if (!notification_tokens) return tl::unexpected<Error>(notification_tokens.error());
    notification_guard_ = std::make_unique<NotificationGuard>(std::move(*notification_tokens));
    nidd::HttpListener::Options notifications;
    notifications.address = config_->notifications.listen;
    notifications.tls = tls_files(config_->notifications.tls);
    notifications.sources = config_->notifications.sources;
    auto listener = nidd::HttpListener::start(
        std::move(notifications), [this](nidd::HttpRequest request, nidd::HttpReply reply) {
            if (auto refusal = notification_guard_->refuse(request, steady_now())) {
                return reply(std::move(*refusal));
            }
            notification_endpoint_->handle(std::move(request), std::move(reply));
        });
    if (!listener)
        return fail(listener.error().code, "notifications.listen: " + listener.error().message);
    notification_listener_ = std::move(*listener);

    auto tokens = admin_tokens_of(*config_.get());
    if (!tokens) return tl::unexpected<Error>(tokens.error());
    MetricsPage::Sources sources;
    sources.version = version;
    sources.commit = build_commit();
    sources.store = store_counters_;
    sources.listeners = listener_counters();
    sources.more.emplace_back([this] { return socket_samples(); });
    sources.more.emplace_back([this] { return refusal_samples(); });
    sources.more.emplace_back([this] { return event_samples(); });
    sources.more.emplace_back([this] { return reload_samples(); });
    sources.calls = [this] { return scef_calls(); };
    for (const ScefConfig& scef : config_.get()->scefs) sources.scef_names.push_back(scef.name);
    if (config_->store.engine != "memory") sources.store_path = config_->store.path;
    metrics_ = std::make_unique<MetricsPage>(*this, std::move(sources));
    admin_ = std::make_unique<AdminApi>(
        *this, *doctor_, *webhooks_, config_, std::move(*tokens),
        [this](std::function<void(std::string)> done) { metrics_->render(std::move(done)); });
    nidd::HttpListener::Options admin;
    admin.address = config_->admin.listen;
    admin.policy.body_octets = std::size_t{256} * 1024;
    admin.policy.large_body_octets = large_body_octets;
    admin.policy.takes_large_body = [this](const nidd::HttpRequest& head) {
        return admin_->takes_large_body(head);
    };
    listener = nidd::HttpListener::start(std::move(admin),
                                         [this](nidd::HttpRequest request, nidd::HttpReply reply) {
                                             admin_->handle(std::move(request), std::move(reply));
                                         });
    if (!listener) return fail(listener.error().code, "admin.listen: " + listener.error().message);
    admin_listener_ = std::move(*listener);
    counted_admin_listener_ = admin_listener_.get();
    return {};
}

void Daemon::take_notification(nidd::IncomingNotification notification,
                               std::function<void(nidd::NotificationVerdict)> reply) {
    const ShardId id = notification.capability.shard;
    if (id == doctor_shard) return doctor_->notify(std::move(notification), std::move(reply));
    if (id >= shards_.size()) {
        return reply(nidd::NotificationVerdict::not_found(nidd::Unknown::capability));
    }
    if (!ready_ || notifications_open_ >= notifications_open_max) {
        return reply({503, overload_retry});
    }
    ++notifications_open_;
    Shard& shard = *shards_[id];
    boost::asio::post(
        shard.worker().context(),
        [this, &shard, notification = std::move(notification), reply = std::move(reply)]() mutable {
            shard.notify(std::move(notification),
                         [this, reply = std::move(reply)](nidd::NotificationVerdict verdict) {
                             --notifications_open_;
                             reply(verdict);
                         });
        });
}

void Daemon::command(ShardId shard, std::function<Event(ReplyId)> make, Done done) {
    boost::asio::post(shards_[shard]->worker().context(),
                      [&target = *shards_[shard], make = std::move(make), done = std::move(done)] {
                          target.command(make, done);
                      });
}

void Daemon::change(ShardId shard, AuditNote note, std::function<Event(ReplyId)> make, Done done) {
    boost::asio::post(shards_[shard]->worker().context(),
                      [&target = *shards_[shard], note = std::move(note), make = std::move(make),
                       done = std::move(done)] { target.command(make, done, &note); });
}

void Daemon::note(ShardId shard, AuditNote note, std::function<void()> done) {
    boost::asio::post(shards_[shard]->worker().context(),
                      [&target = *shards_[shard], note = std::move(note), done = std::move(done)] {
                          target.note(note, done);
                      });
}

void Daemon::query(ShardId shard, Query query) {
    boost::asio::post(
        shards_[shard]->worker().context(),
        [&target = *shards_[shard], query = std::move(query)] { target.query(query); });
}

void Daemon::capture(ShardId shard, ExternalId device, std::optional<std::uint64_t> after,
                     CaptureDone done) {
    boost::asio::post(shards_[shard]->worker().context(),
                      [&target = *shards_[shard], device = std::move(device), after,
                       done = std::move(done)] { target.capture(device, after, done); });
}

void Daemon::trace(ShardId shard, ExternalId device, Duration duration, TraceDone done) {
    boost::asio::post(shards_[shard]->worker().context(),
                      [&target = *shards_[shard], device = std::move(device), duration,
                       done = std::move(done)] { target.trace(device, duration, done); });
}

std::string Daemon::endpoint_text(ShardId shard, queueing::EndpointIndex endpoint) const {
    return plan_.address_of(shard, endpoint).text();
}

// ---- Signs of life

std::vector<std::string> Daemon::parts() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        names.push_back("worker-" + std::to_string(i));
    }
    names.emplace_back("store");
    return names;
}

void Daemon::ask_parts(const std::function<void(std::size_t part)>& answer) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        boost::asio::post(workers_[i]->context(), [answer, i] { answer(i); });
    }
    store_->commit({}, [this, answer, store = workers_.size()](const Status& status) {
        if (!status) return on_fatal_(status.error());
        answer(store);
    });
}

// ---- Stop

bool Daemon::all_drained() {
    return std::all_of(shards_.begin(), shards_.end(), [](const auto& shard) {
        return on_worker(shard->worker(), [&] { return shard->is_drained(); });
    });
}

void Daemon::stop(Duration grace) {
    const bool was_ready = ready_.exchange(false);
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::duration_cast<std::chrono::steady_clock::duration>(grace);
    if (was_ready) {
        for (auto& shard : shards_) {
            on_worker(shard->worker(), [&] {
                shard->drain();
                return 0;
            });
        }
        while (!all_drained() && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    const Duration listener_grace =
        was_ready ? std::min<Duration>(grace, std::chrono::seconds(1)) : Duration::zero();
    if (notification_listener_) notification_listener_->stop(listener_grace);
    if (admin_listener_) admin_listener_->stop(listener_grace);
    housekeeper_ = std::jthread();
    if (auditor_) auditor_->stop();
    if (doctor_) doctor_->stop();
    if (webhooks_) webhooks_->stop();
    if (store_) (void)store_->flush();
    for (auto& worker : workers_) worker->stop();
    if (feed_) feed_->stop();
    admin_.reset();
    webhooks_.reset();
    doctor_.reset();
    shards_.clear();
    workers_.clear();
    feed_.reset();
    store_.reset();
}

}  // namespace scef::adapter
