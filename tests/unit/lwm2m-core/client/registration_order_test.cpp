#include "lwm2m-core/client/registration_order.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;

/// Three servers whose accounts the device's maker has set; frames are given with their pipe.
class RegistrationOrderTest : public ::testing::Test {
protected:
    void set(std::uint16_t server, std::uint16_t resource, const Value& value) {
        EXPECT_TRUE(bench.dut.set_value(Path(1, server, resource), value, bench.turn));
    }
    void order(std::uint16_t server, std::int64_t place, std::int64_t delay = 0) {
        set(server, server_ids::priority_order, place);
        set(server, server_ids::initial_delay, delay);
    }
    /// By which pipes Registers went out since.
    std::vector<std::size_t> registers() {
        std::vector<std::size_t> pipes;
        for (PipeFrame& frame : bench.dut.take_frames()) {
            last[frame.pipe] = *coap::parse(frame.data);
            if (last[frame.pipe].path_text() == "/rd") pipes.push_back(frame.pipe);
        }
        return pipes;
    }
    void answer(std::size_t pipe, coap::Code code) {
        bench.pipe = pipe;
        bench.give(coap::make_response(last[pipe], code));
    }
    using Pipes = std::vector<std::size_t>;
    Bench bench{Bench::with_servers(3)};
    std::array<coap::Message, 3> last;
};

TEST_F(RegistrationOrderTest, accounts_without_an_order_register_at_once) {
    bench.dut.start(bench.turn);
    EXPECT_EQ(registers(), (Pipes{0, 1, 2}));
}

TEST_F(RegistrationOrderTest, ordered_accounts_wait_for_each_other_and_their_delays) {
    order(0, 20);
    order(1, 10, 30);
    order(2, 30, 5);
    bench.dut.start(bench.turn);
    bench.advance(29s);
    EXPECT_EQ(registers(), Pipes{});
    bench.advance(1s);
    EXPECT_EQ(registers(), Pipes{1});
    bench.advance(10s);
    answer(1, codes::created);
    EXPECT_EQ(registers(), Pipes{0});
    answer(0, codes::created);
    bench.advance(4s);
    EXPECT_EQ(registers(), Pipes{});
    bench.advance(1s);
    EXPECT_EQ(registers(), Pipes{2});
}

TEST_F(RegistrationOrderTest, a_server_that_fails_for_good_lets_the_next_go_on) {
    order(0, 1);
    order(1, 2);
    set(0, server_ids::retry_count, std::int64_t{2});
    set(0, server_ids::retry_timer, std::int64_t{10});
    bench.dut.start(bench.turn);
    EXPECT_EQ(registers(), (Pipes{0, 2}));  // 2 has no order
    answer(0, codes::forbidden);
    EXPECT_EQ(registers(), Pipes{});
    bench.advance(10s);
    EXPECT_EQ(registers(), Pipes{0});
    answer(0, codes::forbidden);
    EXPECT_EQ(registers(), Pipes{1});
}

TEST_F(RegistrationOrderTest, a_failure_block_holds_the_others_until_it_succeeds) {
    order(0, 1);
    order(1, 2);
    set(0, server_ids::retry_count, std::int64_t{1});
    set(0, server_ids::sequence_delay, std::int64_t{60});
    set(0, server_ids::failure_block, true);
    bench.dut.start(bench.turn);
    EXPECT_EQ(registers(), (Pipes{0, 2}));
    answer(2, codes::created);
    answer(0, codes::forbidden);
    bench.advance(59s);
    EXPECT_EQ(registers(), Pipes{});
    bench.advance(1s);
    EXPECT_EQ(registers(), Pipes{0});
    answer(0, codes::created);
    EXPECT_EQ(registers(), Pipes{1});
}

}  // namespace
}  // namespace scef::client
