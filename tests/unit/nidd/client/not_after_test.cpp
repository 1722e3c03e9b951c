#include <utility>
#include <vector>

#include "nidd/client/scef_gate.h"
#include "tests/unit/nidd/client/client_fixture.h"
#include "tests/unit/nidd/raw_socket.h"

/// `T8Request::not_after`: what has outlived its TTL never leaves.
namespace scef::nidd {
namespace {

using namespace test;
using Transport = T8Answer::Transport;
using namespace std::chrono_literals;

struct NotAfter : ClientFixture {};

TEST_F(NotAfter, what_may_not_leave_any_more_is_never_written) {
    ScriptedServer scef([&scef](RawSocket& peer, std::size_t) {
        while (!scef.take(peer).empty()) peer.send(response(200, "{}"));
    });
    make(scef.url());
    EXPECT_EQ(call().status, 200);  // so that a connection is free
    T8Request late = delivery();
    late.not_after = ScefGate::steady_now();

    EXPECT_EQ(call(late).transport, Transport::expired);

    T8Request in_time = delivery();
    in_time.not_after = ScefGate::steady_now() + 1min;
    EXPECT_EQ(call(in_time).status, 200);
    EXPECT_EQ(scef.requests().size(), 2u);
}

TEST_F(NotAfter, who_waits_for_a_connection_beyond_its_time_is_answered_then_and_not_written) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) { peer.read_to_end(); });
    options.connections_max = 1;
    make(scef.url());
    dut->submit(delivery(), [](const T8Answer&) {});
    run_until([&scef] { return scef.connections() == 1; });
    std::vector<std::pair<int, Transport>> endings;
    // The one that came later is the first whose time is over.
    for (const auto& [number, wait] : {std::pair(1, 400ms), std::pair(2, 200ms)}) {
        T8Request request = delivery();
        request.not_after = ScefGate::steady_now() + wait;
        dut->submit(request, [&endings, number = number](const T8Answer& answer) {
            endings.emplace_back(number, answer.transport);
        });
    }

    EXPECT_TRUE(run_until([&endings] { return endings.size() == 2; }));

    EXPECT_EQ(endings,
              (std::vector{std::pair(2, Transport::expired), std::pair(1, Transport::expired)}));
    dut.reset();
}

TEST_F(NotAfter, it_is_counted_as_an_outcome_of_its_own) {
    T8Answer answer;
    answer.transport = Transport::expired;

    EXPECT_EQ(name_of(outcome_of(answer)), "expired");
    EXPECT_EQ(call_results.at(result_of(answer)).code, "none");
}

}  // namespace
}  // namespace scef::nidd
