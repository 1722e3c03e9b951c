#include "scef-adapter/metrics/metrics_page.h"

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

class MetricsPageTest : public testing::Test {
protected:
    std::string render(MetricsPage::Sources sources = {}) {
        sources.version = "1.2.3";
        std::string text;
        MetricsPage(shards, std::move(sources)).render([&](std::string t) { text = std::move(t); });
        return text;
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
