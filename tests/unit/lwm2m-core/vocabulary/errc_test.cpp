#include <set>

#include <gtest/gtest.h>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef {
namespace {

constexpr int kinds = static_cast<int>(Errc::internal) + 1;

TEST(Errc, every_kind_has_its_own_name) {
    std::set<std::string_view> names;
    for (int i = 0; i < kinds; ++i) names.insert(name_of(static_cast<Errc>(i)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(kinds));
}

TEST(Errc, every_kind_is_an_error_in_http_and_in_coap) {
    for (int i = 0; i < kinds; ++i) {
        const Errc code = static_cast<Errc>(i);
        EXPECT_GE(http_status_of(code), 400) << name_of(code);
        EXPECT_LT(http_status_of(code), 600) << name_of(code);
        const unsigned code_class = coap::Code::from_octet(coap_code_of(code)).code_class();
        EXPECT_TRUE(code_class == 4 || code_class == 5) << name_of(code);
    }
}

TEST(Errc, maps_to_the_codes_that_peers_act_on) {
    EXPECT_EQ(http_status_of(Errc::too_large), 413);
    EXPECT_EQ(coap_code_of(Errc::too_large), coap::codes::request_entity_too_large.octet);
    EXPECT_EQ(coap_code_of(Errc::queue_full), coap::codes::service_unavailable.octet);
    EXPECT_EQ(http_status_of(Errc::quota_exceeded), 429);
    EXPECT_EQ(coap_code_of(Errc::quota_exceeded), coap::codes::too_many_requests.octet);
}

TEST(Errc, a_failure_carries_its_kind_and_its_sentence) {
    const Result<int> result = fail(Errc::conflict, "it is there already");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::conflict);
    EXPECT_EQ(result.error().message, "it is there already");
}

}  // namespace
}  // namespace scef
