#include <gtest/gtest.h>

#include "queueing/record.h"
#include "scef-adapter/engine/index_limits.h"
#include "tests/flow/world.h"

/// Indexes of devices: no damaged record makes tables of many gigabytes, and none is handed out
/// that would be taken for damaged later.
namespace scef::flow {
namespace {

using queueing::RecordKind;

class Indexes : public testing::Test {
protected:
    static constexpr WallTime wall{std::chrono::seconds(1'790'000'000)};

    /// A shard that has handed out so many.
    void restore_shard(queueing::DeviceIndex devices, queueing::EndpointIndex endpoints) {
        queueing::RecordWriter record(1);
        record.number(devices).number(endpoints).time(wall);
        engine.restore(RecordKind::shard, {}, record.take(), turn);
        engine.start(turn);
    }
    Status provision() {
        adapter::ProvisionDevice event;
        event.spec.external_id = *ExternalId::parse("dev1@sim.example");
        const auto effects = engine.handle(event, turn);
        for (const adapter::Effect& effect : effects.effects) {
            if (const auto* reply = std::get_if<adapter::CommandReply>(&effect)) {
                if (!reply->result) return tl::unexpected<Error>(reply->result.error());
                return {};
            }
        }
        return fail(Errc::internal, "no reply");
    }

    SeededRandom random{1};
    Turn turn{Instant(std::chrono::hours(1)), wall, random};
    adapter::Engine engine{ShardId{0}, std::make_shared<const adapter::Config>(flow_config())};
};

TEST_F(Indexes, when_all_are_handed_out_a_device_is_refused) {
    restore_shard(adapter::device_indexes, 7);
    const Status refused = provision();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::overloaded);
    EXPECT_NE(refused.error().message.find("no number left"), std::string::npos);
    EXPECT_EQ(engine.counters().corrupt_records, 0u);
}

TEST_F(Indexes, endpoints_run_out_as_well) {
    restore_shard(7, adapter::endpoint_indexes);
    EXPECT_FALSE(provision());
}

TEST_F(Indexes, a_record_beyond_them_is_set_aside_and_takes_no_memory) {
    restore_shard(adapter::device_indexes + 1, 7);
    EXPECT_EQ(engine.counters().corrupt_records, 1u);
    EXPECT_TRUE(provision()) << "it begins anew";
}

}  // namespace
}  // namespace scef::flow
