#include "scef-adapter/ctl/coap_request.h"

#include <gtest/gtest.h>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/lwm2m/operation.h"

namespace scef::ctl {
namespace {

coap::Message made(const char* text) {
    const auto octets = coap_request(text);
    EXPECT_TRUE(octets) << text;
    return *coap::parse(*octets);
}

TEST(CoapRequest, is_made_from_method_and_path) {
    const coap::Message request = made("GET /3/0/0");
    EXPECT_EQ(request.code, coap::codes::get);
    EXPECT_EQ(request.type, coap::Type::confirmable);
    EXPECT_EQ(request.path_text(), "/3/0/0");
    EXPECT_TRUE(request.payload.empty());
}

TEST(CoapRequest, takes_a_payload_as_plain_text) {
    const coap::Message request = made("PUT /1/0/1 3 00");
    EXPECT_EQ(as_text(request.payload), "3 00");
    EXPECT_EQ(request.uint_option(coap::options::content_format), 0U);
}

TEST(CoapRequest, takes_a_query) {
    const coap::Message request = made("PUT /3303/0?pmin=10&pmax=60");
    EXPECT_EQ(request.query("pmax"), "60");
    EXPECT_EQ(lwm2m::classify_downlink(request, false), lwm2m::Operation::write_attributes);
}

TEST(CoapRequest, observe_is_a_get_that_observes) {
    const coap::Message request = made("OBSERVE /3303/0/5700");
    EXPECT_EQ(request.uint_option(coap::options::observe), 0U);
    EXPECT_EQ(lwm2m::classify_downlink(request, false), lwm2m::Operation::observe);
}

TEST(CoapRequest, refuses_what_it_does_not_understand) {
    for (const char* text : {"", "GET", "GET 3/0/0", "get /3", "READ /3", "GET /../x"}) {
        EXPECT_FALSE(coap_request(text)) << text;
    }
}

}  // namespace
}  // namespace scef::ctl
