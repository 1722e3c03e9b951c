#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What the answer to the DELETE of a delivery means, when its TTL is over (D17) and when it was
/// cancelled before (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

struct DeletionAnswer {
    std::string row, name;
    nidd::T8Answer answer;
    friend void PrintTo(const DeletionAnswer& one, std::ostream* out) { *out << one.name; }
};

/// A world whose SCEF holds one message, for a minute at most, and answers its DELETE so.
struct Held : Reachable {
    explicit Held(const nidd::T8Answer& answer, coap::Code code = coap::codes::post) {
        device_sleeps();
        request = ask(code, "/3/0/4", 60s);
        settle();
        EXPECT_EQ(only_message().device_leg, DeviceLeg::net_buffered);
        scef.answers_next(Operation::delete_delivery, answer);
    }
    void cancel() {
        EXPECT_TRUE(command(adapter::CancelMessage{0, only_message().id}).result);
        settle();
    }
    /// The SCEF sends what it holds, and the device answers.
    void comes_all_the_same() {
        scef.connected[device.external_id()] = true;
        device.receive(scef.posted.back().data);
        settle();
    }
    coap::Message request;
};

class Deletion : public testing::TestWithParam<DeletionAnswer> {
protected:
    const nidd::T8Answer& answer() const { return GetParam().answer; }
};

DeletionAnswer row_of(const char* row, int status) {
    return {row, std::to_string(status), http(status)};
}

// ---- It was deleted

class Deleted : public Deletion {};

TEST_P(Deleted, after_the_ttl_it_has_expired) {
    Held w(answer());
    w.advance(60s);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_EQ(w.only_message().reason, Reason::ttl);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.scef.calls[Operation::delete_delivery], 1);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST_P(Deleted, before_the_ttl_it_is_canceled) {
    Held w(answer());
    w.cancel();
    EXPECT_EQ(w.only_message().state, MessageState::canceled);
    EXPECT_EQ(w.only_message().reason, Reason::canceled);
    w.advance(1h);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.scef.calls[Operation::delete_delivery], 1);
    EXPECT_EQ(w.scef.posts, 1);
}

INSTANTIATE_TEST_SUITE_P(T8, Deleted,
                         testing::Values(row_of("delete.done", 204), row_of("delete.done", 200)),
                         ByRow());

// ---- It may be on its way: the TTL is over

class TooLate : public Deletion {};

/// State and lateness of what the event feed told of messages.
using Told = std::pair<MessageState, bool>;

std::vector<Told> outcomes_told(World& world) {
    std::vector<Told> outcomes;
    for (const adapter::FeedEvent& event : world.events()) {
        const auto* outcome = std::get_if<adapter::MessageOutcome>(&event.what);
        if (outcome != nullptr) outcomes.emplace_back(outcome->state, outcome->is_late);
    }
    return outcomes;
}

TEST_P(TooLate, the_server_is_told_and_without_an_answer_it_ends_unconfirmed) {
    Held w(answer());
    w.advance(60s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::expired_in_flight);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.only_message().reason, Reason::ttl);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    w.advance(247s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::done);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.only_message().reason, Reason::unknown_outcome);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(outcomes_told(w), (std::vector<Told>{{MessageState::unconfirmed, false}}));
}

TEST_P(TooLate, a_late_answer_is_taken_for_247_s) {
    Held w(answer());
    w.advance(60s + 246s);
    w.comes_all_the_same();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.engine().counters().late_results, 1u);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout) << "it was told already";
    EXPECT_EQ(outcomes_told(w), (std::vector<Told>{{MessageState::unconfirmed, false},
                                                   {MessageState::delivered, true}}));
    EXPECT_EQ(w.executed(), 1u);
}

TEST_P(TooLate, the_next_message_goes) {
    Held w(answer());
    w.advance(60s);
    w.scef.connected[w.device.external_id()] = true;
    const auto next = w.read();
    w.settle();
    EXPECT_EQ(w.heard(next), coap::codes::content);
}

