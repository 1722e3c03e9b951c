#include "lwm2m-core/client/attributes.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

namespace codes = coap::codes;

TEST(Attributes, every_name_is_kept_and_listed) {
    Bench bench;
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=1", "pmax=9", "gt=5.5", "lt=-2",
                                                      "st=0.25", "epmin=2", "epmax=4", "con=1"}),
              codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 40)),
              "</3303/0/5700>;pmin=1;pmax=9;gt=5.5;lt=-2;st=0.25;epmin=2;epmax=4;con=1");
}

TEST(Attributes, a_name_without_a_value_takes_it_away) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmin=1", "gt=5"});
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"gt"}), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 40)), "</3303/0/5700>;pmin=1");
}

TEST(Attributes, nonsense_is_refused_and_changes_nothing) {
    Bench bench;
    for (const std::string_view query :
         {"pmin=-1", "pmin=1.5", "pmin=", "pmax=4294967296", "gt=nan", "gt=inf", "st=0", "st=-1",
          "epmin=x", "con=2", "con=true", "dim=3", "ver=1.1", "edge=1", "=1", ""}) {
        EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmax=60", query}), codes::bad_request)
            << query;
    }
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 40)), "</3303/0/5700>");
}

TEST(Attributes, thresholds_must_leave_room_between_them) {
    Bench bench;
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"lt=10", "gt=10"}), codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"lt=10", "gt=12", "st=1"}),
              codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"lt=10", "gt=12.5", "st=1"}), codes::changed);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"st=2"}), codes::bad_request);
}

TEST(Attributes, thresholds_are_for_numbers_and_periods_for_every_level) {
    Bench bench;
    EXPECT_EQ(bench.write_attributes("/3/0/0", {"gt=1"}), codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303", {"st=1"}), codes::bad_request);
    for (const std::string_view path : {"/3303", "/3303/0", "/3303/0/5700", "/3/0/7/1"}) {
        EXPECT_EQ(bench.write_attributes(path, {"pmin=1", "pmax=2", "epmin=1", "epmax=3"}),
                  codes::changed)
            << path;
    }
    EXPECT_EQ(bench.write_attributes("/", {"pmin=1"}), codes::method_not_allowed);
    EXPECT_EQ(bench.write_attributes("/3303/0/5999", {"pmin=1"}), codes::not_found);
}

TEST(Attributes, each_server_has_its_own) {
    Bench bench(Bench::with_servers(2));
    bench.registered();
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=7"}), codes::changed);
    bench.pipe = 1;
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 40)), "</3303/0/5700>");
}

}  // namespace
}  // namespace scef::client
