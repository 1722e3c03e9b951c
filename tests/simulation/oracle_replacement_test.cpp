#include "tests/simulation/forgery.h"

/// Replacements (D27): each rule about them is seen to fail.
namespace scef::simulation {
namespace {

/// One that is buffered under `t1`, and one that is PUT in its place.
class ForgedReplacement : public Forgery {
protected:
    queueing::Message older = make(1, coap::codes::post), newer = make(2, coap::codes::post);
    adapter::OperationId open = 0;

    ForgedReplacement() {
        queue(older);
        oracle.on_told(post(older), Told::buffered);
        put(older, DeviceLeg::net_buffered, MessageState::accepted);
        commit();
        queue(newer);
        open = put_in_place(newer, older);
    }
    void settle(Told told) {
        oracle.on_told(open, told);
        newer.replaces = MessageId();
        if (told != Told::buffered) return;
        end(older, MessageState::superseded);
        put(newer, DeviceLeg::net_buffered, MessageState::accepted);
        commit();
    }
    adapter::OperationId read() {
        turn.effects.emplace_back(adapter::CallT8{
            operation, 0, {nidd::T8Request::Operation::read_delivery, "c1", "t1", ""}});
        commit();
        return operation++;
    }
};

TEST_F(ForgedReplacement, a_good_one_breaks_nothing) {
    settle(Told::buffered);
    oracle.air.on_air(newer.octets());
    end(newer, MessageState::delivered);
    commit();
    EXPECT_TRUE(oracle.verdicts.clean());
    EXPECT_EQ(oracle.ledger.open(), 0u);
}

TEST_F(ForgedReplacement, one_that_is_on_the_air_after_its_place_was_taken) {
    settle(Told::buffered);
    EXPECT_FALSE(breaks("replaced"));
    oracle.air.on_air(older.octets());
    EXPECT_TRUE(breaks("replaced"));
}

TEST_F(ForgedReplacement, I3_what_was_put_is_on_the_air_twice) {
    settle(Told::buffered);
    oracle.air.on_air(newer.octets());
    EXPECT_FALSE(breaks("I3"));
    oracle.air.on_air(newer.octets());
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(ForgedReplacement, I3_a_POST_after_a_PUT_that_nobody_knows_of) {
    settle(Told::doubtful);
    end(older, MessageState::unconfirmed);
    post(newer);
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(ForgedReplacement, a_GET_that_shows_the_older_one_permits_a_POST) {
    oracle.on_told(open, Told::doubtful);
    oracle.on_told(read(), Told::not_taken);
    newer.replaces = MessageId();
    put(newer, DeviceLeg::queued, MessageState::queued);
    end(older, MessageState::delivered);
    commit();
    post(newer);
    EXPECT_TRUE(oracle.verdicts.clean());
}

TEST_F(Forgery, I3_a_PUT_in_the_place_of_nobody) {
    auto newer = make(2);
    queue(newer);
    put_in_place(newer, make(1));
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(Forgery, I4_a_PUT_is_charged_the_octets_that_are_more) {
    quota::QuotaLimits limits;
    limits.allowances = {{20, {}}};  // in each hour
    oracle.quotas.set_limits(0, limits);
    auto older = make(1), newer = make(2);
    newer.frame.payload = Bytes(40);
    queue(older);
    oracle.on_told(post(older), Told::buffered);
    put(older, DeviceLeg::net_buffered, MessageState::accepted);
    queue(newer);
    put_in_place(newer, older);
    EXPECT_TRUE(breaks("I4"));
}

}  // namespace
}  // namespace scef::simulation
