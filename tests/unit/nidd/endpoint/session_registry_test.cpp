#include "nidd/endpoint/session_registry.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

class FakeSession final : public CappedSession {
public:
    explicit FakeSession(Worth worth) { worth_ = worth; }
    void evict() override { evicted = true; }
    void wind_down() override {}
    void abort() override {}
    bool evicted = false;
};

using Worth = CappedSession::Worth;

struct Registered {
    SessionRegistry registry{4, 2};
    std::vector<std::shared_ptr<FakeSession>> sessions;

    bool admit(Worth worth, const std::string& peer) {
        sessions.push_back(std::make_shared<FakeSession>(worth));
        return registry.admit(sessions.back(), peer);
    }
};

TEST(SessionRegistry, at_the_peer_cap_the_oldest_incomplete_head_goes) {
    Registered dut;
    dut.admit(Worth::busy, "a");
    dut.admit(Worth::incomplete_head, "a");
    dut.admit(Worth::incomplete_head, "b");

    EXPECT_TRUE(dut.admit(Worth::incomplete_head, "a"));

    EXPECT_FALSE(dut.sessions[0]->evicted);
    EXPECT_TRUE(dut.sessions[1]->evicted);
    EXPECT_FALSE(dut.sessions[2]->evicted) << "another peer's";
}

TEST(SessionRegistry, an_idle_connection_goes_only_if_no_head_is_incomplete) {
    Registered dut;
    dut.admit(Worth::idle, "a");
    dut.admit(Worth::incomplete_head, "a");

    EXPECT_TRUE(dut.admit(Worth::busy, "a"));
    EXPECT_TRUE(dut.sessions[1]->evicted);
    EXPECT_FALSE(dut.sessions[0]->evicted);

    EXPECT_TRUE(dut.admit(Worth::busy, "a"));
    EXPECT_TRUE(dut.sessions[0]->evicted);
}

TEST(SessionRegistry, a_busy_peer_at_its_cap_is_refused) {
    Registered dut;
    dut.admit(Worth::busy, "a");
    dut.admit(Worth::busy, "a");

    EXPECT_FALSE(dut.admit(Worth::busy, "a"));
    EXPECT_TRUE(dut.admit(Worth::busy, "b"));
}

TEST(SessionRegistry, the_total_cap_holds_over_all_peers) {
    Registered dut;
    for (const char* peer : {"a", "b", "c", "d"}) dut.admit(Worth::busy, peer);

    EXPECT_FALSE(dut.admit(Worth::busy, "e"));

    dut.registry.remove(dut.sessions[2].get());
    EXPECT_TRUE(dut.admit(Worth::busy, "e"));
}

TEST(SessionRegistry, an_evicted_session_is_counted_out_once) {
    Registered dut;
    dut.admit(Worth::incomplete_head, "a");
    dut.admit(Worth::busy, "a");
    dut.admit(Worth::busy, "a");
    dut.registry.remove(dut.sessions[0].get());
    dut.registry.remove(dut.sessions[0].get());

    EXPECT_FALSE(dut.admit(Worth::busy, "a"));
}

TEST(SessionRegistry, waiting_ends_when_it_is_empty) {
    Registered dut;
    dut.admit(Worth::busy, "a");
    EXPECT_FALSE(dut.registry.wait_until_empty(Duration::zero()));

    dut.registry.remove(dut.sessions[0].get());
    EXPECT_TRUE(dut.registry.wait_until_empty(Duration::zero()));
}

}  // namespace
}  // namespace scef::nidd
