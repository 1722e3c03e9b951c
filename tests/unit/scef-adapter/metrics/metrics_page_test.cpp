#include "scef-adapter/metrics/metrics_page.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/fake_shards.h"

namespace scef::adapter::test {
namespace {

/// Values by `name{labels}`, after checking the form of every line.
std::map<std::string, double> parse(const std::string& text) {
    static const std::regex comment("# (HELP|TYPE) scef_adapter_[a-z0-9_]+ .+");
    static const std::regex sample(
        R"(scef_adapter_([a-z0-9_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})?) (\S+))");
    std::map<std::string, double> values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, comment)) continue;
        EXPECT_TRUE(std::regex_match(line, match, sample)) << line;
        EXPECT_TRUE(values.emplace(match[1], std::stod(match[4])).second) << "twice: " << line;
    }
    return values;
}

std::string render(FakeShards& shards, MetricsPage::Sources sources = {}) {
    sources.version = "1.2.3";
    std::string text;
    MetricsPage(shards, std::move(sources)).render([&](std::string t) { text = std::move(t); });
    return text;
}

class MetricsPageTest : public testing::Test {
protected:
    std::string render(MetricsPage::Sources sources = {}) {
        return test::render(shards, std::move(sources));
    }
    void add_device(const std::string& external_id) {
        const ExternalId id = *ExternalId::parse(external_id);
        shards.command(
            id.shard(shards.shards()),
            [&](ReplyId reply) {
                return ProvisionDevice{reply, {id}, false};
            },
            [](const Engine&, const Turn&, const CommandReply&) {});
    }
    void enqueue(const std::string& external_id) {
        const ExternalId id = *ExternalId::parse(external_id);
        shards.command(
            id.shard(shards.shards()),
            [&](ReplyId reply) {
                EnqueueMessage message;
                message.reply = reply;
                message.external_id = id;
                message.payload = {1, 2, 3};
                message.opaque = true;
                return message;
            },
            [](const Engine&, const Turn&, const CommandReply&) {});
    }

    FakeShards shards{small_config()};
};

TEST_F(MetricsPageTest, sums_what_the_shards_have) {
    for (int i = 0; i < 10; ++i) add_device("d" + std::to_string(i) + "@iot.example");
    for (int i = 0; i < 3; ++i) enqueue("d" + std::to_string(i) + "@iot.example");
    shards.wall += std::chrono::seconds(90);
    const auto values = parse(render());
    EXPECT_EQ(values.at("devices"), 10);
    EXPECT_EQ(values.at("nidd_configurations{status=\"PENDING\"}"), 10);
    EXPECT_EQ(values.at("messages_enqueued_total"), 3);
    EXPECT_EQ(values.at("messages_open"), 3);
    EXPECT_EQ(values.at("queue_bytes"), 9);
    EXPECT_EQ(values.at("queue_messages{reason=\"configuration\"}"), 3);
    EXPECT_EQ(values.at("queue_messages{reason=\"quota\"}"), 0);
    EXPECT_EQ(values.at("queue_oldest_age_seconds"), 90);
    EXPECT_EQ(values.at("messages_terminal_total{state=\"DELIVERED\"}"), 0);
    EXPECT_EQ(values.at("uplinks_unknown_rds_ports_total"), 0);
    EXPECT_EQ(values.at("build_info{version=\"1.2.3\"}"), 1);
}

