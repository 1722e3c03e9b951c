#include "scef-adapter/metrics/metrics_page.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "scef-adapter/metrics/engine_metrics.h"
#include "scef-adapter/metrics/metric_table.h"
#include "tests/unit/scef-adapter/admin/fake_shards.h"

namespace scef::adapter::test {
namespace {

/// Values by `name{labels}`, after checking the form of every line.
std::map<std::string, double> parse(const std::string& text) {
    static const std::regex comment("# (HELP|TYPE) scef_adapter_[a-z0-9_]+ .+");
    static const std::regex sample(
        R"(scef_adapter_([a-z0-9_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})?) (\S+))");
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
    sources.commit = "abc";
    sources.scef_names = {"operator-a"};
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
    EXPECT_EQ(values.at("devices{reachability=\"unheard\"}"), 10);
    EXPECT_EQ(values.at("nidd_configurations{scef=\"operator-a\",status=\"PENDING\"}"), 10);
    EXPECT_EQ(values.at("messages_enqueued_total"
                        R"({scef="operator-a",kind="opaque",priority="normal"})"),
              3);
    EXPECT_EQ(values.at("messages_open{scef=\"operator-a\",state=\"QUEUED\"}"), 3);
    EXPECT_EQ(values.at("queue_bytes"), 9);
    EXPECT_EQ(values.at("queue_messages{scef=\"operator-a\",reason=\"configuration\"}"), 3);
    EXPECT_EQ(values.at("queue_messages{scef=\"operator-a\",reason=\"quota\"}"), 0);
    EXPECT_EQ(values.at("queue_oldest_age_seconds{scef=\"operator-a\"}"), 90);
    EXPECT_EQ(values.at("messages_terminal_total{scef=\"operator-a\",kind=\"request\","
                        "state=\"EXPIRED\",level=\"none\",reason=\"ttl\"}"),
              0)
        << "there before the first one expires";
    EXPECT_EQ(values.at("uplinks_unknown_rds_ports_total"), 0);
    EXPECT_EQ(values.at("build_info{version=\"1.2.3\",commit=\"abc\"}"), 1);
}

TEST_F(MetricsPageTest, shows_store_listeners_process_and_more) {
    auto store = std::make_shared<queueing::StoreCounters>();
    store->on_commit(2, 5, 100, std::chrono::milliseconds(3));
    MetricsPage::Sources sources;
    sources.store = store;
    sources.listeners = {{"admin", [] { return nidd::HttpListener::Counters{1, 2, 3, 4, 5}; }}};
    sources.more.push_back([] {
        return std::vector<Sample>{{"t8_notifications_unknown_total", {{"reason", "transfer"}}, 7}};
    });
    const auto values = parse(render(std::move(sources)));
    EXPECT_EQ(values.at("store_commit_duration_seconds_bucket{le=\"0.002\"}"), 0);
    EXPECT_EQ(values.at("store_commit_duration_seconds_bucket{le=\"0.005\"}"), 1);
    EXPECT_EQ(values.at("store_commit_duration_seconds_count"), 1);
    EXPECT_EQ(values.at("store_records_total"), 5);
    EXPECT_EQ(values.at("http_requests_total{listener=\"admin\"}"), 2);
    EXPECT_EQ(values.at("t8_notifications_unknown_total{reason=\"transfer\"}"), 7);
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
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](const auto& value) {
            return value.first.starts_with("quota_") &&
                   value.first.find("limit=\"") != std::string::npos;
        }));
}

TEST(MetricsPageWithQuotas, shared_scopes_of_the_configuration_have_their_limits) {
    FakeShards shards{config_with_quotas()};
    const auto values = parse(render(shards));
    const std::string rate =
        R"({scope="account",direction="downlink",unit="messages",limit="60 messages per minute, 8 at once"})";
    EXPECT_EQ(values.at("quota_limit" + rate), 8);
    EXPECT_EQ(values.at("quota_used" + rate), 0);
    EXPECT_EQ(values.at("quota_remaining" + rate), 8);
    EXPECT_EQ(
        values.at(
            "quota_limit"
            R"({scope="group:north",direction="downlink",unit="octets",limit="5000 octets per hour"})"),
        5000);
    EXPECT_EQ(
        values.at(
            "quota_remaining"
            R"({scope="group:north",direction="uplink",unit="octets",limit="700 octets per hour"})"),
        700);
    EXPECT_EQ(quota_series(values), 12u);
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
    EXPECT_EQ(quota_series(parse(text)), 16u);
    EXPECT_NE(text.find("scef:operator-a"), std::string::npos);
    EXPECT_EQ(text.find("made-up"), std::string::npos);
}

