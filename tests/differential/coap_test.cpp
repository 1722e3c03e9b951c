#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "lwm2m-core/coap/codec.h"
#include "tests/differential/libcoap.h"
#include "tests/differential/seed.h"

namespace scef::differential {
namespace {

using coap::Message;
using coap::Type;

std::uint16_t some_number(Chance& chance) {
    if (chance.flag()) {
        return chance.one_of<std::uint16_t>({1, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 17, 23, 27, 60});
    }
    return static_cast<std::uint16_t>(chance.below(chance.flag() ? 65536 : 400));
}

/// Sizes around the limits of the length field (RFC 7252 3.1).
Bytes some_value(Chance& chance, std::uint16_t number) {
    const Sizes sizes = sizes_in_libcoap(number);
    const std::size_t size = chance.one_of({0U, 1U, 4U, 12U, 13U, 14U, 255U, 268U, 269U, 300U});
    Bytes value(std::clamp(size, sizes.least, sizes.most));
    for (std::uint8_t& octet : value) octet = static_cast<std::uint8_t>(chance.below(256));
    return value;
}

Message some_message(Chance& chance) {
    Message message;
    const auto code_class = static_cast<unsigned>(chance.one_of({0, 2, 4, 5}));
    message.code = coap::Code(code_class, static_cast<unsigned>(1 + chance.below(31)));
    message.type = static_cast<Type>(chance.below(code_class == 0 ? 2 : 3));
    message.message_id = static_cast<std::uint16_t>(chance.below(65536));
    message.token = coap::Token(chance.octets(8));
    for (std::uint64_t left = chance.below(8); left > 0; --left) {
        const std::uint16_t number = some_number(chance);
        message.add(number, some_value(chance, number));
    }
    message.payload = chance.octets(60);
    return message;
}

/// A message with some octets replaced, cut or added, or octets that never were one.
Bytes some_datagram(Chance& chance) {
    if (chance.below(8) == 0) return chance.octets(24);
    Bytes octets = coap::serialize(some_message(chance));
    for (std::uint64_t edits = chance.below(3); edits > 0; --edits) {
        octets[chance.below(std::min<std::size_t>(octets.size(), 24))] =
            static_cast<std::uint8_t>(chance.below(256));
    }
    if (chance.below(6) == 0) octets.resize(chance.below(octets.size()));
    if (chance.below(6) == 0) octets.push_back(0xff);
    return octets;
}

TEST(CoapAgainstLibcoap, what_we_write_libcoap_reads_as_the_same_message) {
    Chance chance(seed_of_run());
    for (int i = 0; i < 3000; ++i) {
        const Message message = some_message(chance);
        const Bytes octets = coap::serialize(message);
        const auto read = parse_with_libcoap(octets);
        ASSERT_TRUE(read) << "SCEF_SEED=" << seed_of_run() << " message " << i << ": "
                          << to_hex(octets);
        ASSERT_EQ(*read, message) << "SCEF_SEED=" << seed_of_run() << ": " << to_hex(octets);
    }
}

/// The message as libcoap sends it unchanged. It does not write an option again that is not
/// repeatable, adds Hop-Limit to a request for a proxy (RFC 8768) and its address to the diagnostic
/// payload of a 5.08.
Message as_libcoap_sends(Message message) {
    if (message.code == coap::Code(5, 8)) message.code = coap::codes::bad_gateway;
    message.remove(coap::options::proxy_uri);
    message.remove(coap::options::proxy_scheme);
    auto& options = message.options;
    options.erase(std::unique(options.begin(), options.end(),
                              [](const auto& a, const auto& b) { return a.number == b.number; }),
                  options.end());
    return message;
}

TEST(CoapAgainstLibcoap, what_libcoap_sends_are_our_octets) {
    Chance chance(seed_of_run());
    LibcoapSender sender;
    for (int i = 0; i < 400; ++i) {
        const Message message = as_libcoap_sends(some_message(chance));
        const Bytes octets = sender.octets_of(message);
        ASSERT_FALSE(octets.empty())
            << "SCEF_SEED=" << seed_of_run() << ": " << to_hex(coap::serialize(message));
        ASSERT_EQ(to_hex(octets), to_hex(coap::serialize(message)))
            << "SCEF_SEED=" << seed_of_run() << " message " << i;
        ASSERT_EQ(coap::parse(octets), message);
    }
}

TEST(CoapAgainstLibcoap, octets_are_accepted_by_both_or_by_none_but_for_known_differences) {
    Chance chance(seed_of_run());
    std::map<std::string_view, int> accepted, refused, differences;
    for (int i = 0; i < 20000; ++i) {
        const Bytes octets = some_datagram(chance);
        const auto ours = coap::parse(octets);
        const auto theirs = parse_with_libcoap(octets);
        SCOPED_TRACE("SCEF_SEED=" + std::to_string(seed_of_run()) + ": " + to_hex(octets));
        if (ours && theirs) {
            ASSERT_EQ(*ours, *theirs);
            ++accepted["both"];
        } else if (!ours && !theirs) {
            ++refused[ours.error().reason];
        } else {
            const std::string_view reason = known_difference(ours);
            ASSERT_NE(reason, "") << (ours ? "only we accept it"
                                           : std::string("only libcoap accepts it: ") +
                                                 std::string(ours.error().reason));
            ++differences[reason];
        }
    }
    EXPECT_GT(accepted["both"], 5000);
    EXPECT_GE(refused.size(), 8U);
    EXPECT_GE(differences.size(), 4U);
}

}  // namespace
}  // namespace scef::differential
