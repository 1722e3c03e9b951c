#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "queueing/store/memory_store.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter::test {

/// Real engines on given time, a memory store, no threads of its own: every call is carried out at
/// once on the caller's thread, one at a time. What the engines want sent is kept, not sent.
class FakeShards final : public ShardAccess {
public:
    explicit FakeShards(std::shared_ptr<const Config> config) : config_(std::move(config)) {
        queueing::StoreOptions options;
        options.shards = config_->shards;
        store_ = *queueing::MemoryStore::open(std::make_shared<queueing::MemoryDisk>(), options);
        EventFeed::Options feed;
        feed.shards = config_->shards;
        feed_ = std::make_unique<EventFeed>(*store_, std::move(feed));
        (void)feed_->open();
        for (ShardId shard = 0; shard < config_->shards; ++shard) {
            engines_.push_back(std::make_unique<Engine>(shard, config_));
            carry_out(shard, engines_.back()->start(turn()));
        }
        deliver_words();
    }

    std::uint16_t shards() const override { return config_->shards; }

    void command(ShardId shard, std::function<Event(ReplyId)> make, Done done) override {
        const std::lock_guard lock(mutex_);
        const ReplyId reply = next_reply_++;
        replies_[reply] = std::move(done);
        handle(shard, make(reply));
    }

    void change(ShardId shard, AuditNote note, std::function<Event(ReplyId)> make,
                Done done) override {
        const std::lock_guard lock(mutex_);
        const ReplyId reply = next_reply_++;
        replies_[reply] = std::move(done);
        const Turn turn = this->turn();
        Effects effects = engines_.at(shard)->handle(make(reply), turn);
        write_audit(effects, reply, note, shard, turn);
        carry_out(shard, std::move(effects));
        deliver_words();
    }

    void note(ShardId shard, AuditNote note, std::function<void()> done) override {
        const std::lock_guard lock(mutex_);
        const ReplyId reply = next_reply_++;
        replies_[reply] = [done = std::move(done)](const Engine&, const Turn&,
                                                   const CommandReply&) { done(); };
        Effects effects;
        effects.effects.emplace_back(CommandReply{reply, CommandDone{}});
        write_audit(effects, reply, note, shard, turn());
        carry_out(shard, std::move(effects));
    }

    void query(ShardId shard, Query query) override {
        const std::lock_guard lock(mutex_);
        query(*engines_.at(shard), turn());
    }

    void capture(ShardId shard, ExternalId device, std::optional<std::uint64_t> after,
                 CaptureDone done) override {
        const std::lock_guard lock(mutex_);
        const DeviceView found = engines_.at(shard)->find_device(device);
        if (!found) return done(fail(Errc::not_found, "no such device"));
        done(captures.read(*found, after, turn()));
    }
    void trace(ShardId shard, ExternalId device, Duration duration, TraceDone done) override {
        const std::lock_guard lock(mutex_);
        const DeviceView found = engines_.at(shard)->find_device(device);
        if (!found) return done(fail(Errc::not_found, "no such device"));
        const bool was_traced = !traced.empty() && traced.back().second > Duration{};
        traced.emplace_back(device.text(), duration);
        done(was_traced || duration > Duration{});
    }
    queueing::Store& store() override { return *store_; }
    EventFeed& feed() override { return *feed_; }
    std::string endpoint_text(ShardId shard, queueing::EndpointIndex endpoint) const override {
        return "127.64.0." + std::to_string(endpoint + 1) + ':' + std::to_string(15700 + shard);
    }
    bool is_ready() const override { return ready; }

    /// An event of another origin, such as the end of a T8 call.
    void handle(ShardId shard, Event event) {
        const std::lock_guard lock(mutex_);
        carry_out(shard, engines_.at(shard)->handle(std::move(event), turn()));
        deliver_words();
    }

    /// The SCEF creates the NIDD configuration that the one open call asks for.
    void answer_configuration(const ExternalId& device) {
        nidd::T8Answer answer;
        answer.transport = nidd::T8Answer::Transport::answered;
        answer.status = 201;
        answer.location = "http://scef.example/3gpp-nidd/v1/dm/configurations/c1";
        answer.body = R"({"self":")" + answer.location + R"(","externalId":")" + device.text() +
                      R"(","notificationDestination":"http://127.0.0.1/n"})";
        handle(device.shard(shards()), T8Completion{calls.back().operation, answer});
    }

    bool ready = true;
    Captures captures;
    std::vector<std::pair<std::string, Duration>> traced;
    Instant now{std::chrono::hours(1)};
    WallTime wall{std::chrono::hours(24 * 365 * 56)};
    std::vector<CallT8> calls;

    Turn turn() { return {now, wall, random_}; }

private:
    void carry_out(ShardId shard, Effects effects) {
        feed_->publish(events_of(effects.batch));
        store_->commit(std::move(effects.batch), [](const Status&) {});
        for (Effect& effect : effects.effects) {
            if (auto* call = std::get_if<CallT8>(&effect)) calls.push_back(std::move(*call));
            if (auto* word = std::get_if<SendLeaseWord>(&effect)) {
                words_.emplace_back(word->to, std::move(word->word));
            }
            if (auto* word = std::get_if<SendGroupWord>(&effect)) {
                words_.emplace_back(word->to, std::move(word->word));
            }
            if (auto* reply = std::get_if<CommandReply>(&effect)) {
                auto done = std::move(replies_.extract(reply->reply).mapped());
                done(*engines_.at(shard), turn(), *reply);
            }
        }
    }

    /// What shards say to each other arrives at once.
    void deliver_words() {
        while (!words_.empty()) {
            const auto [to, word] = std::move(words_.front());
            words_.pop_front();
            carry_out(to, engines_.at(to)->handle(word, turn()));
        }
    }

    std::shared_ptr<const Config> config_;
    std::unique_ptr<queueing::MemoryStore> store_;
    std::unique_ptr<EventFeed> feed_;
    std::vector<std::unique_ptr<Engine>> engines_;
    std::deque<std::pair<ShardId, Event>> words_;
    std::map<ReplyId, Done> replies_;
    ReplyId next_reply_ = 1;
    SeededRandom random_{7};
    std::recursive_mutex mutex_;
};

/// Four shards, one SCEF, one server, small limits.
inline std::shared_ptr<const Config> small_config() {
    auto config = std::make_shared<Config>(default_config());
    config->shards = 4;
    ScefConfig scef;
    scef.name = "operator-a";
    scef.api_root = "http://scef.example";
    scef.scs_as_id = "dm";
    config->scefs.push_back(scef);
    LwM2mServerConfig server;
    server.name = "dm";
    server.uri = "coap://127.0.0.1:5683";
    config->lwm2m_servers.push_back(server);
    config->limits.queue_messages_per_device = 5;
    return config;
}

}  // namespace scef::adapter::test
