#include <array>

#include "lwm2m-core/client/client.h"
#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

/// Requests that no server would send, made from one seed: each is answered once and in kind, and
/// the client never spins.
class AnyRequest : public ::testing::TestWithParam<std::uint64_t> {
protected:
    std::uint64_t below(std::uint64_t bound) { return random.below(bound); }

    std::string path() {
        constexpr std::array<std::uint64_t, 20> ids{
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 19, 3200, 3303, 3341, 5700, 5750, 65535};
        std::string text;
        for (std::uint64_t level = below(6); level > 0; --level) {
            text += '/' + std::to_string(below(3) == 0 ? below(70'000) : ids[below(ids.size())]);
        }
        return below(40) == 0 ? "/bs" : text;
    }
    Bytes payload() {
        constexpr std::array<std::string_view, 8> texts{
            "",
            "1",
            "-9",
            "0='x'",
            R"([{"n":"/3303/0/5750","vs":"a"}])",
            R"([{"bn":"/5/0/","n":"1","vs":"coap://h/f"}])",
            R"([{"n":"/1/0/1","v":1e300}])",
            "coap://h/%20"};
        Bytes octets = to_bytes(texts[below(texts.size())]);
        if (below(3) == 0) octets = from_hex("8600410106410205");
        for (std::uint64_t changes = below(3); changes > 0 && !octets.empty(); --changes) {
            octets[below(octets.size())] = static_cast<std::uint8_t>(below(256));
        }
        return octets;
    }
    coap::Message request() {
        constexpr std::array methods{codes::get,   codes::post,   codes::put,  codes::del,
                                     codes::fetch, codes::ipatch, codes::patch};
        constexpr std::array<std::uint32_t, 8> formats{0, 40, 42, 60, 110, 112, 11542, 11543};
        constexpr std::array<std::string_view, 6> queries{"pmin=1",  "gt=5", "st",
                                                          "depth=1", "lt=x", "pmax=0"};
        coap::Message message = bench.request(methods[below(methods.size())], path(),
                                              {static_cast<std::uint8_t>(below(40))});
        if (below(2) == 0) message.add_uint(options::observe, static_cast<std::uint32_t>(below(3)));
        if (below(2) == 0) message.add_uint(options::content_format, formats[below(8)]);
        if (below(3) == 0) message.add_text(options::uri_query, queries[below(6)]);
        if (below(3) == 0) message.add_uint(options::accept, formats[below(8)]);
        if (below(6) == 0) {
            message.add_uint(options::block1, static_cast<std::uint32_t>(below(64)));
        }
        if (below(6) == 0) {
            message.add_uint(options::block2, static_cast<std::uint32_t>(below(64)));
        }
        message.payload = payload();
        return message;
    }

    SeededRandom random{GetParam()};
    Bench bench{[] {
        ClientSettings settings = Bench::with_objects(object_sets::all());
        settings.servers = 2;
        settings.bootstrap = BootstrapUse::account;
        return settings;
    }()};
};

TEST_P(AnyRequest, is_answered_once_and_in_kind) {
    RecordProperty("seed", std::to_string(GetParam()));
    bench.registered();
    for (int i = 0; i < 3000; ++i) {
        bench.pipe = below(2);
        const coap::Message asked = request();
        bench.give(asked);
        std::size_t answers = 0;
        for (const coap::Message& message : bench.take()) {
            if (message.type != coap::Type::acknowledgement) continue;
            ++answers;
            EXPECT_EQ(message.message_id, asked.message_id);
            EXPECT_TRUE(message.code.is_response()) << message.code.text();
        }
        ASSERT_EQ(answers, 1U) << "seed " << GetParam() << ", request " << i << ", "
                               << to_hex(coap::serialize(asked));
        bench.advance(std::chrono::milliseconds(below(20'000)));
        bench.take();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyRequest, ::testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace scef::client
