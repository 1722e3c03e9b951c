#include <random>

#include <gtest/gtest.h>

#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/payload.h"
#include "simulators/lwm2m-server-simulator/registration_request.h"
#include "simulators/lwm2m-server-simulator/senml.h"
#include "simulators/lwm2m-server-simulator/tlv.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr int rounds = 5'000;  // each run has a seed of its own
const char* const paths[] = {"/", "/3", "/3/0", "/3/0/7", "/3/0/7/1", "/5/0/3", "/65000/1/2"};
constexpr std::uint32_t formats[] = {0, 40, 42, 50, 60, 110, 112, 11542, 11543, 65000};

/// Octets that a peer might send: whole payloads with some octets changed, cut or repeated, and
/// noise. The seed is printed with a failure.
class ForeignBytes : public ::testing::Test {
protected:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    Bytes noise() {
        Bytes octets(below(64));
        for (auto& octet : octets) octet = static_cast<std::uint8_t>(random_());
        return octets;
    }

    Bytes damaged(Bytes octets) {
        for (std::size_t changes = 1 + below(3); changes > 0 && !octets.empty(); --changes) {
            const std::size_t at = below(octets.size());
            switch (below(4)) {
                case 0:
                    octets[at] = static_cast<std::uint8_t>(random_());
                    break;
                case 1:
                    octets.resize(at);
                    break;
                case 2:
                    octets.insert(octets.end(), octets.begin(), octets.end());
                    break;
                default:
                    octets[at] ^= static_cast<std::uint8_t>(1U << below(8));
            }
        }
        return octets;
    }

    Bytes payload() {
        static const std::vector<Bytes> whole{
            from_hex("c30041424386064100014101 05c10964c10dff"),
            from_hex("0803c10964e1164543860641000141 0105"),
            from_hex("82a321682f333330332f302f006435373030 02f94d60a3006435363031 036178 04f5"),
            from_hex("9fbf021a000f4240ff a10238 63 a102fa41ac0000 a102fb4035800000000000"
                     "a10842fffe ff"),
            to_bytes(R"([{"bn":"/3/0/","n":"7/1","v":5},{"n":"0","vs":"x"}])"),
            to_bytes("</3/0>;ver=1.1,</>;rt=\"oma.lwm2m\";ct=\"60 110\""),
            to_bytes("-12.5e3")};
        return below(4) == 0 ? noise() : damaged(whole[below(whole.size())]);
    }

    const unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
    ::testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
};

TEST_F(ForeignBytes, every_payload_becomes_json_that_can_be_written) {
    for (int round = 0; round < rounds; ++round) {
        const Bytes octets = payload();
        for (const std::uint32_t format : formats) {
            const json value = decode_payload(octets, format, paths[below(std::size(paths))]);
            const json again = json::parse(to_text(value), nullptr, false);
            ASSERT_FALSE(again.is_discarded()) << to_hex(octets) << " as " << format;
        }
    }
}

TEST_F(ForeignBytes, tlv_that_is_taken_is_written_and_read_again_as_the_same) {
    int taken = 0;
    for (int round = 0; round < rounds; ++round) {
        const Bytes octets = payload();
        const auto entries = parse_tlv(octets);
        if (!entries) continue;
        ++taken;
        const auto written = serialize_tlv(*entries);
        ASSERT_TRUE(written) << to_hex(octets);
        ASSERT_EQ(parse_tlv(*written).value(), *entries) << to_hex(octets);
    }
    EXPECT_GT(taken, 0);
}

TEST_F(ForeignBytes, senml_cbor_that_is_taken_is_written_and_read_again_as_the_same) {
    int taken = 0;
    for (int round = 0; round < rounds; ++round) {
        const Bytes octets = payload();
        const auto records = json_of_senml_cbor(octets);
        if (!records) continue;
        ++taken;
        const auto written = senml_cbor_of_json(*records);
        if (!written) continue;  // a null, or a `vd` that is a text
        ASSERT_EQ(to_text(json_of_senml_cbor(*written).value()), to_text(*records))
            << to_hex(octets);
    }
    EXPECT_GT(taken, 0);
}

TEST_F(ForeignBytes, a_register_is_taken_or_refused_with_a_code) {
    for (int round = 0; round < rounds; ++round) {
        CoapMessage request;
        request.code = coap::post;
        for (const char* const query : {"ep=dev1", "lt=60", "lwm2m=1.1", "b=U", "Q"}) {
            const Bytes text = below(3) == 0 ? damaged(to_bytes(query)) : to_bytes(query);
            request.options.push_back({coap::uri_query, text});
        }
        request.payload = payload();
        auto registration = read_register(request);
        if (!registration) {
            ASSERT_EQ(registration.error().code >> 5, 4);
            ASSERT_FALSE(registration.error().why.empty());
            continue;
        }
        ASSERT_FALSE(to_text(to_json(*registration)).empty());
        (void)apply_update(*registration, request);
    }
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
