#include "nidd/client/scef_gate.h"

#include <deque>
#include <optional>

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

using Operation = T8Request::Operation;
using Transport = T8Answer::Transport;
using State = CircuitBreaker::State;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Keeps calls until the test answers them.
struct HeldCalls {
    struct Call {
        T8Request request;
        T8Client::Done done;
    };
    std::deque<Call> open;
    std::size_t submitted = 0;
};

class HoldingClient final : public T8Client {
public:
    explicit HoldingClient(HeldCalls& calls) : calls_(calls) {}
    void submit(T8Request request, Done done) override {
        ++calls_.submitted;
        calls_.open.push_back({std::move(request), std::move(done)});
    }

private:
    HeldCalls& calls_;
};

T8Answer answered(int status, std::string body = "{}") {
    T8Answer answer;
    answer.transport = Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

T8Answer failed(Transport transport) {
    T8Answer answer;
    answer.transport = transport;
    return answer;
}

struct Gate : testing::Test {
    boost::asio::io_context context;
    HeldCalls calls;
    SeededRandom random{3};
    Instant now{seconds(100'000)};
    ScefGateOptions options;
    std::unique_ptr<ScefGate> dut;
    std::vector<T8Answer> answers;

    void make() {
        dut = std::make_unique<ScefGate>(context, std::make_unique<HoldingClient>(calls), options,
                                         random, [this] { return now; });
    }
    void submit(Operation operation, std::string id = {}) {
        T8Request request;
        request.operation = operation;
        request.configuration_id = std::move(id);
        dut->submit(std::move(request),
                    [this](T8Answer answer) { answers.push_back(std::move(answer)); });
    }
    void answer_first(T8Answer answer) {
        ASSERT_FALSE(calls.open.empty());
        const HeldCalls::Call call = std::move(calls.open.front());
        calls.open.pop_front();
        call.done(std::move(answer));
    }
    void run_posted() {
        context.restart();
        context.poll();
    }
    void trip() {
        for (unsigned i = 0; i < options.breaker.failures_max; ++i) {
            submit(Operation::create_delivery);
            answer_first(failed(Transport::not_sent));
        }
        answers.clear();
    }
    /// Makes calls that the SCEF throws back.
    void overload(int status) {
        for (int i = 0; i < 500; ++i) {
            submit(Operation::create_delivery);
            if (!calls.open.empty()) answer_first(answered(status));
        }
        run_posted();
        answers.clear();
    }
};

TEST_F(Gate, passes_calls_and_answers_through) {
    make();
    submit(Operation::read_configuration, "c7");

    ASSERT_EQ(calls.open.size(), 1u);
    EXPECT_EQ(calls.open.front().request.configuration_id, "c7");
    answer_first(answered(404, "gone"));
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].status, 404);
    EXPECT_EQ(answers[0].body, "gone");
}

TEST_F(Gate, while_open_everything_is_answered_at_once_as_not_sent) {
    make();
    trip();
    EXPECT_EQ(dut->counters().state, State::open);
    const std::size_t before = calls.submitted;

    for (const Operation operation : {Operation::create_delivery, Operation::delete_delivery,
                                      Operation::create_configuration}) {
        submit(operation);
    }

    EXPECT_TRUE(answers.empty()) << "done before submit returned";
    run_posted();
    ASSERT_EQ(answers.size(), 3u);
    for (const T8Answer& answer : answers) {
        EXPECT_EQ(answer.transport, Transport::not_sent);
        EXPECT_GE(answer.retry_after, seconds(1));
        EXPECT_LE(answer.retry_after, milliseconds(1500));
    }
    EXPECT_EQ(calls.submitted, before);
    EXPECT_EQ(dut->counters().blocked_total, 3u);
}

TEST_F(Gate, a_probe_that_is_answered_lets_all_go_again) {
    make();
    trip();
    now += seconds(1);
    submit(Operation::create_delivery);
    EXPECT_EQ(dut->counters().state, State::half_open);

    answer_first(answered(200));
    submit(Operation::create_delivery);

    EXPECT_EQ(calls.open.size(), 1u);
    EXPECT_EQ(dut->counters().state, State::closed);
    EXPECT_EQ(dut->counters().opened_total, 1u);
}

struct EndRow {
    const char* name;
    Transport transport;
    int status;
    const char* body;
    bool trips;
};

class GateEnd : public Gate, public testing::WithParamInterface<EndRow> {};

TEST_P(GateEnd, counts_for_the_breaker_or_not) {
    const EndRow& row = GetParam();
    T8Answer answer = answered(row.status, row.body);
    answer.transport = row.transport;
    make();

    for (unsigned i = 0; i < options.breaker.failures_max; ++i) {
        submit(Operation::delete_delivery);
        answer_first(answer);
    }

    EXPECT_EQ(dut->counters().state, row.trips ? State::open : State::closed);
}

INSTANTIATE_TEST_SUITE_P(
    Ends, GateEnd,
    testing::Values(EndRow{"expired", Transport::expired, 0, "", false},
                    EndRow{"not_sent", Transport::not_sent, 0, "", true},
                    EndRow{"timed_out", Transport::ambiguous, 0, "", true},
                    EndRow{"empty_500", Transport::answered, 500, "", true},
                    EndRow{"gateway_502", Transport::answered, 502, "<html>", true},
                    EndRow{"gateway_504", Transport::answered, 504, "", true},
                    EndRow{"told_500", Transport::answered, 500, "{}", false},
                    EndRow{"throttled_503", Transport::answered, 503, "", false},
                    EndRow{"refused_401", Transport::answered, 401, "", false},
                    EndRow{"redirected_308", Transport::answered, 308, "", false},
                    EndRow{"done_204", Transport::answered, 204, "", false}),
    [](const auto& row) { return row.param.name; });

TEST_F(Gate, a_scef_that_answers_503_is_spared_in_proportion) {
    make();
    overload(503);
    calls.submitted = 0;

    for (int i = 0; i < 1000; ++i) submit(Operation::create_delivery);
    run_posted();

    EXPECT_LT(calls.submitted, 100u);
    EXPECT_EQ(answers.size(), 1000 - calls.submitted);
    for (const T8Answer& answer : answers) {
        EXPECT_EQ(answer.transport, Transport::not_sent);
        EXPECT_GE(answer.retry_after, seconds(1));
    }
    EXPECT_EQ(dut->counters().state, State::closed);
    EXPECT_GE(dut->counters().shed_total, answers.size());
}

TEST_F(Gate, deletions_lists_and_the_read_of_a_delivery_are_never_shed) {
    make();
    overload(429);
    calls.submitted = 0;

    for (int i = 0; i < 100; ++i) {
        for (const Operation operation :
             {Operation::delete_delivery, Operation::delete_configuration,
              Operation::delete_trigger, Operation::delete_subscription, Operation::list_deliveries,
              Operation::read_delivery, Operation::list_configurations,
              Operation::list_rds_ports}) {
            submit(operation);
        }
    }

    EXPECT_EQ(calls.submitted, 800u);
}

TEST_F(Gate, a_held_call_is_no_refused_one) {
    make();
    for (int i = 0; i < 1000; ++i) submit(Operation::create_delivery);

    EXPECT_EQ(calls.open.size(), 1000u);
}

TEST_F(Gate, what_is_shed_waits_as_long_as_the_scef_asked_for_but_not_for_an_hour) {
    make();
    overload(503);
    T8Answer throttled = answered(503);
    throttled.retry_after = std::chrono::hours(1);
    submit(Operation::delete_delivery);
    answer_first(throttled);

    for (int i = 0; i < 100; ++i) submit(Operation::create_delivery);
    run_posted();

    ASSERT_GT(answers.size(), 1u);
    EXPECT_GE(answers.back().retry_after, seconds(30));
    EXPECT_LE(answers.back().retry_after, seconds(45));
}

TEST_F(Gate, how_long_the_scef_may_hold_everybody_back_is_an_option) {
    options.retry_after_max = std::chrono::minutes(5);
    make();
    overload(503);
    T8Answer throttled = answered(503);
    throttled.retry_after = std::chrono::hours(1);
    submit(Operation::delete_delivery);
    answer_first(throttled);

    for (int i = 0; i < 100; ++i) submit(Operation::create_delivery);
    run_posted();

    ASSERT_GT(answers.size(), 1u);
    EXPECT_GE(answers.back().retry_after, std::chrono::minutes(5));
}

TEST_F(Gate, it_opens_after_as_many_failures_as_its_options_say) {
    options.breaker = {2, seconds(10), seconds(10)};
    make();
    trip();
    submit(Operation::create_delivery);
    EXPECT_TRUE(calls.open.empty());
    now += seconds(4);
    submit(Operation::create_delivery);
    EXPECT_TRUE(calls.open.empty()) << "half of the back-off is certain";
    now += seconds(6);
    submit(Operation::create_delivery);
    EXPECT_EQ(calls.open.size(), 1u);
}

TEST_F(Gate, nothing_is_shed_if_the_share_is_none) {
    options.shedding.probability_max = 0;
    make();
    overload(503);
    for (int i = 0; i < 100; ++i) submit(Operation::create_delivery);
    EXPECT_EQ(calls.open.size(), 100u);
}

TEST_F(Gate, creations_wait_in_order_and_other_calls_pass_them) {
    options.creations_per_second = 10;
    make();
    for (const char* id : {"1", "2", "3"}) submit(Operation::create_configuration, id);
    submit(Operation::create_delivery, "d");

    ASSERT_EQ(calls.open.size(), 2u);
    EXPECT_EQ(calls.open[0].request.configuration_id, "1");
    EXPECT_EQ(calls.open[1].request.configuration_id, "d");
    EXPECT_EQ(dut->counters().creations_waiting, 2u);
    now += milliseconds(100);
    submit(Operation::create_configuration, "4");
    ASSERT_EQ(calls.open.size(), 3u) << "one turn came";
    EXPECT_EQ(calls.open[2].request.configuration_id, "2");
}

TEST_F(Gate, a_turn_comes_by_its_timer) {
    options.creations_per_second = 1000;
    make();
    dut = std::make_unique<ScefGate>(context, std::make_unique<HoldingClient>(calls), options,
                                     random);
    for (int i = 0; i < 20; ++i) submit(Operation::create_configuration);
    EXPECT_LT(calls.open.size(), 20u);

    context.restart();
    context.run_for(seconds(10));

    EXPECT_EQ(calls.open.size(), 20u);
    EXPECT_EQ(dut->counters().creations_waiting, 0u);
}

TEST_F(Gate, zero_creations_a_second_is_no_limit) {
    options.creations_per_second = 0;
    make();
    for (int i = 0; i < 1000; ++i) submit(Operation::create_configuration);

    EXPECT_EQ(calls.open.size(), 1000u);
}

TEST_F(Gate, creations_that_wait_are_answered_when_the_breaker_opens) {
    options.creations_per_second = 10;
    make();
    for (int i = 0; i < 5; ++i) submit(Operation::create_configuration);
    answer_first(answered(201));
    trip();

    submit(Operation::create_configuration);
    run_posted();

    EXPECT_EQ(answers.size(), 5u);
    EXPECT_EQ(dut->counters().creations_waiting, 0u);
}

TEST_F(Gate, after_its_end_nothing_is_called) {
    options.creations_per_second = 1000;
    make();
    trip();
    submit(Operation::create_delivery);
    now += seconds(1);
    submit(Operation::create_configuration);
    submit(Operation::create_configuration);

    dut.reset();
    context.restart();
    context.run_for(seconds(1));

    EXPECT_TRUE(answers.empty());
}

TEST_F(Gate, counts_calls_by_operation_outcome_and_duration) {
    make();
    submit(Operation::create_delivery);
    submit(Operation::create_delivery);
    now += milliseconds(70);
    answer_first(answered(200));
    now += seconds(100);
    answer_first(answered(500, "{}"));

    const GateCounters counters = dut->counters();
    const auto& counts = counters.operations[static_cast<std::size_t>(Operation::create_delivery)];
    EXPECT_EQ(counts.results[result_of(answered(200))], 1u);
    EXPECT_EQ(counts.results[result_of(answered(500, "{}"))], 1u);
    EXPECT_EQ(counts.durations[4], 1u) << "up to 100 ms";
    EXPECT_EQ(counts.durations.back(), 1u) << "more than the last bound";
    EXPECT_EQ(counts.duration_sum, milliseconds(70 + 100'070));
}

struct OutcomeRow {
    const char* name;
    Transport transport;
    int status;
};

class CallOutcomeOf : public testing::TestWithParam<OutcomeRow> {};

TEST_P(CallOutcomeOf, has_its_name) {
    T8Answer answer = answered(GetParam().status);
    answer.transport = GetParam().transport;

    EXPECT_EQ(name_of(outcome_of(answer)), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Outcomes, CallOutcomeOf,
                         testing::Values(OutcomeRow{"success", Transport::answered, 201},
                                         OutcomeRow{"redirect", Transport::answered, 307},
                                         OutcomeRow{"client_error", Transport::answered, 404},
                                         OutcomeRow{"throttled", Transport::answered, 429},
                                         OutcomeRow{"server_error", Transport::answered, 500},
                                         OutcomeRow{"not_sent", Transport::not_sent, 0},
                                         OutcomeRow{"ambiguous", Transport::ambiguous, 0}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace scef::nidd
