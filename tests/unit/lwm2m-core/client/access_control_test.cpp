#include "lwm2m-core/client/access_control.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

namespace codes = coap::codes;

/// Two servers; the lists of object 2 are changed as the device's maker would.
class AccessControlTest : public ::testing::Test {
protected:
    void SetUp() override { bench.registered(); }

    Path list_of(std::uint16_t object, std::uint16_t instance) {
        for (const Instance& list : bench.dut.model().object(2)->instances) {
            const Path path(2, list.id);
            if (integer_at(bench.dut.model(), path.child(0)) == object &&
                integer_at(bench.dut.model(), path.child(1)) == instance) {
                return path;
            }
        }
        ADD_FAILURE() << "no list of /" << object << '/' << instance;
        return Path(2, 99);
    }
    void set(const Path& path, std::int64_t value) {
        EXPECT_TRUE(bench.dut.set_value(path, value, bench.turn));
        bench.take();
    }
    /// What server 2 may do with /3303/0.
    void allow(std::int64_t rights) {
        set(list_of(3303, 0).child(2).child(2), rights);
        bench.pipe = 1;
    }
    coap::Code write_place() {
        return bench.write(codes::put, "/3303/0/5750", 0, to_bytes("cellar")).code;
    }

    Bench bench{Bench::with_servers(2)};
};

TEST_F(AccessControlTest, at_first_each_server_may_use_everything_but_the_others_account) {
    bench.pipe = 1;
    EXPECT_EQ(bench.get("/3303/0/5700").code, codes::content);
    EXPECT_EQ(write_place(), codes::changed);
    EXPECT_EQ(bench.write(codes::put, "/1/1/2", 0, to_bytes("5")).code, codes::changed);
    EXPECT_EQ(bench.get("/1/0/1").code, codes::content);
    EXPECT_EQ(bench.write(codes::put, "/1/0/2", 0, to_bytes("5")).code, codes::unauthorized);
    EXPECT_EQ(bench.post("/1/0/8").code, codes::unauthorized);
}

TEST_F(AccessControlTest, each_right_allows_its_operations_alone) {
    allow(1);
    EXPECT_EQ(bench.get("/3303/0/5700").code, codes::content);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=1"}), codes::changed);
    EXPECT_EQ(write_place(), codes::unauthorized);
    allow(2);
    EXPECT_EQ(write_place(), codes::changed);
    EXPECT_EQ(bench.get("/3303/0/5700").code, codes::unauthorized);
    EXPECT_EQ(bench.observe("/3303/0/5700").code, codes::unauthorized);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=1"}), codes::unauthorized);
    EXPECT_EQ(bench.post("/3303/0/5605").code, codes::unauthorized);
    allow(4);
    EXPECT_EQ(bench.post("/3303/0/5605").code, codes::changed);
    EXPECT_EQ(bench.ask(bench.request(codes::del, "/3303/0")).code, codes::unauthorized);
    EXPECT_EQ(bench.get("/3303/0", 40).code, codes::content);  // Discover needs no right
}

TEST_F(AccessControlTest, what_may_not_be_read_is_left_out_of_an_object_and_of_a_composite) {
    allow(0);
    const coap::Message object = bench.get("/3303", 110);
    EXPECT_EQ(payload_of(object).find("21.5"), std::string::npos);
    EXPECT_NE(payload_of(object).find("7.25"), std::string::npos);
    const Bytes asked = to_bytes(R"([{"n":"/3303/0/5700"},{"n":"/3303/1/5700"}])");
    EXPECT_EQ(payload_of(bench.write(codes::fetch, "", 110, asked)),
              R"([{"n":"/3303/1/5700","v":7.25}])");
    const Bytes written = to_bytes(R"([{"n":"/3303/0/5750","vs":"x"}])");
    EXPECT_EQ(bench.write(codes::ipatch, "", 110, written).code, codes::unauthorized);
}

TEST_F(AccessControlTest, who_creates_an_instance_owns_it_and_the_others_may_do_nothing) {
    bench.pipe = 1;
    bench.give(bench.request(codes::post, "/3303"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 3U);  // the Updates of both servers besides
    EXPECT_EQ(messages[1].code, codes::created);
    EXPECT_EQ(bench.get("/3303/2/5700").code, codes::content);
    EXPECT_EQ(integer_at(bench.dut.model(), list_of(3303, 2).child(3)), 2);
    bench.pipe = 0;
    EXPECT_EQ(bench.get("/3303/2/5700").code, codes::unauthorized);
    const std::string list = list_of(3303, 2).text();
    EXPECT_EQ(bench.get(list + "/3").code, codes::content);
    EXPECT_EQ(bench.write(codes::put, list + "/3", 0, to_bytes("1")).code, codes::unauthorized);
    bench.pipe = 1;
    EXPECT_EQ(bench.write(codes::put, list + "/3", 0, to_bytes("1")).code, codes::changed);
    EXPECT_EQ(bench.get("/3303/2/5700").code, codes::unauthorized);  // given away
}

TEST_F(AccessControlTest, without_the_right_to_create_there_is_no_create) {
    set(list_of(3303, AccessControl::whole_object).child(2).child(0), 0);
    EXPECT_EQ(bench.post("/3303").code, codes::unauthorized);
    EXPECT_EQ(bench.post("/2").code, codes::method_not_allowed);
}

TEST_F(AccessControlTest, with_an_instance_its_list_goes) {
    const auto lists = bench.dut.model().object(2)->instances.size();
    bench.give(bench.request(codes::del, "/3303/1"));
    EXPECT_EQ(bench.take().front().code, codes::deleted);
    EXPECT_EQ(bench.dut.model().object(2)->instances.size(), lists - 1);
}

TEST_F(AccessControlTest, a_right_that_is_withdrawn_ends_the_observation) {
    bench.pipe = 1;
    EXPECT_EQ(bench.observe("/3303/0/5700").code, codes::content);
    allow(2);
    bench.measure(30);
    EXPECT_EQ(bench.only_frame().code, codes::unauthorized);
    EXPECT_EQ(bench.dut.session(1).notifier().size(), 0U);
}

TEST(AccessControl, one_server_alone_may_do_everything) {
    Bench bench(Bench::with_objects(object_sets::all()));
    bench.registered();
    EXPECT_EQ(bench.get("/11/0/1").code, codes::content);
    EXPECT_EQ(bench.write(codes::put, "/11/0/1", 0, to_bytes("other")).code, codes::changed);
    EXPECT_EQ(bench.dut.model().object(2)->instances.size(), 0U);
}

}  // namespace
}  // namespace scef::client
