#include "tests/flow/world.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/two_servers.h"

namespace scef::flow {

using queueing::RecordKind;

std::uint64_t seed_of_run() {
    const char* given = std::getenv("SCEF_SEED");
    return given == nullptr ? 20261122u : std::strtoull(given, nullptr, 10);
}

adapter::Config flow_config() { return two_servers(); }

World::World(adapter::Config config, std::uint64_t seed, ShardId shard)
    : scef(*this),
      server(*this, SocketAddress::ipv4(0x7f000001, 5683)),
      bootstrap(*this, SocketAddress::ipv4(0x7f000001, 5693)),
      client(*this, SocketAddress::ipv4(0x7f000001, 40000)),
      device(*this, "dev1.with.a.long.name@sim.example"),
      config_values_(std::move(config)),
      config_(std::make_shared<adapter::Config>(config_values_)),
      seed_(seed),
      shard_(shard),
      random_(seed),
      disk_(std::make_shared<queueing::MemoryDisk>()) {
    bootstrap.endpoint = 1;
    start();
    add_device(device);
}

World::~World() {
    oracle_.judge(*store_, *engine_);
    judge_usage(*store_, *engine_, removed_);
    oracle_.judge_air(device.frames,
                      config_->profiles.at("nb-iot").device_deduplication > Duration{});
    if (::testing::Test::HasFailure()) {
        const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
        ADD_FAILURE() << "replay: SCEF_SEED=" << seed_
                      << " flow_tests --gtest_filter=" << info->test_suite_name() << "."
                      << info->name();
    }
}

void World::open_store() {
    store_.reset();
    queueing::StoreOptions options;
    options.shards = config_->shards;
    auto opened = queueing::MemoryStore::open(disk_, options);
    if (!opened) std::abort();
    store_ = std::move(*opened);
}

void World::start() {
    ++incarnation_;
    open_store();
    engine_ = std::make_unique<adapter::Engine>(shard_, config_);
    class Loader final : public queueing::RecordVisitor {
    public:
        Loader(adapter::Engine& engine, Turn turn) : engine_(engine), turn_(turn) {}
        void on_record(RecordKind kind, ByteView key, ByteView value) override {
            engine_.restore(kind, key, value, turn_);
        }
        void on_corrupt_record(RecordKind, ByteView) override { engine_.on_corrupt_record(); }
        adapter::Engine& engine_;
        Turn turn_;
    };
    Turn turn{now(), wall(), random_};
    Loader loader(*engine_, turn);
    ASSERT_TRUE(store_->load(shard_, loader));
    const auto finals = store_->read({shard_, RecordKind::final_message, {}, {}, false}, {100'000});
    for (const auto& record : finals->records) engine_->restore_final(record.value, turn);
    const auto keys = store_->read({shard_, RecordKind::idempotency, {}, {}, false}, {100'000});
    for (const auto& record : keys->records) engine_->restore_idempotency(record.key, record.value);
    EXPECT_EQ(engine_->counters().corrupt_records, 0u);
    step([this](Turn t) { return engine_->start(t); });
}

void World::after(Duration delay, std::function<void()> what) {
    agenda_.emplace(now_ + delay, std::move(what));
}

void World::deliver(adapter::Event event) {
    if (const auto* removal = std::get_if<adapter::RemoveDevice>(&event)) {
        removed_.insert(removal->external_id.text());
    }
    step([this, &event](Turn turn) { return engine_->handle(std::move(event), turn); });
}

void World::step(const std::function<adapter::Effects(Turn)>& turn) {
    ASSERT_FALSE(in_turn_);
    in_turn_ = true;
    adapter::Effects effects = turn(Turn{now(), wall(), random_});
    in_turn_ = false;
    ++turns_;
    if (!effects.batch.empty()) ++turns_with_records_;
    if (crash_in_ > 0 && --crash_in_ == 0) {
        if (crash_batch_ == LastBatch::kept)
            store_->commit(std::move(effects.batch), [](Status) {});
        return crash_and_restart();
    }
    bool durable = false;
    store_->commit(std::move(effects.batch), [&](Status status) { durable = status.has_value(); });
    ASSERT_TRUE(durable) << "effects must not leave before their batch";
    release(std::move(effects));
}

void World::release(adapter::Effects effects) {
    for (const adapter::Effect& effect : effects.effects) perform(effect);
}

void World::perform(const adapter::Effect& effect) {
    if (const auto* datagram = std::get_if<adapter::SendDatagram>(&effect)) {
        ModelServer* peer = datagram->peer.port == 5683   ? &server
                            : datagram->peer.port == 5693 ? &bootstrap
                                                          : &client;
        after({}, [peer, d = *datagram] { peer->receive(d.endpoint, d.octets); });
    } else if (const auto* call = std::get_if<adapter::CallT8>(&effect)) {
        if (call->request.operation == nidd::T8Request::Operation::create_delivery) {
            oracle_.on_post(*engine_, call->request, wall());
        }
        after({}, [this, c = *call, of = incarnation_] {
            scef.call(c.request, [this, of, id = c.operation](nidd::T8Answer answer) {
                if (of == incarnation_) deliver(adapter::T8Completion{id, std::move(answer)});
            });
        });
    } else if (const auto* wanted = std::get_if<adapter::ListConfigurations>(&effect)) {
        after({}, [this, index = wanted->scef, of = incarnation_] {
            if (of == incarnation_) deliver(adapter::ConfigurationsListed{index, scef.list()});
        });
    } else if (const auto* word = std::get_if<adapter::SendLeaseWord>(&effect)) {
        if (word->to != shard_) return carry ? carry(word->to, word->word) : void();
        after({}, [this, w = word->word, of = incarnation_] {
            if (of == incarnation_) deliver(w);
        });
    } else if (const auto* said = std::get_if<adapter::SendGroupWord>(&effect)) {
        if (said->to != shard_) return carry ? carry(said->to, said->word) : void();
        after({}, [this, w = said->word, of = incarnation_] {
            if (of == incarnation_) deliver(w);
        });
    } else if (const auto* notification = std::get_if<adapter::NotificationReply>(&effect)) {
        scef.on_verdict(notification->reply, notification->verdict.status);
    } else if (const auto* done = std::get_if<adapter::CommandReply>(&effect)) {
        replies_.emplace(done->reply, *done);
    } else if (const auto* line = std::get_if<adapter::LogLine>(&effect)) {
        log_.push_back(*line);
    }
}

void World::advance(Duration time) {
    const Instant end = now_ + time;
    for (int i = 0; i < 200'000; ++i) {
        const Instant event = agenda_.empty() ? never : agenda_.begin()->first;
        const Instant timer = engine_->next_deadline();
        const Instant next = std::min(event, timer);
        if (next > end) {
            now_ = end;
            return;
        }
        now_ = std::max(now_, next);
        if (event <= timer) {
            auto what = std::move(agenda_.begin()->second);
            agenda_.erase(agenda_.begin());
            what();
        } else {
            deliver(adapter::TimePassed{});
        }
    }
    FAIL() << "the world does not come to rest";
}

void World::crash_and_restart() {
    crash_in_ = 0;
    engine_.reset();
    start();
    scef.repeat_notifications();
}

void World::restart_with(adapter::Config config) {
    config_values_ = std::move(config);
    config_ = std::make_shared<adapter::Config>(config_values_);
    crash_and_restart();
    settle();
}

void World::crash_after_turns(int turns, LastBatch batch) {
    crash_in_ = turns;
    crash_batch_ = batch;
}

void World::device_wakes() {
    scef.connected[device.external_id()] = true;
    scef.deliver_buffered(device.external_id());
}

void World::device_wakes_and_sends(std::string_view payload) {
    device_wakes();
    device.data(payload);
    settle();
}

void World::add_device(ModelDevice& another, adapter::DeviceSpec spec) {
    scef.attach(another);
    spec.external_id = *ExternalId::parse(another.external_id());
    const auto reply = command(adapter::ProvisionDevice{0, spec, false});
    EXPECT_TRUE(reply.result) << "provisioning failed";
    settle();
}

adapter::CommandReply World::command(adapter::Event event) {
    const adapter::ReplyId id = next_reply_++;
    std::visit(
        [id](auto& e) {
            if constexpr (requires { e.reply; }) e.reply = id;
        },
        event);
    deliver(std::move(event));
    const auto found = replies_.find(id);
    if (found == replies_.end()) return {id, fail(Errc::internal, "no reply"), {}};
    return found->second;
}

adapter::CommandReply World::enqueue(const Bytes& payload,
                                     const std::function<void(adapter::EnqueueMessage&)>& change) {
    adapter::EnqueueMessage event;
    event.external_id = id();
    event.payload = payload;
    if (change) change(event);
    return command(std::move(event));
}

std::vector<queueing::Message> World::messages() {
    std::map<MessageId, queueing::Message> found;
    const auto finals = store_->read({shard_, RecordKind::final_message, {}, {}, false}, {100'000});
    for (const auto& record : finals->records) {
        auto message = *queueing::message_from_record(record.value);
        if (!message.is_reply()) found.emplace(message.id, std::move(message));
    }
    for (const adapter::DeviceView& d : engine_->devices(0, 1000)) {
        for (const adapter::MessageView& message : engine_->messages_of(*d)) {
            if (!message->is_reply()) found.emplace(message->id, *message);
        }
    }
    std::vector<queueing::Message> list;
    for (auto& [id, message] : found) list.push_back(std::move(message));
    return list;
}

std::uint64_t World::frames_charged() {
    return known().downlink_quota->state(quota_time()).messages_total;
}

queueing::Message World::only_message() {
    auto list = messages();
    EXPECT_EQ(list.size(), 1u);
    return list.empty() ? queueing::Message{} : list.front();
}

}  // namespace scef::flow
