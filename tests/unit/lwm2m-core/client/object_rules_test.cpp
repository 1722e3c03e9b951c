#include "lwm2m-core/client/object_rules.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

namespace codes = coap::codes;

class ObjectRules : public ::testing::Test {
protected:
    void set(const Path& path, const Value& value) {
        EXPECT_TRUE(bench.dut.set_value(path, value, bench.turn));
    }
    std::string read(std::string_view path) { return payload_of(bench.get(path)); }
    Bench bench{Bench::with_objects(object_sets::all())};
};

TEST_F(ObjectRules, an_input_counts_the_edges_that_it_is_told_to) {
    for (const bool state : {true, false, true, true}) set(Path(3200, 0, 5500), state);
    EXPECT_EQ(read("/3200/0/5501"), "3");
    bench.write(codes::put, "/3200/0/5504", 0, to_bytes("2"));
    for (const bool state : {false, true, false}) set(Path(3200, 0, 5500), state);
    EXPECT_EQ(read("/3200/0/5501"), "4");
    EXPECT_EQ(bench.post("/3200/0/5505").code, codes::changed);
    EXPECT_EQ(read("/3200/0/5501"), "0");
}

TEST_F(ObjectRules, a_display_is_written_and_cleared) {
    EXPECT_EQ(bench.write(codes::put, "/3341/0/5527", 0, to_bytes("hello")).code, codes::changed);
    bench.observe("/3341/0/5527");
    bench.give(bench.request(codes::post, "/3341/0/5530"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(payload_of(messages[1]), "");
}

TEST_F(ObjectRules, a_new_position_has_its_time) {
    set(Path(6, 0, 0), 48.2);
    EXPECT_EQ(read("/6/0/5"), "1795000000");
}

TEST_F(ObjectRules, reset_leaves_no_error_code_but_0) {
    set(Path(3, 0, 11, 0), std::int64_t{2});
    set(Path(3, 0, 11, 1), std::int64_t{6});
    EXPECT_EQ(bench.post("/3/0/12").code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3/0/11", 110)), R"([{"bn":"/3/0/11/","n":"0","v":0}])");
}

TEST_F(ObjectRules, a_light_sensor_keeps_its_extremes_too) {
    set(Path(3301, 0, 5700), 12.0);
    set(Path(3301, 0, 5700), 900.0);
    EXPECT_EQ(read("/3301/0/5601"), "12");
    EXPECT_EQ(read("/3301/0/5602"), "900");
}

TEST_F(ObjectRules, octets_of_an_application_come_and_go) {
    EXPECT_EQ(
        bench.write(codes::post, "/19", 110, to_bytes(R"([{"bn":"/19/0/","n":"0/0","vd":"AQID"}])"))
            .code,
        codes::created);
    EXPECT_EQ(to_hex(bench.get("/19/0/0/0").payload), "010203");
    EXPECT_EQ(read("/19/0/2"), "1795000000");
    EXPECT_EQ(bench.write(codes::put, "/19/0/0/0", 42, from_hex("ff")).code, codes::changed);
    EXPECT_EQ(to_hex(bench.get("/19/0/0/0").payload), "ff");
}

TEST_F(ObjectRules, a_new_profile_has_its_mandatory_values) {
    EXPECT_EQ(bench.post("/11").code, codes::created);
    EXPECT_EQ(read("/11/1/0"), "profile 1");
    EXPECT_EQ(read("/11/1/4"), "3");
}

}  // namespace
}  // namespace scef::client
