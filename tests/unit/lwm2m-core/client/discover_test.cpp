#include "lwm2m-core/client/discover.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

namespace codes = coap::codes;

/// The attributes of the specification's example, on the device object.
class DiscoverTest : public ::testing::Test {
protected:
    void SetUp() override {
        EXPECT_EQ(bench.write_attributes("/3", {"pmin=10"}), codes::changed);
        EXPECT_EQ(bench.write_attributes("/3/0", {"pmax=60"}), codes::changed);
        EXPECT_EQ(bench.write_attributes("/3/0/7/0", {"gt=50", "lt=42.2"}), codes::changed);
    }
    std::string discover(std::string_view path, std::string_view depth = {}) {
        coap::Message request = bench.request(codes::get, path);
        request.add_uint(coap::options::accept, 40);
        if (!depth.empty()) request.add_text(coap::options::uri_query, depth);
        return payload_of(bench.ask(request));
    }
    Bench bench;
};

TEST_F(DiscoverTest, an_object_shows_its_own_attributes_and_those_below_in_their_place) {
    const std::string links = discover("/3");
    EXPECT_TRUE(links.starts_with("</3>;ver=1.1;pmin=10,</3/0>;pmax=60,</3/0/0>,")) << links;
    EXPECT_NE(links.find("</3/0/7>;dim=2,"), std::string::npos) << links;
    EXPECT_EQ(links.find("</3/0/7/0>"), std::string::npos) << links;
}

TEST_F(DiscoverTest, the_target_shows_all_attributes_that_hold_for_it) {
    EXPECT_TRUE(discover("/3/0").starts_with("</3/0>;pmin=10;pmax=60,</3/0/0>,"));
    EXPECT_EQ(discover("/3/0/7"),
              "</3/0/7>;dim=2;pmin=10;pmax=60,</3/0/7/0>;gt=50;lt=42.2,</3/0/7/1>");
}

TEST_F(DiscoverTest, depth_says_how_far_down_it_goes) {
    EXPECT_EQ(discover("/3", "depth=0"), "</3>;ver=1.1;pmin=10");
    EXPECT_EQ(discover("/3", "depth=1"), "</3>;ver=1.1;pmin=10,</3/0>;pmax=60");
    EXPECT_NE(discover("/3", "depth=3").find("</3/0/7/1>"), std::string::npos);
    EXPECT_EQ(discover("/3/0/7", "depth=0"), "</3/0/7>;dim=2;pmin=10;pmax=60");
    EXPECT_EQ(discover("/3", "depth=4"), "");
    EXPECT_EQ(discover("/3", "depth="), "");
}

TEST_F(DiscoverTest, what_cannot_be_listed_says_so) {
    EXPECT_EQ(bench.get("/", 40).code, codes::method_not_allowed);
    EXPECT_EQ(bench.get("/3/0/7/0", 40).code, codes::method_not_allowed);
    EXPECT_EQ(bench.get("/3/0/8", 40).code, codes::not_found);
}

}  // namespace
}  // namespace scef::client
