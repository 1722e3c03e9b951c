#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "lwm2m-core/coap/codec.h"

namespace scef::coap {
namespace {

/// What becomes of a datagram: refused by `parse`, refused by `refuse_request`, or let through.
enum class Fate { ignored, reset, answered, passes };

struct Row {
    std::string_view name;
    std::string octets;  ///< hexadecimal
    Fate fate;
    Code answer{};  ///< if answered
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

std::string name_of_case(const testing::TestParamInfo<Row>& info) {
    return std::string(info.param.name);
}

std::string times(std::size_t count, std::string_view hex) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += hex;
    return text;
}

constexpr Code bad_option = codes::bad_option;
constexpr Code bad_request = codes::bad_request;

const Row format_errors[] = {
    {"nothing", "", Fate::ignored},
    {"one_octet", "40", Fate::ignored},
    {"three_octets", "400112", Fate::ignored},
    {"version_0", "00011234", Fate::ignored},
    {"version_2", "80011234", Fate::ignored},
    {"version_3", "c0011234", Fate::ignored},
    {"ping", "40001235", Fate::passes},
    {"non_empty", "50001236", Fate::ignored},
    {"ack_of_unknown_id", "6000ffff", Fate::passes},
    {"reset_of_unknown_id", "7000fffe", Fate::passes},
    {"con_empty_with_token", "41001237aa", Fate::reset},
    {"con_empty_with_option", "40001239b161", Fate::reset},
    {"con_empty_with_payload", "40001238ff61", Fate::reset},
    {"non_empty_with_token", "51001237aa", Fate::ignored},
    {"ack_empty_with_payload", "60001238ff61", Fate::ignored},
    {"reset_with_option", "70001239b161", Fate::ignored},
    {"token_length_9", "4901123a010203040506070809", Fate::reset},
    {"token_length_9_non", "5901123a010203040506070809", Fate::ignored},
    {"token_length_13", "4d01123b0001020304050607080910111213", Fate::reset},
    {"token_length_14", "4e01123c", Fate::reset},
    {"token_length_15", "4f01123d", Fate::reset},
    {"token_truncated", "4801123e0102", Fate::reset},
    {"token_truncated_non", "5801123e0102", Fate::ignored},
    {"code_1_00", "4020123f", Fate::reset},
    {"code_6_00", "40c01241", Fate::reset},
    {"code_7_01", "40e11242", Fate::reset},
    {"code_3_00", "40601240", Fate::reset},
    {"code_1_00_non", "5020123f", Fate::ignored},
    {"code_7_01_ack", "60e11242", Fate::ignored},
    {"code_3_00_non", "50601240", Fate::ignored},
    {"request_in_ack", "60011244", Fate::ignored},
    {"request_in_reset", "70011245", Fate::ignored},
    {"response_in_reset", "70451245", Fate::ignored},
    {"unsolicited_con_response", "44451246aabbccdd", Fate::passes},
    {"unsolicited_non_response", "54451247aabbccdd", Fate::passes},
    {"marker_without_payload", "40011248ff", Fate::reset},
    {"marker_without_payload_ack", "60451248ff", Fate::ignored},
    {"delta_15", "40011249f161", Fate::reset},
    {"length_15", "4001124a1f61", Fate::reset},
    {"delta_15_with_octets_enough", "40011249f16161616161", Fate::reset},
    {"length_15_with_octets_enough", "4001124a1f" + times(300, "00"), Fate::reset},
    {"delta_extension_truncated", "4001124bd0", Fate::reset},
    {"long_delta_extension_truncated", "4001124ce001", Fate::reset},
    {"length_extension_truncated", "4001124dbd", Fate::reset},
    {"long_length_extension_truncated", "4001124ebe00", Fate::reset},
    {"option_past_the_end", "4001124fbb6162", Fate::reset},
    {"long_option_past_the_end", "40011251beffff61", Fate::reset},
    {"option_number_above_65535", "40011250e0fef2e0fef2", Fate::reset},
};

const Row refused_requests[] = {
    {"unknown_method", "401f1243", Fate::answered, codes::method_not_allowed},
    {"first_unknown_method", "40081243", Fate::answered, codes::method_not_allowed},
    {"critical_option_that_cannot_be_read", "400112529100", Fate::answered, bad_option},
    {"unknown_critical_option", "40011252d10000", Fate::answered, bad_option},
    {"unknown_elective_option", "40011253a1001161", Fate::passes},
    {"uri_path_of_256", "40011254bdf3" + times(256, "61"), Fate::answered, bad_option},
    {"uri_path_of_255", "40011254bdf2" + times(255, "61"), Fate::passes},
    {"uri_host_of_0", "4001125930", Fate::answered, bad_option},
    {"uri_port_of_3", "4001125a73010203", Fate::answered, bad_option},
    {"content_format_of_3", "4002125bc3010203ff61", Fate::passes},
    {"etag_of_9", "4001126149010203040506070809", Fate::passes},
    {"if_none_match_of_1", "400312625100", Fate::answered, bad_option},
    {"observe_of_4", "400112636400000000", Fate::passes},
    {"accept_twice", "4001125cd104000100", Fate::answered, bad_option},
    {"path_dot_dot", "40011255b22e2e", Fate::answered, bad_request},
    {"path_dot", "40011255b12e", Fate::answered, bad_request},
    {"path_with_slash", "40011256b3612f62", Fate::answered, bad_request},
    {"path_with_nul", "40011257b100", Fate::answered, bad_request},
    {"path_of_bad_utf8", "40011258b2c328", Fate::answered, bad_request},
    {"query_of_bad_utf8", "40011258d202c328", Fate::answered, bad_request},
    {"block_of_reserved_size", "4003125db161d10307ff61", Fate::answered, bad_request},
    {"block_of_greatest_number", "4003125eb161d303fffffeff61", Fate::passes},
    {"block_of_4_octets", "4003125fb161d40300000008ff61", Fate::answered, bad_option},
    {"proxy_uri", "40011264dd160b" + times(24, "61"), Fate::answered,
     codes::proxying_not_supported},
    {"proxy_scheme",
     "40011265dd1a"
     "00" +
         times(13, "61"),
     Fate::answered, codes::proxying_not_supported},
    {"options_300", "40011266b161" + times(299, "0161"), Fate::answered, bad_option},
    {"options_65", "40011266b161" + times(64, "0161"), Fate::answered, bad_option},
    {"options_64", "40011266b161" + times(63, "0161"), Fate::passes},
    {"payload_of_60000", "40021267ff" + times(60'000, "61"), Fate::passes},
};

class BadInput : public testing::TestWithParam<Row> {};

TEST_P(BadInput, has_the_fate_that_the_standard_gives_it) {
    const Row& row = GetParam();
    const Bytes octets = from_hex(row.octets);
    ASSERT_EQ(octets.size() * 2, row.octets.size());
    const auto message = parse(octets);
    if (row.fate == Fate::ignored || row.fate == Fate::reset) {
        ASSERT_FALSE(message);
        EXPECT_EQ(message.error().rejection,
                  row.fate == Fate::reset ? Rejection::reset : Rejection::ignore);
        EXPECT_FALSE(message.error().reason.empty());
        return;
    }
    ASSERT_TRUE(message) << message.error().reason;
    if (!message->code.is_request()) return;
    const auto answer = refuse_request(*message);
    ASSERT_EQ(answer.has_value(), row.fate == Fate::answered);
    if (answer) {
        EXPECT_EQ(answer->text(), row.answer.text());
    }
}

INSTANTIATE_TEST_SUITE_P(Format, BadInput, testing::ValuesIn(format_errors), name_of_case);
INSTANTIATE_TEST_SUITE_P(Request, BadInput, testing::ValuesIn(refused_requests), name_of_case);

TEST(BadInput, a_reset_carries_the_message_id_of_the_octets) {
    EXPECT_EQ(parse(from_hex("49 01 12 3a")).error().message_id, 0x123a);
    EXPECT_EQ(parse(from_hex("40 01 12 48 ff")).error().message_id, 0x1248);
}

TEST(BadInput, of_elective_options_is_dropped_and_the_rest_stays) {
    // ETag of 9 octets, Observe of 4, Uri-Path 3, Content-Format of 3, Content-Format 0, again.
    auto request =
        parse(from_hex("40 01 12 63 49 010203040506070809 24 00000000 51 33"
                       "13 010203 01 00 01 28 d1 7f aa"));
    ASSERT_TRUE(request);
    drop_bad_elective(*request);
    Message expected = *request;
    expected.options.clear();
    expected.add(options::uri_path, to_bytes("3"));
    expected.add(options::content_format, {0});
    expected.add(152, {0xaa});
    EXPECT_EQ(*request, expected);
}

TEST(BadInput, of_critical_options_is_never_dropped) {
    auto request = parse(from_hex("40 01 12 5a 73 010203"));
    ASSERT_TRUE(request);
    drop_bad_elective(*request);
    EXPECT_EQ(request->options.size(), 1u);
}

}  // namespace
}  // namespace scef::coap
