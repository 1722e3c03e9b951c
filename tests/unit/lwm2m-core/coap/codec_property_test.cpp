#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "lwm2m-core/coap/codec.h"

namespace scef::coap {
namespace {

Bytes some_octets(std::size_t size_max) {
    const auto size = *rc::gen::inRange<std::size_t>(0, size_max + 1);
    return *rc::gen::container<Bytes>(size, rc::gen::arbitrary<std::uint8_t>());
}

/// Any message that the standard allows: its options in any order.
Message some_message() {
    Message message;
    message.type = *rc::gen::element(Type::confirmable, Type::non_confirmable);
    const auto code_class = *rc::gen::element(0u, 2u, 4u, 5u);
    if (code_class > 0) {
        message.type =
            *rc::gen::element(Type::confirmable, Type::non_confirmable, Type::acknowledgement);
    }
    message.code = Code(code_class, *rc::gen::inRange(code_class == 0 ? 1u : 0u, 32u));
    message.message_id = *rc::gen::arbitrary<std::uint16_t>();
    message.token = Token(some_octets(8));
    const auto count = *rc::gen::inRange(0, 10);
    for (int i = 0; i < count; ++i) {
        const auto number = *rc::gen::oneOf(rc::gen::inRange<std::uint16_t>(0, 300),
                                            rc::gen::arbitrary<std::uint16_t>());
        message.add(number, some_octets(20));
    }
    message.payload = some_octets(40);
    return message;
}

/// Octets that look like a message: a real one with some octets replaced, added or cut.
Bytes some_datagram() {
    Bytes octets = serialize(some_message());
    const auto edits = *rc::gen::inRange(0, 4);
    for (int i = 0; i < edits && !octets.empty(); ++i) {
        const auto place = *rc::gen::inRange<std::size_t>(0, octets.size());
        octets[place] = *rc::gen::arbitrary<std::uint8_t>();
    }
    if (*rc::gen::inRange(0, 4) == 0) octets.resize(octets.size() / 2);
    return octets;
}

TEST(CodecProperty, every_valid_message_survives_its_octets) {
    EXPECT_TRUE(rc::check("message, octets, message", [] {
        const Message message = some_message();
        const auto read = parse(serialize(message));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == message);
    }));
}

TEST(CodecProperty, octets_that_parse_are_written_the_same) {
    EXPECT_TRUE(rc::check("octets, message, octets", [] {
        const Bytes octets = some_datagram();
        const auto message = parse(octets);
        RC_CLASSIFY(message.has_value(), "parses");
        if (message) RC_ASSERT(serialize(*message) == octets);
    }));
}

TEST(CodecProperty, only_confirmable_octets_are_answered_with_a_reset) {
    EXPECT_TRUE(rc::check("rejections", [] {
        const Bytes octets = some_datagram();
        const auto message = parse(octets);
        if (message || message.error().rejection == Rejection::ignore) return;
        RC_ASSERT((octets[0] >> 4) == 4);
        const int message_id = octets[2] << 8 | octets[3];
        RC_ASSERT(message.error().message_id == message_id);
    }));
}

TEST(CodecProperty, dropping_bad_elective_options_never_changes_the_verdict) {
    EXPECT_TRUE(rc::check("same verdict", [] {
        Message message = some_message();
        const auto before = refuse_request(message);
        drop_bad_elective(message);
        RC_ASSERT(refuse_request(message) == before);
        const Message once = message;
        drop_bad_elective(message);
        RC_ASSERT(message == once);
    }));
}

}  // namespace
}  // namespace scef::coap
