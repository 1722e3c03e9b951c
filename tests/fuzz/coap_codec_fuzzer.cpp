// What parses is written as the same octets, only confirmable octets earn a reset, and judging a
// request neither crashes nor depends on the elective options that are dropped.
#include <algorithm>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/lwm2m/operation.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

void check_rejection(ByteView octets, const coap::ParseError& error) {
    require(!error.reason.empty(), "a rejection has a reason");
    if (error.rejection == coap::Rejection::ignore) return;
    require(octets.size() >= 4 && octets[0] >> 4 == 4, "only CON of version 1 is reset");
    require(error.message_id == (octets[2] << 8 | octets[3]), "a reset has the message id");
}

bool same(const tl::expected<coap::Message, coap::ParseError>& read, const coap::Message& message) {
    return read.has_value() && *read == message;
}

void check_request(coap::Message request) {
    const auto answer = coap::refuse_request(request);
    require(!answer || answer->code_class() >= 4, "a refusal is an error");
    const bool too_many = request.options.size() > 64;
    coap::drop_bad_elective(request);
    require(too_many || coap::refuse_request(request) == answer,
            "dropping elective options changes nothing");
    require(same(coap::parse(coap::serialize(request)), request), "what is left is a message");
    lwm2m::name_of(lwm2m::classify_downlink(request, false));
    lwm2m::name_of(lwm2m::classify_downlink(request, true));
    lwm2m::name_of(lwm2m::classify_uplink(request));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView octets(data, size);
    const auto message = coap::parse(octets);
    if (!message) {
        check_rejection(octets, message.error());
        return 0;
    }
    require(coap::looks_like_coap(octets), "what parses looks like CoAP");
    const Bytes written = coap::serialize(*message);
    require(std::equal(written.begin(), written.end(), octets.begin(), octets.end()),
            "what parses is written as the same octets");
    require(same(coap::parse(written), *message), "a message survives its octets");
    if (message->code.is_request()) check_request(*message);
    return 0;
}