INSTANTIATE_TEST_SUITE_P(
    T8, TooLate,
    testing::Values(row_of("delete.too_late", 409), row_of("delete.too_late", 404),
                    row_of("delete.too_late", 410), row_of("delete.too_late", 401),
                    row_of("delete.too_late", 500), row_of("delete.too_late", 503),
                    DeletionAnswer{"delete.too_late", "unanswered",
                                   no_answer(Transport::ambiguous)},
                    DeletionAnswer{"delete.too_late", "unsent", no_answer(Transport::not_sent)}),
    ByRow());

// ---- It is on its way: it was to be cancelled

class GoesOn : public Deletion {};

TEST_P(GoesOn, an_operator_sees_that_it_was_too_late_and_the_answer_counts) {
    Held w(answer());
    w.cancel();
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), "too late to cancel"));
    EXPECT_EQ(w.only_message().state, MessageState::accepted);
    w.comes_all_the_same();
    w.advance(1s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.heard(w.request), coap::codes::changed);
    EXPECT_EQ(w.executed(), 1u);
}

TEST_P(GoesOn, not_even_what_may_be_repeated_is_sent_again) {
    Held w(answer(), coap::codes::get);
    w.scef.answers_next(Operation::delete_delivery, answer());  // at the TTL
    w.cancel();
    w.scef.connected[w.device.external_id()] = true;
    w.advance(1h);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
}

INSTANTIATE_TEST_SUITE_P(T8, GoesOn,
                         testing::Values(row_of("delete.goes_on", 409),
                                         row_of("delete.goes_on", 404),
                                         row_of("delete.goes_on", 410)),
                         ByRow());

// ---- Nobody knows: it was to be cancelled

class AskedAgain : public Deletion {};

TEST_P(AskedAgain, it_is_deleted_again_after_5_s) {
    Held w(answer());
    w.cancel();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.only_message().reason, Reason::canceled);
    w.advance(5s - 1ns);
    EXPECT_EQ(w.scef.calls[Operation::delete_delivery], 1);
    w.advance(1ns);
    EXPECT_EQ(w.scef.calls[Operation::delete_delivery], 2);
    EXPECT_EQ(w.only_message().state, MessageState::canceled);
    EXPECT_TRUE(w.scef.transfers().empty());
    EXPECT_EQ(w.scef.posts, 1);
}

TEST_P(AskedAgain, the_ttl_ends_the_asking) {
    Held w(answer());
    for (int i = 0; i < 100; ++i) w.scef.answers_next(Operation::delete_delivery, answer());
    w.cancel();
    w.advance(1h);
    EXPECT_LE(w.scef.calls[Operation::delete_delivery], 14);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::done);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.scef.posts, 1);
}

INSTANTIATE_TEST_SUITE_P(
    T8, AskedAgain,
    testing::Values(row_of("delete.again", 401), row_of("delete.again", 403),
                    row_of("delete.again", 429), row_of("delete.again", 500),
                    row_of("delete.again", 503),
                    DeletionAnswer{"delete.again", "unanswered", no_answer(Transport::ambiguous)},
                    DeletionAnswer{"delete.again", "unsent", no_answer(Transport::not_sent)}),
    ByRow());

TEST(DeliveryDeletions, delete_again_a_retry_after_is_honoured) {
    nidd::T8Answer busy = http(503);
    busy.retry_after = 40s;
    Held w(busy);
    w.cancel();
    w.advance(40s - 1ns);
    EXPECT_EQ(w.scef.calls[Operation::delete_delivery], 1);
    w.advance(1ns);
    EXPECT_EQ(w.only_message().state, MessageState::canceled);
}

// ---- A status tells first

TEST(DeliveryDeletions, delete_too_late_a_success_before_its_answer_ends_as_delivered) {
    Held w(http(409));
    w.command(adapter::CancelMessage{0, w.only_message().id});
    w.scef.tell_status(w.only_message().transfer_id, "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    w.settle();
    w.comes_all_the_same();
    w.advance(1s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.heard(w.request), coap::codes::changed);
}

}  // namespace
}  // namespace scef::flow
