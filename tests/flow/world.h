#pragma once

#include <deque>
#include <map>
#include <memory>

#include "queueing/store/memory_store.h"
#include "scef-adapter/engine/engine.h"
#include "tests/flow/model_scef.h"
#include "tests/flow/model_server.h"
#include "tests/flow/oracle.h"
#include "tests/flow/timeline.h"
#include "tests/flow/usage_judge.h"

namespace scef::flow {

using namespace std::chrono_literals;

/// The seed of this run: SCEF_SEED, else a fixed one; printed by a failing world.
std::uint64_t seed_of_run();

/// A configuration with one LwM2M server, one bootstrap server and one SCEF.
adapter::Config flow_config();

/// An engine with its store, a SCEF, an LwM2M server and a device, in one process on virtual time
/// from one seed. Effects leave only after their batch is in the store; a crash forgets all else.
/// The device is provisioned and its NIDD configuration is active when the world begins. At its end
/// the oracle judges what happened.
class World : public Bus {
public:
    explicit World(adapter::Config config = flow_config(), std::uint64_t seed = seed_of_run(),
                   ShardId shard = 0);
    ~World() override;

    // ---- Bus
    Instant now() const override { return now_; }
    WallTime wall() const override { return wall_base_ + (now_ - Instant{}); }
    Random& random() override { return random_; }
    void after(Duration delay, std::function<void()> what) override;
    void deliver(adapter::Event event) override;

    // ---- Time
    void advance(Duration time);
    void settle() { advance({}); }
    void set_wall(Duration by) { wall_base_ += by; }

    // ---- Crash
    enum class LastBatch { kept, lost };
    void crash_and_restart();
    /// Somebody changed the configuration file meanwhile.
    void restart_with(adapter::Config config);
    /// At the end of the nth turn from now: its effects are lost, and its batch kept or lost.
    void crash_after_turns(int turns, LastBatch batch);
    int turns() const { return turns_; }

    // ---- The device and its operator
    /// Where words for other shards go, if there are any.
    std::function<void(ShardId, adapter::Event)> carry;
    void device_sleeps() { scef.connected[device.external_id()] = false; }
    void device_wakes();
    void device_wakes_and_sends(std::string_view payload);
    void add_device(ModelDevice& another, adapter::DeviceSpec spec = {});
    adapter::CommandReply command(adapter::Event event);
    adapter::CommandReply enqueue(const Bytes& payload,
                                  const std::function<void(adapter::EnqueueMessage&)>& change = {});
    ExternalId id() const { return *ExternalId::parse(device.external_id()); }

    // ---- What became of things
    const adapter::Engine& engine() const { return *engine_; }
    quota::QuotaTime quota_time() { return engine_->quota_time(Turn{now(), wall(), random_}); }
    /// As it is now; good until the next question or event.
    const adapter::Device& known() { return *(known_ = engine_->find_device(id())); }
    /// The open and final messages, in order of creation; replies left out.
    std::vector<queueing::Message> messages();
    queueing::Message only_message();
    std::vector<Moment> timeline(const MessageId& id) { return timeline_of(*store_, id); }
    /// All cold records of a kind.
    std::vector<queueing::StoredRecord> records(queueing::RecordKind kind) {
        return store_->read({shard_, kind, {}, {}, false}, {100'000})->records;
    }
    /// What was charged, oldest first.
    std::vector<adapter::Charge> charges() { return charges_in(*store_, engine_->shard()); }
    /// What the event feed told, oldest first.
    std::vector<adapter::FeedEvent> events() { return events_in(*store_, engine_->shard()); }
    /// Frames that the device's downlink quota was charged for.
    std::uint64_t frames_charged();
    int turns_with_records() const { return turns_with_records_; }
    std::size_t executed() const { return device.requests.size(); }
    const std::vector<adapter::LogLine>& log_lines() const { return log_; }

    ModelScef scef;
    ModelServer server;
    ModelServer bootstrap;
    ModelServer client;  ///< someone else who speaks CoAP to the device's endpoint
    ModelDevice device;

private:
    void start();
    void step(const std::function<adapter::Effects(Turn)>& turn);
    void release(adapter::Effects effects);
    void perform(const adapter::Effect& effect);
    void open_store();

    adapter::Config config_values_;
    std::shared_ptr<const adapter::Config> config_;
    std::uint64_t seed_;
    ShardId shard_;
    SeededRandom random_;
    Instant now_{Duration(std::chrono::hours(1))};
    WallTime wall_base_{std::chrono::seconds(1'790'000'000)};

    std::shared_ptr<queueing::MemoryDisk> disk_;
    std::unique_ptr<queueing::MemoryStore> store_;
    std::unique_ptr<adapter::Engine> engine_;
    adapter::DeviceView known_;
    std::uint64_t incarnation_ = 0;

    std::multimap<Instant, std::function<void()>> agenda_;
    bool in_turn_ = false;
    int turns_ = 0, turns_with_records_ = 0;
    int crash_in_ = 0;
    LastBatch crash_batch_ = LastBatch::kept;
    adapter::ReplyId next_reply_ = 1;
    std::map<adapter::ReplyId, adapter::CommandReply> replies_;
    std::vector<adapter::LogLine> log_;
    Oracle oracle_;
    std::set<std::string> removed_;  ///< devices that were, once
};

}  // namespace scef::flow
