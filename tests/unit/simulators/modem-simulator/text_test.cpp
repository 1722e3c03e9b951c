#include <variant>

#include <gtest/gtest.h>

#include "simulators/modem-simulator/options.h"
#include "simulators/modem-simulator/udp_socket.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

std::variant<Settings, int> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "modem-simulator");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

int status_of(std::vector<const char*> arguments) {
    const auto parsed = parse(std::move(arguments));
    const int* const status = std::get_if<int>(&parsed);
    return status == nullptr ? -1 : *status;
}

TEST(Options, a_fleet_is_named_by_number_and_domain) {
    const auto parsed = parse({"--fleet", "2", "--domain", "example.com"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    ASSERT_EQ(settings->fleet.size(), 2U);
    EXPECT_EQ(settings->fleet[1].text(), "dev000001@example.com");
}

TEST(Options, devices_and_taps_repeat_and_mix) {
    const auto parsed =
        parse({"--device", "a@b.c", "--device", "d@b.c", "--tap", "127.0.0.1:5684=e@b.c",
               "--lifetime", "2m", "--no-register", "--notify", "con", "--ack-timeout", "500ms"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->devices.size(), 2U);
    EXPECT_EQ(settings->taps.at(0).local.port, 5684);
    EXPECT_EQ(settings->client.lifetime, 120s);
    EXPECT_FALSE(settings->register_at_start);
    EXPECT_TRUE(settings->client.confirmable_notifications);
    EXPECT_EQ(settings->client.transmission.ack_timeout, 500ms);
}

TEST(Options, rds_ports_are_of_the_devices_or_of_a_tap) {
    const auto parsed = parse({"--device", "a@b.c", "--rds", "1:2", "--rds", "15:0", "--tap",
                               "127.0.0.1:0=e@b.c,3:4", "--tap", "127.0.0.1:0=f@b.c"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->rds, (std::vector<modem_link::RdsPort>{{1, 2}, {15, 0}}));
    EXPECT_EQ(settings->taps.at(0).rds, (modem_link::RdsPort{3, 4}));
    EXPECT_EQ(settings->taps.at(1).rds, std::nullopt);
    for (const char* wrong : {"1", "1:", ":1", "1:16", "1:2:3", "a:b", "-1:2"}) {
        EXPECT_EQ(status_of({"--device", "a@b.c", "--rds", wrong}), 1) << wrong;
    }
    EXPECT_EQ(status_of({"--device", "a@b.c", "--rds", "1:2", "--rds", "1:2"}), 1);
    EXPECT_EQ(status_of({"--device", "a@b.c", "--rds", "1:2", "--bootstrap"}), 1);
}

TEST(Options, an_at_modem_has_a_path_and_a_device) {
    const auto parsed = parse({"--at", "/tmp/a=b=e@b.c", "--at", "modem=f@b.c"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->at_modems.at(0).path, "/tmp/a=b");
    EXPECT_EQ(settings->at_modems.at(1).id.text(), "f@b.c");
    for (const char* wrong : {"modem", "=e@b.c", "modem=", "modem=nonsense"}) {
        EXPECT_EQ(status_of({"--at", wrong}), 1) << wrong;
    }
}

TEST(Options, figures_of_the_battery_estimate_are_given_one_by_one) {
    const auto parsed = parse({"--device", "a@b.c", "--power", "transmit=220", "--power",
                               "battery=5000", "--release-assistance"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    const auto device = device_settings(*settings, settings->devices[0], Instant());
    EXPECT_EQ(device.power.transmit_ma, 220);
    EXPECT_EQ(device.power.battery_mah, 5000);
    EXPECT_TRUE(device.assists_release);
    EXPECT_EQ(status_of({"--device", "a@b.c", "--power", "transmit=much"}), 1);
}

TEST(Options, a_capture_may_be_of_some_devices) {
    const auto parsed =
        parse({"--device", "a@b.c", "--pcap", "x.pcapng", "--pcap-device", "a@b.c"});
    const auto* settings = std::get_if<Settings>(&parsed);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->pcap, "x.pcapng");
    EXPECT_EQ(settings->pcap_devices.at(0).text(), "a@b.c");
    EXPECT_EQ(status_of({"--device", "a@b.c", "--pcap-device", "a@b.c"}), 1);
}

TEST(Options, a_bootstrap_server_is_asked_first_or_kept_for_later) {
    const auto first = parse({"--device", "a@b.c", "--bootstrap", "--bootstrap-hold-off", "20s"});
    const auto* settings = std::get_if<Settings>(&first);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->client.bootstrap, client::BootstrapUse::at_start);
    EXPECT_EQ(settings->client.bootstrap_hold_off, 20s);
    const auto later =
        parse({"--device", "a@b.c", "--bootstrap-account", "--bootstrap-account-timeout", "1h"});
    settings = std::get_if<Settings>(&later);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->client.bootstrap, client::BootstrapUse::account);
    EXPECT_EQ(settings->client.bootstrap_account_timeout, 1h);
    EXPECT_EQ(status_of({"--device", "a@b.c", "--bootstrap", "--bootstrap-account"}), 1);
}

TEST(Options, objects_and_their_first_values_are_chosen) {
    const auto some = parse(
        {"--device", "a@b.c", "--objects", "4,11", "--set", "/11/0/26=30", "--set", "/1/0/13=1"});
    const auto* settings = std::get_if<Settings>(&some);
    ASSERT_NE(settings, nullptr);
    EXPECT_EQ(settings->client.objects, (std::vector<std::uint16_t>{4, 11}));
    ASSERT_EQ(settings->client.initial_values.size(), 2U);
    EXPECT_EQ(settings->client.initial_values[0].second, "30");
    const auto fleet = parse({"--fleet", "2", "--domain", "b.c"});
    EXPECT_EQ(std::get_if<Settings>(&fleet)->client.objects, client::object_sets::basic());
    const auto device = parse({"--device", "a@b.c"});
    EXPECT_EQ(std::get_if<Settings>(&device)->client.objects, client::object_sets::all());
    for (const char* wrong : {"/11/0/26", "/11/0=1", "/11/0/26=x", "/99/0/1=1", "11"}) {
        EXPECT_EQ(status_of({"--device", "a@b.c", "--set", wrong}), 1) << wrong;
    }
    EXPECT_EQ(status_of({"--device", "a@b.c", "--objects", "4,99"}), 1);
}

TEST(Options, mistakes_end_with_status_1_and_help_with_0) {
    EXPECT_EQ(status_of({}), 1);
    EXPECT_EQ(status_of({"--device", "nonsense"}), 1);
    EXPECT_EQ(status_of({"--fleet", "3"}), 1);
    EXPECT_EQ(status_of({"--tap", "5684"}), 1);
    EXPECT_EQ(status_of({"--state", "asleep", "--device", "a@b.c"}), 1);
    EXPECT_EQ(status_of({"--colour"}), 1);
    EXPECT_EQ(status_of({"--help"}), 0);
    EXPECT_EQ(status_of({"--version"}), 0);
}

TEST(EndpointName, follows_its_template) {
    const ExternalId id = *ExternalId::parse("meter-1@example.com");
    EXPECT_EQ(endpoint_name("{local}", id), "meter-1");
    EXPECT_EQ(endpoint_name("urn:extid:{extid}", id), "urn:extid:meter-1@example.com");
}

TEST(ParseAddress, takes_ipv4_ipv6_and_localhost) {
    EXPECT_EQ(parse_address("127.0.0.1:7000")->text(), "127.0.0.1:7000");
    EXPECT_EQ(parse_address("localhost:1")->text(), "127.0.0.1:1");
    EXPECT_EQ(parse_address("[::1]:7000")->text(), "[::1]:7000");
    for (const std::string_view text :
         {"", ":", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "a:1"}) {
        EXPECT_FALSE(parse_address(text)) << text;
    }
}

}  // namespace
}  // namespace scef::modem_simulator
