#include "simulators/lwm2m-server-simulator/event_log.h"

#include <future>

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

TEST(EventLog, events_are_numbered_and_read_after_a_number) {
    EventLog log;
    log.add("REGISTRATION", "dev1", {{"x", 1}});
    log.add("UPDATE", "dev2", {});

    const auto all = log.read(0, {}, {});
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].data["sequence"], 1);
    EXPECT_EQ(all[0].data["x"], 1);
    EXPECT_EQ(all[1].data["endpoint"], "dev2");
    EXPECT_EQ(log.read(1, {}, {}).size(), 1u);
    EXPECT_EQ(log.read(0, {"dev2", {}}, {}).size(), 1u);
    EXPECT_EQ(log.read(0, {"", {"UPDATE", "SEND"}}, {}).front().endpoint, "dev2");
    EXPECT_TRUE(log.read(0, {"dev1", {"UPDATE"}}, {}).empty());
    EXPECT_TRUE(log.read(UINT64_MAX, {}, {}).empty());
}

TEST(EventLog, only_the_last_ones_are_kept) {
    EventLog log;
    for (std::size_t i = 0; i < EventLog::events_max + 5; ++i) log.add("UPDATE", "dev1", {});

    const auto kept = log.read(0, {}, {});
    EXPECT_EQ(kept.size(), EventLog::events_max);
    EXPECT_EQ(kept.front().sequence, 6u);
}

TEST(EventLog, a_reader_waits_for_the_next_event) {
    EventLog log;
    auto reader = std::async(std::launch::async, [&log] {
        return log.read(0, {"dev1", {}}, std::chrono::seconds(10));
    });

    log.add("UPDATE", "dev2", {});
    log.add("UPDATE", "dev1", {});

    EXPECT_EQ(reader.get().size(), 1u);
}

TEST(EventLog, closing_ends_the_waiting) {
    EventLog log;
    auto reader =
        std::async(std::launch::async, [&log] { return log.read(0, {}, std::chrono::hours(1)); });

    log.close();

    EXPECT_TRUE(reader.get().empty());
    EXPECT_TRUE(log.is_closed());
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
