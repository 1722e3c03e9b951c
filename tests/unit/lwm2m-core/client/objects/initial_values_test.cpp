#include "lwm2m-core/client/objects/initial_values.h"

#include "lwm2m-core/client/objects/definitions.h"
#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

TEST(InitialValues, resources_may_begin_with_other_values) {
    ClientSettings settings = Bench::with_objects(object_sets::all());
    settings.initial_values = {
        {Path(11, 0, 26), "30"}, {Path(1, 0, 13), "2"}, {Path(99, 0, 1), "x"}};
    Bench bench(settings);
    EXPECT_EQ(payload_of(bench.get("/11/0/26")), "30");
    EXPECT_EQ(integer_at(bench.dut.model(), Path(1, 0, 13)), 2);
}

TEST(InitialValues, a_value_that_does_not_fit_says_so) {
    ObjectModel model;
    add_initial_objects(model, Bench::default_settings());
    EXPECT_TRUE(set_initial(model, Path(3, 0, 9), "12"));
    EXPECT_EQ(set_initial(model, Path(3, 0, 9), "full").error().code, Errc::invalid_argument);
    EXPECT_EQ(set_initial(model, Path(3, 0, 4), "1").error().code, Errc::not_found);
    EXPECT_EQ(set_initial(model, Path(3, 1, 9), "1").error().code, Errc::not_found);
    EXPECT_EQ(set_initial(model, Path(4, 0, 2), "1").error().code, Errc::not_found);
}

TEST(InitialValues, a_device_has_the_objects_it_is_given_and_always_accounts_and_object_3) {
    Bench bench(Bench::with_objects({ids::location}));
    std::vector<std::uint16_t> present;
    for (const Object& object : bench.dut.model().objects())
        present.push_back(object.definition->id);
    EXPECT_EQ(present, (std::vector<std::uint16_t>{0, 1, 3, 6}));
}

TEST(InitialValues, what_a_full_device_registers_fits_one_block) {
    Bench bench(Bench::with_objects(object_sets::all()));
    bench.dut.start(bench.turn);
    const std::string links = payload_of(bench.only_frame());
    EXPECT_LT(links.size(), 512U);
    EXPECT_NE(links.find("</2>,"), std::string::npos) << links;
    EXPECT_NE(links.find("</11>;ver=1.1,</11/0>,"), std::string::npos) << links;
    EXPECT_EQ(links.find("</0"), std::string::npos) << links;
}

}  // namespace
}  // namespace scef::client
