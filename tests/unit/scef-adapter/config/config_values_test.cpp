#include "scef-adapter/config/config_values.h"

#include <gtest/gtest.h>

#include "scef-adapter/config/network_values.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

TEST(ConfigValues, sizes_are_powers_of_1024) {
    EXPECT_EQ(parse_size("512").value(), 512u);
    EXPECT_EQ(parse_size("512B").value(), 512u);
    EXPECT_EQ(parse_size("100KiB").value(), 102'400u);
    EXPECT_EQ(parse_size("2MiB").value(), 2u << 20);
    EXPECT_EQ(parse_size("1GiB").value(), 1u << 30);
    for (const char* text : {"", "KiB", "0", "-1", "1.5KiB", "1 KiB", "1kib", "1TiB", "+1",
                             "18446744073709551616", "18446744073709551615GiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(ConfigValues, rates_have_six_periods) {
    EXPECT_EQ(parse_message_rate("1/second").value(), (quota::Rate{1, 1s}));
    EXPECT_EQ(parse_message_rate("2/minute").value(), (quota::Rate{2, 1min}));
    EXPECT_EQ(parse_message_rate("3/decihour").value(), (quota::Rate{3, 6min}));
    EXPECT_EQ(parse_message_rate("4/hour").value(), (quota::Rate{4, 1h}));
    EXPECT_EQ(parse_message_rate("5/day").value(), (quota::Rate{5, 24h}));
    EXPECT_EQ(parse_message_rate("6/week").value(), (quota::Rate{6, 168h}));
    for (const char* text : {"", "/", "5", "5/", "/hour", "5/hours", "5 / hour", "0/hour",
                             "1000001/hour", "5KiB/hour", "-5/hour"}) {
        EXPECT_FALSE(parse_message_rate(text)) << text;
    }
}

TEST(ConfigValues, a_serving_plmn_gives_ten_messages_in_a_decihour_at_least) {
    EXPECT_EQ(parse_serving_plmn_rate("10/decihour").value(), (quota::Rate{10, 6min}));
    for (const char* text : {"9/decihour", "100/hour", "x"}) {
        EXPECT_FALSE(parse_serving_plmn_rate(text)) << text;
    }
}

TEST(ConfigValues, an_allowance_is_for_a_window_of_the_calendar) {
    using Kind = quota::CalendarPeriod::Kind;
    EXPECT_EQ(parse_byte_allowance("7KiB/month")->amount, 7168u);
    EXPECT_EQ(parse_byte_allowance("7KiB/month")->period.kind, Kind::month);
    EXPECT_EQ(parse_byte_allowance("1/week")->period.kind, Kind::week);
    EXPECT_EQ(parse_byte_allowance("1/decihour")->period.length, 6min);
    EXPECT_EQ(parse_message_allowance("30/day")->unit, quota::Unit::messages);
    for (const char* text : {"", "/", "5", "5/", "/day", "x/day", "0/day", "5/year"}) {
        EXPECT_FALSE(parse_byte_allowance(text)) << text;
        EXPECT_FALSE(parse_message_allowance(text)) << text;
    }
    EXPECT_FALSE(parse_message_allowance("5KiB/day"));
}

TEST(ConfigValues, a_day_of_the_week_is_a_word) {
    EXPECT_EQ(parse_weekday("monday").value(), std::chrono::Monday);
    EXPECT_EQ(parse_weekday("sunday").value(), std::chrono::Sunday);
    EXPECT_FALSE(parse_weekday("Mon"));
}

TEST(ConfigValues, a_percentage_is_a_share) {
    EXPECT_DOUBLE_EQ(parse_percentage("0%").value(), 0.0);
    EXPECT_DOUBLE_EQ(parse_percentage("100%").value(), 1.0);
    EXPECT_DOUBLE_EQ(parse_percentage("2.5%").value(), 0.025);
    for (const char* text : {"", "%", "10", "101%", "-1%", "nan%", "inf%", "1e1%", "10 %"}) {
        EXPECT_FALSE(parse_percentage(text)) << text;
    }
}

TEST(ConfigValues, a_decimal_keeps_its_bounds) {
    EXPECT_DOUBLE_EQ(parse_decimal("1", 1, 10).value(), 1.0);
    EXPECT_DOUBLE_EQ(parse_decimal("2.5", 1, 10).value(), 2.5);
    EXPECT_DOUBLE_EQ(parse_decimal("10", 1, 10).value(), 10.0);
    for (const char* text : {"", "0.9", "10.1", "-1", "1e1", "nan", "inf", "2 ", "2,5", "0x2"}) {
        EXPECT_FALSE(parse_decimal(text, 1, 10)) << text;
    }
}

TEST(ConfigValues, a_coap_error_is_its_octet) {
    EXPECT_EQ(parse_coap_error("4.29").value(), 4 << 5 | 29);
    EXPECT_EQ(parse_coap_error("5.00").value(), 5 << 5);
    for (const char* text : {"", "5.3", "2.05", "6.00", "5.32", "5,03", "5.033", "5.-1"}) {
        EXPECT_FALSE(parse_coap_error(text)) << text;
    }
}

TEST(ConfigValues, numbers_and_durations_keep_their_bounds) {
    EXPECT_TRUE(parse_number("10", 10, 10));
    EXPECT_FALSE(parse_number("9", 10, 20));
    EXPECT_FALSE(parse_number("21", 10, 20));
    EXPECT_FALSE(parse_number("0x10", 0, 20));
    EXPECT_TRUE(parse_duration_within("PT0.1S", 100ms, 1s));
    EXPECT_FALSE(parse_duration_within("99ms", 100ms, 1s));
}

TEST(NetworkValues, address_blocks_take_one_form) {
    EXPECT_EQ(parse_cidr("10.0.0.0/8").value(), "10.0.0.0/8");
    EXPECT_EQ(parse_cidr("192.0.2.7").value(), "192.0.2.7/32");
    EXPECT_EQ(parse_cidr("FD00:0:0::/48").value(), "fd00::/48");
    EXPECT_EQ(parse_cidr("0.0.0.0/0").value(), "0.0.0.0/0");
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0/8",
                             "fd00::1/64", "fd00::/129", "host/8", "[fd00::]/64"}) {
        EXPECT_FALSE(parse_cidr(text)) << text;
    }
}

TEST(NetworkValues, an_address_to_listen_on_has_a_port) {
    EXPECT_EQ(parse_listen("127.0.0.1:0").value(), "127.0.0.1:0");
    EXPECT_EQ(parse_listen("[::1]:65535").value(), "[::1]:65535");
    for (const char* text : {"", "127.0.0.1", ":80", "::1:80", "[127.0.0.1]:80", "[::1]",
                             "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:8x", "h:80"}) {
        EXPECT_FALSE(parse_listen(text)) << text;
    }
}

TEST(NetworkValues, loopback_is_told_from_the_rest) {
    EXPECT_TRUE(is_loopback(*parse_address("127.9.9.9")));
    EXPECT_TRUE(is_loopback(*parse_address("::1")));
    EXPECT_FALSE(is_loopback(*parse_address("0.0.0.0")));
    EXPECT_FALSE(is_loopback(*parse_address("::")));
    EXPECT_FALSE(is_loopback(*parse_address("10.0.0.1")));
}

TEST(NetworkValues, a_coap_uri_has_a_default_port) {
    EXPECT_EQ(parse_coap_uri("coap://h").value().text(), "coap://h:5683");
    EXPECT_EQ(parse_coap_uri("COAP://H:99/").value().text(), "coap://h:99");
    EXPECT_EQ(parse_coap_uri("coap://[::1]").value().text(), "coap://[::1]:5683");
    EXPECT_EQ(parse_coap_uri("coap://127.0.0.1:7").value().address->text(), "127.0.0.1:7");
}

TEST(NetworkValues, slashes_at_the_end_of_a_url_go) {
    EXPECT_EQ(parse_http_url("http://[::1]:8081//").value(), "http://[::1]:8081");
    EXPECT_EQ(parse_http_path("/a/").value(), "/a");
    EXPECT_EQ(parse_http_path("/").value(), "");
}

}  // namespace
}  // namespace scef::adapter
