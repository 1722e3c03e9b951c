#include <algorithm>
#include <future>
#include <utility>

#include <boost/asio/post.hpp>

#include "scef-adapter/config/config_changes.h"
#include "scef-adapter/logging/line_formatter.h"
#include "scef-adapter/runtime/daemon.h"
#include "scef-adapter/runtime/t8_options.h"

/// Another configuration while the adapter runs (docs/operations.md, "Reload"): everything that may
/// fail is done first; what follows only puts it to use.
namespace scef::adapter {

/// All that is made of another configuration before anything of it is used.
struct Daemon::Prepared {
    std::shared_ptr<const Config> config;
    std::vector<nidd::SourceList> server_sources;
    TokenDigests notification_tokens;
    AccessTokens admin_tokens;
    std::function<void()> use_listener;
    std::vector<std::vector<std::unique_ptr<nidd::T8Client>>> clients;  ///< by worker, by SCEF
    std::vector<std::unique_ptr<nidd::T8Client>> auditor_clients;
};

namespace {

double seconds_since_epoch() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Takes the value, or notes why there is none.
template <typename T>
bool take(Result<T> result, const std::string& key, T& value, std::vector<std::string>& mistakes) {
    if (result) {
        value = std::move(*result);
    } else {
        mistakes.push_back(key.empty() ? result.error().message
                                       : "key '" + key + "': " + result.error().message);
    }
    return result.has_value();
}

}  // namespace

Result<std::vector<nidd::SourceList>> server_sources_of(const Config& config) {
    std::vector<nidd::SourceList> sources;
    for (const LwM2mServerConfig& server : config.lwm2m_servers) {
        auto list = nidd::SourceList::parse(server.sources);
        if (!list) {
            return fail(list.error().code,
                        "lwm2m_servers: " + server.name + ".sources: " + list.error().message);
        }
        sources.push_back(std::move(*list));
    }
    return sources;
}

Result<TokenDigests> notification_tokens_of(const Config& config) {
    const std::string& file = config.notifications.tokens_file;
    return file.empty() ? TokenDigests{} : NotificationGuard::read_file(file);
}

Result<AccessTokens> admin_tokens_of(const Config& config) {
    const std::string& file = config.admin.tokens_file;
    return file.empty() ? AccessTokens{} : AccessTokens::read_file(file);
}

void Daemon::prepare_clients(Prepared& prepared, std::vector<std::string>& mistakes) {
    const Config& config = *prepared.config;
    const auto count = static_cast<unsigned>(workers_.size());
    for (std::size_t i = 0; i < config.scefs.size(); ++i) {
        const ScefConfig& scef = config.scefs[i];
        const std::string key = "scefs[" + std::to_string(i) + ']';
        auto& for_auditor = prepared.auditor_clients.emplace_back();
        // The first one that cannot be made tells enough.
        if (!take(auditor_->make_client(scef), key, for_auditor, mistakes)) continue;
        prepared.clients.resize(count);
        for (unsigned w = 0; w < count; ++w) {
            auto& client = prepared.clients[w].emplace_back();
            if (!take(workers_[w]->make_client(config, i, count), key, client, mistakes)) break;
        }
    }
}

std::vector<std::string> Daemon::prepare(Config wanted, Prepared& prepared) {
    const auto running = config_.get();
    std::vector<std::string> mistakes;
    for (const FixedKey& key : fixed_changes(*running, wanted)) {
        mistakes.push_back("key '" + key.key + "': " + key.remedy);
    }
    if (!mistakes.empty()) return mistakes;
    take_over(*running, wanted);
    prepared.config = std::make_shared<const Config>(std::move(wanted));
    const Config& config = *prepared.config;
    take(server_sources_of(config), "", prepared.server_sources, mistakes);
    take(notification_tokens_of(config), "", prepared.notification_tokens, mistakes);
    take(admin_tokens_of(config), "", prepared.admin_tokens, mistakes);
    take(notification_listener_->prepare(tls_files(config.notifications.tls),
                                         config.notifications.sources),
         "notifications.tls", prepared.use_listener, mistakes);
    prepare_clients(prepared, mistakes);
    return mistakes;
}

/// Every shard takes the configuration in a turn of its own; waits until all have.
void Daemon::apply(Prepared prepared) {
    config_.set(prepared.config);
    set_up_log(prepared.config->log.level, prepared.config->log.format);
    prepared.use_listener();
    notification_guard_->replace(std::move(prepared.notification_tokens));
    admin_->replace_tokens(std::move(prepared.admin_tokens));
    auditor_->replace_clients(std::move(prepared.auditor_clients));
    for (std::size_t w = 0; w < workers_.size(); ++w) {
        workers_[w]->replace_clients(std::move(prepared.clients[w]));
    }
    std::vector<std::future<void>> taken;
    for (ShardId id = 0; id < shards(); ++id) {
        const auto done = std::make_shared<std::promise<void>>();
        taken.push_back(done->get_future());
        boost::asio::post(
            shards_[id]->worker().context(), [&shard = *shards_[id], config = prepared.config,
                                              sources = prepared.server_sources, done]() mutable {
                shard.replace_sources(std::move(sources));
                shard.command(
                    [&](ReplyId reply) {
                        return ConfigurationChanged{reply, config};
                    },
                    [done](const Engine&, const Turn&, const CommandReply&) { done->set_value(); });
            });
    }
    for (auto& one : taken) one.wait();
}

std::vector<std::string> Daemon::reload(Config wanted) {
    Prepared prepared;
    auto mistakes = prepare(std::move(wanted), prepared);
    if (mistakes.empty()) apply(std::move(prepared));
    note_reload(mistakes.empty());
    return mistakes;
}

void Daemon::note_reload(bool succeeded) {
    reload_succeeded_ = succeeded;
    if (succeeded) reloaded_at_ = seconds_since_epoch();
}

}  // namespace scef::adapter
