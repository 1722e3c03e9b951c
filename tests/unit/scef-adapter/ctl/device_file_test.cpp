#include "scef-adapter/ctl/device_file.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

TEST(DeviceFile, csv_columns_may_stand_in_any_order_and_be_empty) {
    const DeviceFile file = read_devices(
        "\xef\xbb\xbfprofile,externalId,groups\r\n"
        "# the first floor\n"
        "nb-iot,meter-1@IoT.example,a;b\n"
        "\n"
        ",meter-2@iot.example,\n");
    ASSERT_TRUE(file.mistakes.empty()) << file.mistakes.front().sentence;
    ASSERT_EQ(file.devices.size(), 2U);
    EXPECT_EQ(file.devices[0].line, 3U);
    EXPECT_EQ(file.devices[0].body, (json{{"profile", "nb-iot"},
                                          {"externalId", "meter-1@IoT.example"},
                                          {"groups", {"a", "b"}}}));
    EXPECT_EQ(file.devices[1].line, 5U);
    EXPECT_EQ(file.devices[1].body, (json{{"externalId", "meter-2@iot.example"}}));
}

TEST(DeviceFile, servers_are_several_names_in_one_field) {
    const DeviceFile file = read_devices("externalId,servers\na@b.example,dm;fw\nc@b.example,\n");
    ASSERT_TRUE(file.mistakes.empty()) << file.mistakes.front().sentence;
    EXPECT_EQ(file.devices[0].body["servers"], json::array({"dm", "fw"}));
    EXPECT_FALSE(file.devices[1].body.contains("servers"));
    const DeviceFile wrong = read_devices("{\"externalId\":\"a@b.example\",\"servers\":\"dm\"}\n");
    ASSERT_EQ(wrong.mistakes.size(), 1U);
    EXPECT_EQ(wrong.mistakes[0].sentence, "servers must be an array");
}

TEST(DeviceFile, json_lines_are_taken_as_they_are) {
    const DeviceFile file = read_devices(
        "{\"externalId\":\"a@b.example\",\"mode\":\"opaque\"}\n{\"externalId\":\"c@b.example\"}");
    ASSERT_TRUE(file.mistakes.empty());
    ASSERT_EQ(file.devices.size(), 2U);
    EXPECT_EQ(file.devices[0].body["mode"], "opaque");
    EXPECT_EQ(file.devices[1].external_id, "c@b.example");
}

TEST(DeviceFile, every_bad_line_is_named) {
    const DeviceFile file = read_devices(
        "externalId,mode\n"
        "good@b.example,coap\n"
        "no-at,coap\n"
        "x@b.example\n"
        "y@b.example,udp\n"
        "GOOD@b.example,\n"
        "good@B.example,\n"
        ",coap\n");
    ASSERT_EQ(file.mistakes.size(), 5U);
    EXPECT_EQ(file.mistakes[0].line, 3U);
    EXPECT_EQ(file.mistakes[1].sentence, "expected 2 fields, found 1");
    EXPECT_EQ(file.mistakes[2].sentence, "mode must be coap or opaque");
    EXPECT_EQ(file.mistakes[3].sentence, "this externalId was in line 2");
    EXPECT_EQ(file.mistakes[4].sentence, "externalId is missing");
    EXPECT_EQ(file.devices.size(), 2U);
}

TEST(DeviceFile, a_bad_heading_is_one_mistake) {
    for (const char* text : {"meter-1@iot.example\n", "externalId,color\na@b,red\n",
                             "externalId,externalId\n", "profile\nnb-iot\n"}) {
        const DeviceFile file = read_devices(text);
        ASSERT_EQ(file.mistakes.size(), 1U) << text;
        EXPECT_EQ(file.mistakes[0].line, 1U);
        EXPECT_TRUE(file.devices.empty());
    }
}

TEST(DeviceFile, bad_json_lines_are_named) {
    const DeviceFile file = read_devices(
        "{\"externalId\":\"a@b.example\"}\n{\"externalId\":7}\n{oops\n[]\n"
        "{\"externalId\":\"c@b.example\",\"color\":\"red\"}\n"
        "{\"externalId\":\"d@b.example\",\"groups\":\"g\"}\n");
    ASSERT_EQ(file.mistakes.size(), 5U);
    EXPECT_EQ(file.mistakes[0].sentence, "externalId must be a text");
    EXPECT_EQ(file.mistakes[2].sentence, "not a JSON object");
    EXPECT_EQ(file.mistakes[4].sentence, "groups must be an array");
    EXPECT_EQ(file.devices.size(), 1U);
}

}  // namespace
}  // namespace scef::ctl