TEST_F(MetricsPageTest, a_device_brings_no_series_and_its_name_is_not_on_the_page) {
    const std::size_t before = parse(render()).size();
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "secret" + std::to_string(i) + "@iot.example";
        add_device(name);
        if (i % 10 == 0) enqueue(name);
    }
    const std::string text = render();
    const auto values = parse(text);
    EXPECT_EQ(values.at("devices{reachability=\"unheard\"}"), 1000);
    EXPECT_EQ(values.at("queue_messages{scef=\"operator-a\",reason=\"configuration\"}"), 100);
    EXPECT_EQ(values.size(), before);
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(text.find("iot.example"), std::string::npos);
}

/// A device as an engine would count it, with the message that it got.
void count_device(int number, DeviceCensus& census, ScefCounters& counters) {
    static const ProfileConfig profile;
    const Instant now{std::chrono::hours(1)};
    const WallTime wall{std::chrono::hours(1)};
    Device device;
    device.spec.external_id = *ExternalId::parse("d" + std::to_string(number) + "@iot.example");
    device.profile = &profile;
    device.last_uplink = wall;
    device.reachable_until = now + std::chrono::seconds(number % 20);
    device.nidd.status = NiddLink::Status::active;
    device.nidd.expires_at = wall + std::chrono::minutes(number % 43'200);
    census.enters(device, now);
    queueing::Message message;
    message.created_at = wall;
    message.expires_at = wall + std::chrono::hours(24);
    message.attempts = 1;
    counters.on_enqueued(message);
    counters.on_attempt(message, wall, device.reachable_until);
    message.state = queueing::MessageState::delivered;
    message.level = queueing::DeliveryLevel::coap;
    message.reason = queueing::Reason::answered;
    counters.on_ended(message, now, wall + std::chrono::seconds(number));
}

std::string page_of(const DeviceCensus& census, const ScefCounters& counters) {
    const DeviceCounts counts = census.counts(Instant(std::chrono::hours(1)));
    EngineGauges gauges;
    gauges.devices_by_hearing = counts.by_hearing;
    gauges.scefs.resize(1);
    gauges.scefs[0].devices = counts.scefs.at(0);
    EngineCounters all;
    all.scefs = {counters};
    MetricWriter out;
    write_counters(out, all, {"operator-a"});
    write_gauges(out, gauges, {"operator-a"}, WallTime(std::chrono::hours(1)));
    return out.text();
}

TEST(MetricsPage, a_hundred_thousand_devices_have_as_many_series_as_one) {
    DeviceCensus census{1};
    ScefCounters counters;
    count_device(1, census, counters);
    const auto one = parse(page_of(census, counters));
    for (int i = 2; i <= 100'000; ++i) count_device(i, census, counters);
    const std::string text = page_of(census, counters);
    const auto all = parse(text);
    EXPECT_EQ(all.size(), one.size());
    EXPECT_EQ(
        all.at("devices{reachability=\"awake\"}") + all.at("devices{reachability=\"asleep\"}"),
        100'000);
    EXPECT_EQ(all.at("ttl_slack_seconds_count{scef=\"operator-a\"}"), 100'000);
    EXPECT_EQ(text.find("iot.example"), std::string::npos);
}

/// Names of the labels of a series and their values.
std::map<std::string, std::string> labels_of(const std::string& series) {
    static const std::regex one(R"re(([a-z_]+)="([^"]*)")re");
    std::map<std::string, std::string> labels;
    for (std::sregex_iterator at(series.begin(), series.end(), one), end; at != end; ++at) {
        labels[(*at)[1]] = (*at)[2];
    }
    return labels;
}

TEST_F(MetricsPageTest, each_value_of_a_label_is_of_the_set_in_the_table) {
    add_device("d@iot.example");
    enqueue("d@iot.example");
    std::size_t judged = 0;
    for (const auto& [series, value] : parse(render())) {
        std::string name = series.substr(0, series.find('{'));
        for (const char* end : {"_bucket", "_sum", "_count"}) {
            if (find_metric(name) == nullptr && name.ends_with(end)) {
                name.resize(name.size() - std::string_view(end).size());
            }
        }
        const MetricInfo* metric = find_metric(name);
        ASSERT_NE(metric, nullptr) << series;
        auto labels = labels_of(series);
        if (metric->type == MetricInfo::Type::histogram) labels.erase("le");
        EXPECT_EQ(labels.size(), metric->labels.size()) << series;
        for (const MetricLabel& label : metric->labels) {
            if (label.values.empty()) continue;
            EXPECT_EQ(std::count(label.values.begin(), label.values.end(),
                                 labels[std::string(label.name)]),
                      1)
                << series;
            ++judged;
        }
    }
    EXPECT_GT(judged, 100u);
}

}  // namespace
}  // namespace scef::adapter::test
