#include "scef-adapter/audit/audit_record.h"

#include <gtest/gtest.h>

namespace scef::adapter::test {
namespace {

const WallTime noon{std::chrono::hours(500'000)};

struct AuditRecordTest : testing::Test {
    SeededRandom random{1};
    Turn turn{Instant{}, noon, random};
    AuditNote note{"admin", "3f9a12bc", "10.0.0.1", "PUT", "/api/v1/quotas/account", "{}"};

    Effects effects_with(Result<CommandDone> result) {
        Effects effects;
        effects.effects.emplace_back(CommandReply{4, CommandDone{}});
        effects.effects.emplace_back(CommandReply{5, std::move(result)});
        return effects;
    }
};

TEST_F(AuditRecordTest, a_change_has_its_entry_in_the_same_batch) {
    CommandDone done{CommandDone::Kind::created, MessageId::make(2, turn), 3};
    Effects effects = effects_with(done);
    write_audit(effects, 5, note, 2, turn);
    ASSERT_EQ(effects.batch.writes.size(), 1u);
    EXPECT_EQ(effects.batch.shard, 2);
    EXPECT_EQ(effects.batch.writes[0].kind, queueing::RecordKind::audit);
    const auto entry =
        audit_entry_from_record(effects.batch.writes[0].key, *effects.batch.writes[0].value);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->note, note);
    EXPECT_EQ(entry->message, done.message.text());
    EXPECT_EQ(entry->affected, 3u);
    EXPECT_EQ(entry->id.created_at(), noon);
    EXPECT_EQ(entry->id.shard(), 2);
}

TEST_F(AuditRecordTest, what_changed_nothing_leaves_none) {
    Effects refused = effects_with(fail(Errc::conflict, "no"));
    write_audit(refused, 5, note, 2, turn);
    EXPECT_TRUE(refused.batch.empty());
    Effects same = effects_with(CommandDone{CommandDone::Kind::unchanged, {}, 0});
    write_audit(same, 5, note, 2, turn);
    EXPECT_TRUE(same.batch.empty());
    Effects others = effects_with(CommandDone{});
    write_audit(others, 6, note, 2, turn);
    EXPECT_TRUE(others.batch.empty());
}

TEST_F(AuditRecordTest, a_record_that_breaks_off_is_corrupt) {
    const AuditEntry entry{MessageId::make(1, turn), note, "m", 1};
    const Bytes key(entry.id.octets().begin(), entry.id.octets().end());
    const Bytes record = to_record(entry);
    EXPECT_EQ(audit_entry_from_record(key, record).value(), entry);
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(audit_entry_from_record(key, ByteView(record).first(size)));
    }
    EXPECT_FALSE(audit_entry_from_record({}, record));
}

}  // namespace
}  // namespace scef::adapter::test
