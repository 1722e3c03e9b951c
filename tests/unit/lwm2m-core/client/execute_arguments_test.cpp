#include "lwm2m-core/client/execute_arguments.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

TEST(ExecuteArguments, digits_with_and_without_a_text_are_read) {
    EXPECT_EQ(parse_execute_arguments(""), ExecuteArguments{});
    EXPECT_EQ(parse_execute_arguments("5"), (ExecuteArguments{{5, std::nullopt}}));
    EXPECT_EQ(parse_execute_arguments("2='10.3',7,0='https://www.oma.org'"),
              (ExecuteArguments{{2, "10.3"}, {7, std::nullopt}, {0, "https://www.oma.org"}}));
    EXPECT_EQ(parse_execute_arguments("0=''"), (ExecuteArguments{{0, ""}}));
}

TEST(ExecuteArguments, everything_else_is_refused) {
    for (const std::string_view text : {"a", "12", ",", "1,", ",1", "1=", "1='", "1='x", "1=x",
                                        "1='x'2", "1,1", "1='a b'", "1=\"x\"", "-1", " 1"}) {
        EXPECT_FALSE(parse_execute_arguments(text)) << text;
    }
}

TEST(ExecuteArguments, what_is_read_is_written_the_same) {
    for (const std::string_view text : {"", "5", "2='10.3',7,0=''"}) {
        EXPECT_EQ(execute_arguments_text(*parse_execute_arguments(text)), text);
    }
}

TEST(ExecuteArguments, an_execute_takes_them_as_plain_text_alone) {
    Bench bench;
    EXPECT_EQ(bench.post("/3303/0/5605", "0='now'").code, coap::codes::changed);
    EXPECT_EQ(bench.post("/3303/0/5605", "now").code, coap::codes::bad_request);
    EXPECT_EQ(bench.write(coap::codes::post, "/3303/0/5605", 0, to_bytes("1")).code,
              coap::codes::changed);
    EXPECT_EQ(bench.write(coap::codes::post, "/3303/0/5605", 11542, {}).code,
              coap::codes::unsupported_content_format);
    EXPECT_EQ(bench.counters().executed.at("/3303/0/5605"), 2U);
    EXPECT_EQ(bench.counters().arguments.at("/3303/0/5605"), "1");
}

}  // namespace
}  // namespace scef::client