TEST_F(MetricsPageTest, shows_store_listeners_process_and_more) {
    auto store = std::make_shared<queueing::StoreCounters>();
    store->on_commit(2, 5, 100, std::chrono::milliseconds(3));
    MetricsPage::Sources sources;
    sources.store = store;
    sources.listeners = {{"admin", [] { return nidd::HttpListener::Counters{1, 2, 3, 4, 5}; }}};
    sources.more.push_back([] {
        return std::vector<Sample>{
            {Sample::Kind::counter, "drops_total", "Drops.", {{"socket", "a"}}, 7}};
    });
    const auto values = parse(render(std::move(sources)));
    EXPECT_EQ(values.at("store_commit_duration_seconds_bucket{le=\"0.002\"}"), 0);
    EXPECT_EQ(values.at("store_commit_duration_seconds_bucket{le=\"0.005\"}"), 1);
    EXPECT_EQ(values.at("store_commit_duration_seconds_count"), 1);
    EXPECT_EQ(values.at("store_records_total"), 5);
    EXPECT_EQ(values.at("http_requests_total{listener=\"admin\"}"), 2);
    EXPECT_EQ(values.at("drops_total{socket=\"a\"}"), 7);
    EXPECT_GT(values.at("process_resident_memory_bytes"), 1e6);
    EXPECT_GT(values.at("process_open_fds"), 2);
    EXPECT_GT(values.at("process_start_time_seconds"), 1.6e9);
}

/// The account has a rate, the group `north` an allowance in both directions.
std::shared_ptr<const Config> config_with_quotas() {
    auto config = std::make_shared<Config>(*small_config());
    QuotaConfig rate;
    rate.downlink.messages = {{{60, std::chrono::minutes(1)}, 8}};
    config->quotas["rate"] = rate;
    QuotaConfig bytes;
    bytes.downlink.allowances = {{5000, {}, quota::Unit::octets, false},
                                 {5000, {}, quota::Unit::octets, false}};
    bytes.uplink.allowances = {{700, {}, quota::Unit::octets, false}};
    config->quotas["bytes"] = bytes;
    config->quota_scopes = {"rate", {{"north", "bytes"}}};
    return config;
}

std::size_t quota_series(const std::map<std::string, double>& values) {
    return static_cast<std::size_t>(std::count_if(
        values.begin(), values.end(),
        [](const auto& value) { return value.first.find("scope=") != std::string::npos; }));
}

TEST(MetricsPageWithQuotas, shared_scopes_of_the_configuration_have_their_limits) {
    FakeShards shards{config_with_quotas()};
    const auto values = parse(render(shards));
    const std::string rate =
        R"({scope="account",direction="downlink",limit="60 messages per minute, 8 at once"})";
    EXPECT_EQ(values.at("quota_limit" + rate), 8);
    EXPECT_EQ(values.at("quota_used" + rate), 0);
    EXPECT_EQ(values.at("quota_remaining" + rate), 8);
    EXPECT_EQ(
        values.at("quota_limit"
                  R"({scope="group:north",direction="downlink",limit="5000 octets per hour"})"),
        5000);
    EXPECT_EQ(values.at("quota_remaining"
                        R"({scope="group:north",direction="uplink",limit="700 octets per hour"})"),
              700);
    EXPECT_EQ(quota_series(values), 9u);
}

TEST(MetricsPageWithQuotas, one_that_is_given_at_run_time_is_shown_if_the_scope_is_configured) {
    FakeShards shards{config_with_quotas()};
    for (const char* scope : {"scef:operator-a", "group:made-up"}) {
        for (ShardId shard = 0; shard < shards.shards(); ++shard) {
            shards.command(
                shard,
                [&](ReplyId reply) {
                    return SetQuota{reply, scope, "rate"};
                },
                [](const Engine&, const Turn&, const CommandReply&) {});
        }
    }
    const std::string text = render(shards);
    EXPECT_EQ(quota_series(parse(text)), 12u);
    EXPECT_NE(text.find("scef:operator-a"), std::string::npos);
    EXPECT_EQ(text.find("made-up"), std::string::npos);
}

TEST_F(MetricsPageTest, the_number_of_series_does_not_depend_on_the_devices) {
    const std::size_t before = parse(render()).size();
    for (int i = 0; i < 200; ++i) {
        add_device("secret" + std::to_string(i) + "@iot.example");
        enqueue("secret" + std::to_string(i) + "@iot.example");
    }
    const std::string text = render();
    EXPECT_EQ(parse(text).size(), before);
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(text.find("iot.example"), std::string::npos);
}

}  // namespace
}  // namespace scef::adapter::test
