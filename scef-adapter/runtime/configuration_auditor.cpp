#include "scef-adapter/runtime/configuration_auditor.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/runtime/t8_options.h"

namespace scef::adapter {

namespace {

constexpr auto pause_asked = std::chrono::seconds(30);
constexpr auto pause_failed = std::chrono::minutes(5);

}  // namespace

Result<std::unique_ptr<ConfigurationAuditor>> ConfigurationAuditor::make(
    std::shared_ptr<const Config> config, Deliver deliver) {
    std::unique_ptr<ConfigurationAuditor> auditor(
        new ConfigurationAuditor(std::move(config), std::move(deliver)));
    for (const ScefConfig& scef : auditor->config_->scefs) {
        auto client = auditor->make_client(scef);
        if (!client) {
            return fail(client.error().code, "SCEF " + scef.name + ": " + client.error().message);
        }
        Subject& subject = auditor->subjects_.emplace_back();
        subject.client =
            std::make_unique<nidd::ReplaceableClient>(auditor->context_, std::move(*client));
        subject.timer = std::make_unique<boost::asio::steady_timer>(auditor->context_);
    }
    return auditor;
}

Result<std::unique_ptr<nidd::T8Client>> ConfigurationAuditor::make_client(const ScefConfig& scef) {
    return nidd::make_beast_t8_client(context_, t8_options(scef, 1));
}

void ConfigurationAuditor::replace_clients(std::vector<std::unique_ptr<nidd::T8Client>> clients) {
    const auto fresh = std::make_shared<decltype(clients)>(std::move(clients));
    boost::asio::post(context_, [this, fresh] {
        for (std::size_t i = 0; i < subjects_.size(); ++i) {
            subjects_[i].client->replace(std::move((*fresh)[i]));
        }
    });
}

ConfigurationAuditor::~ConfigurationAuditor() { stop(); }

void ConfigurationAuditor::start() {
    for (std::size_t scef = 0; scef < subjects_.size(); ++scef) {
        schedule(scef, std::chrono::seconds(0));
    }
    thread_ = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(context_);
        context_.run();
    });
}

void ConfigurationAuditor::stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

void ConfigurationAuditor::ask(std::size_t scef) {
    boost::asio::post(context_, [this, scef] {
        const auto due = subjects_[scef].asked_at + pause_asked;
        const auto now = std::chrono::steady_clock::now();
        schedule(scef, std::max<std::chrono::steady_clock::duration>(due - now, {}));
    });
}

void ConfigurationAuditor::schedule(std::size_t scef, std::chrono::steady_clock::duration pause) {
    Subject& subject = subjects_[scef];
    if (subject.has_none || std::exchange(subject.scheduled, true)) return;
    subject.timer->expires_after(pause);
    subject.timer->async_wait([this, scef](const boost::system::error_code& error) {
        if (!error) fetch(scef);
    });
}

void ConfigurationAuditor::fetch(std::size_t scef) {
    subjects_[scef].asked_at = std::chrono::steady_clock::now();
    nidd::T8Request list;
    list.operation = nidd::T8Request::Operation::list_configurations;
    subjects_[scef].client->submit(
        std::move(list), [this, scef](const nidd::T8Answer& answer) { on_answer(scef, answer); });
}

void ConfigurationAuditor::on_answer(std::size_t scef, const nidd::T8Answer& answer) {
    Subject& subject = subjects_[scef];
    subject.scheduled = false;
    const std::string& name = config_->scefs[scef].name;
    const bool answered = answer.transport == nidd::T8Answer::Transport::answered;
    if (answered && (answer.status == 404 || answer.status == 405 || answer.status == 501)) {
        subject.has_none = true;
        spdlog::info("CONFIGURATION_LIST_ABSENT {}",
                     LogFields().add("scef", name).add("status", answer.status).text());
        return;
    }
    auto list = answered && answer.status == 200 ? nidd::parse_configurations(answer.body)
                                                 : fail(Errc::unavailable, answer.error);
    if (!list) {
        spdlog::warn("CONFIGURATION_LIST_FAILED {}", LogFields()
                                                         .add("scef", name)
                                                         .add("status", answer.status)
                                                         .add("error", list.error().message)
                                                         .text());
        return schedule(scef, pause_failed);
    }
    spdlog::info("CONFIGURATION_LIST_READ {}",
                 LogFields().add("scef", name).add("configurations", list->size()).text());
    std::vector<ConfigurationsListed> parts(config_->shards);
    for (nidd::NiddConfiguration& one : *list) {
        const auto id = ExternalId::parse(one.external_id);
        if (!id) continue;  // a group's, or by MSISDN: none of ours
        parts[id->shard(config_->shards)].configurations.push_back(std::move(one));
    }
    for (ShardId shard = 0; shard < config_->shards; ++shard) {
        parts[shard].scef = scef;
        deliver_(shard, std::move(parts[shard]));
    }
}

}  // namespace scef::adapter
