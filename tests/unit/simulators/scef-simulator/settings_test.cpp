#include <gtest/gtest.h>

#include "simulators/scef-simulator/settings_check.h"
#include "simulators/scef-simulator/settings_file.h"

namespace scef::scef_simulator {
namespace {

using namespace std::chrono_literals;

std::string error_of(const std::string& text) {
    Settings settings;
    const Status status = read_settings(text, "scef.yaml", settings);
    return status ? std::string{} : status.error().message;
}

TEST(Settings, a_file_changes_what_it_names_and_nothing_else) {
    Settings settings;
    ASSERT_TRUE(
        read_settings("listen: 127.0.0.1:1\n"
                      "timers: {active: 5s, periodic_tau: 1h}\n"
                      "notifications: {retries: [1s, 500ms]}\n"
                      "ues:\n  - {external_id: a@b, msisdn: '4917'}\n",
                      "scef.yaml", settings));
    EXPECT_EQ(settings.listen, "127.0.0.1:1");
    EXPECT_EQ(settings.timers.active, 5s);
    EXPECT_EQ(settings.timers.inactivity, 10s);
    EXPECT_EQ(settings.notifications.retries, (std::vector<Duration>{1s, 500ms}));
    EXPECT_EQ(settings.ues.at(0).msisdn, "4917");
}

TEST(Settings, what_the_operator_decides_is_read) {
    Settings settings;
    ASSERT_TRUE(
        read_settings("rate_control: {apn_downlink: 100/hour, serving_plmn_uplink: 10}\n"
                      "coverage: {extreme: {downlink_latency: 5s, uplink_loss: 0.5}}\n"
                      "duplicates: refuse\nduration_max: 1h\nscs_as: [dm]\n"
                      "buffering: false\nsupported_features: '4'\n",
                      "scef.yaml", settings));
    EXPECT_EQ(settings.rate_control.apn_downlink, (Rate{100, 1h}));
    EXPECT_EQ(settings.rate_control.serving_plmn_uplink, (Rate{10, 6min}));
    EXPECT_EQ(settings.coverage.extreme.downlink_latency, 5s);
    EXPECT_EQ(settings.coverage.extreme.uplink_loss, 0.5);
    EXPECT_TRUE(settings.configurations.duplicates_refused);
    EXPECT_EQ(settings.configurations.duration_max, 1h);
    EXPECT_EQ(settings.configurations.supported_features, "4");
    EXPECT_FALSE(settings.buffering);
}

TEST(Settings, rates_and_choices_that_do_not_exist_are_refused) {
    EXPECT_FALSE(error_of("rate_control: {apn_downlink: 100}").empty());
    EXPECT_FALSE(error_of("rate_control: {serving_plmn_downlink: 9}").empty());
    EXPECT_FALSE(error_of("duplicates: sometimes").empty());
    Settings settings;
    settings.coverage.robust.downlink_loss = 1.5;
    EXPECT_FALSE(check(settings));
    settings = {};
    settings.configurations.supported_features = "xyz";
    EXPECT_FALSE(check(settings));
}

TEST(Settings, an_unknown_key_is_named_with_file_and_line) {
    EXPECT_EQ(error_of("strict: true\ntimers:\n  aktive: 5s\n"),
              "scef.yaml:3: unknown key `timers.aktive`");
}

TEST(Settings, a_bad_value_is_named_with_file_and_line) {
    EXPECT_EQ(error_of("\nstrict: maybe\n"), "scef.yaml:2: bad value of `strict`");
    EXPECT_EQ(error_of("timers: {active: soon}\n").rfind("scef.yaml:1: bad value of", 0), 0U);
    EXPECT_FALSE(error_of("ues: [{external_id: nobody}]").empty());
    EXPECT_FALSE(error_of("a: [").empty());
}

TEST(Settings, fault_rules_are_those_of_the_control_api_in_yaml) {
    Settings settings;
    ASSERT_TRUE(
        read_settings("faults:\n"
                      "  - {operation: delivery, status: 503, retryAfter: 5, probability: 0.1}\n"
                      "  - {notification: drop, externalId: a@b}\n",
                      "scef.yaml", settings));
    ASSERT_EQ(settings.faults.size(), 2U);
    EXPECT_EQ(settings.faults[0].status, 503);
    EXPECT_EQ(settings.faults[1].telling, Fault::Telling::drop);
    EXPECT_EQ(error_of("\nfaults: [{status: x}]"),
              "scef.yaml:2: bad value of `faults`: /0/status: an integer from 200 to 599 is "
              "expected");
}

TEST(Settings, the_edges_have_groups_of_their_own) {
    Settings settings;
    ASSERT_TRUE(
        read_settings("auth: {oauth2: {client_id: dm, client_secret: x, token_lifetime: 5m}}\n"
                      "tls: {certificate: c.pem, key: k.pem}\n"
                      "triggers: {delay: 1s, reaches_psm: false}\n"
                      "notifications: {ca_file: ca.pem, bearer_token: t}\n"
                      "profile: mts\n",
                      "scef.yaml", settings));
    EXPECT_EQ(settings.oauth2.token_lifetime, 5min);
    EXPECT_EQ(settings.tls.key, "k.pem");
    EXPECT_FALSE(settings.triggers.reaches_psm);
    EXPECT_EQ(settings.notifications.bearer_token, "t");
    EXPECT_TRUE(check(settings));
}

TEST(Settings, an_empty_file_changes_nothing) { EXPECT_TRUE(error_of("").empty()); }

TEST(Settings, values_that_make_no_sense_are_refused_in_one_sentence) {
    EXPECT_TRUE(check(Settings{}));
    Settings settings;
    settings.time_scale = 0;
    EXPECT_FALSE(check(settings));
    settings = {};
    settings.listen = "8081";
    EXPECT_FALSE(check(settings));
    settings = {};
    settings.timers.edrx_cycle = 0s;
    EXPECT_FALSE(check(settings));
    settings = {};
    settings.profile = "other";
    EXPECT_EQ(check(settings).error().message,
              "--profile must be one of 3gpp-r18, 3gpp-r15, oracle, mts");
    settings = {};
    settings.tls.certificate = "c.pem";
    EXPECT_FALSE(check(settings));
}

}  // namespace
}  // namespace scef::scef_simulator
