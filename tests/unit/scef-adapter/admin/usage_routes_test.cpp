#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/usage_export.h"
#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

const std::string row_header =
    "time,externalId,direction,messages,octetsOnAir,octetsCounted,messageId,uplinkId,attempt,"
    "chargeId";
const std::string summary_header =
    "externalId,direction,messages,octetsOnAir,octetsCounted,firstCharge,lastCharge";

using Rows = std::vector<std::string>;

/// The lines of a CSV document; each must end with CRLF.
Rows lines_of(const std::string& csv) {
    Rows lines;
    std::istringstream in(csv);
    for (std::string line; std::getline(in, line);) {
        EXPECT_TRUE(line.ends_with('\r'));
        line.pop_back();
        lines.push_back(line);
    }
    return lines;
}

std::string path_of(const std::string& scope, const std::string& query = "") {
    return "/api/v1/quotas/" + scope + "/usage" + (query.empty() ? "" : "?" + query);
}

/// Field `index` of a row whose fields need no quotes.
std::string field(const std::string& row, int index) {
    std::istringstream in(row);
    std::string text;
    for (int i = 0; i <= index; ++i) std::getline(in, text, ',');
    return text;
}

class UsageRoutes : public testing::Test {
protected:
    UsageRoutes() { dut.shards.wall = *from_rfc3339("2026-04-21T12:00:00Z"); }

    /// A charge of a device in the store, as its engine would have written it.
    void charge(const std::string& external_id, const char* time, std::uint32_t octets = 10,
                Direction direction = Direction::downlink) {
        const ShardId shard = ExternalId::parse(external_id)->shard(dut.shards.shards());
        Charge made;
        made.id = MessageId::make(shard, {Instant{}, *from_rfc3339(time), random_});
        made.external_id = external_id;
        made.direction = direction;
        made.octets = made.octets_counted = octets;
        queueing::Batch batch;
        batch.shard = shard;
        batch.put(queueing::RecordKind::charge, charge_key(made.id), to_record(made));
        dut.shards.store().commit(std::move(batch),
                                  [](const Status& status) { EXPECT_TRUE(status.has_value()); });
    }
    /// Rows of all pages, without their headers; empty for an answer that is no page.
    Rows rows(const std::string& target) {
        Rows all;
        pages = 0;
        for (std::string next = target; !next.empty();) {
            const Answer answer = dut.call("GET", next);
            EXPECT_EQ(answer.status, 200) << answer.text;
            if (answer.status != 200 || ++pages > 100) return {};
            Rows lines = lines_of(answer.text);
            EXPECT_EQ(lines.at(0),
                      target.find("summary") < target.size() ? summary_header : row_header);
            all.insert(all.end(), lines.begin() + 1, lines.end());
            const auto link = answer.headers.find("Link");
            if (link == answer.headers.end()) break;
            EXPECT_TRUE(link->second.ends_with(">; rel=\"next\"")) << link->second;
            next = link->second.substr(1, link->second.find('>') - 1);
        }
        return all;
    }
    int status(const std::string& target) { return dut.call("GET", target).status; }

    ApiUnderTest dut;
    int pages = 0;

private:
    SeededRandom random_{3};
};

TEST_F(UsageRoutes, a_row_reconciles_to_the_timeline_of_its_message) {
    dut.call("POST", "/api/v1/devices",
             R"({"externalId":"meter-1@iot.example","profile":"always-on"})");
    dut.shards.answer_configuration(*ExternalId::parse("meter-1@iot.example"));
    const Answer sent =
        dut.call("POST", "/api/v1/devices/meter-1@iot.example/messages", message_body);
    ASSERT_EQ(sent.body["state"], "SENDING") << sent.text;
    dut.shards.wall += std::chrono::seconds(1);
    const Rows found = rows(path_of("device:meter-1@iot.example"));
    ASSERT_EQ(found.size(), 1u);
    const std::string id = sent.body["id"];
    EXPECT_EQ(field(found[0], 6), id);
    EXPECT_EQ(field(found[0], 4), std::to_string(sent.body["payloadBytes"].get<int>()));
    const auto timeline = dut.call("GET", "/api/v1/messages/" + id + "/timeline").body["items"];
    EXPECT_EQ(timeline.back()["state"], "SENDING");
    EXPECT_EQ(timeline.back()["at"], field(found[0], 0));
    EXPECT_EQ(std::to_string(timeline.back()["attempt"].get<int>()), field(found[0], 8));
}

TEST_F(UsageRoutes, it_is_CSV_with_a_header_row) {
    const Answer answer = dut.call("GET", path_of("account"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "text/csv; charset=utf-8; header=present");
    EXPECT_EQ(answer.text, row_header + "\r\n");
}

TEST_F(UsageRoutes, the_period_has_its_start_and_not_its_end) {
    for (const char* time : {"2026-03-31T23:59:59.999Z", "2026-04-01T00:00:00.000Z",
                             "2026-04-20T23:59:59.999Z", "2026-04-21T00:00:00.000Z"}) {
        charge("meter-1@iot.example", time);
    }
    const Rows april = rows(path_of("account", "to=2026-04-21"));
    ASSERT_EQ(april.size(), 2u);
    EXPECT_EQ(field(april[0], 0), "2026-04-01T00:00:00.000Z");
    EXPECT_EQ(field(april[1], 0), "2026-04-20T23:59:59.999Z");
    EXPECT_EQ(rows(path_of("account")).size(), 3u) << "this month until now";
    EXPECT_EQ(rows(path_of("account", "from=2026-03-01&to=2026-04-01")).size(), 1u);
    EXPECT_EQ(rows(path_of("account", "from=2026-04-01&to=2026-04-01")).size(), 0u);
}

TEST_F(UsageRoutes, a_scope_has_its_devices_only) {
    dut.call("POST", "/api/v1/devices",
             R"({"externalId":"north@iot.example","groups":["water","north"]})");
    dut.call("POST", "/api/v1/devices", R"({"externalId":"south@iot.example","groups":["water"]})");
    for (const char* id : {"north@iot.example", "south@iot.example", "gone@iot.example"}) {
        charge(id, "2026-04-02T00:00:00Z");
        charge(id, "2026-04-02T00:00:01Z", 5, Direction::uplink);
    }
    EXPECT_EQ(rows(path_of("device:north@iot.example")).size(), 2u);
    EXPECT_EQ(rows(path_of("device%3Anorth%40iot.example")).size(), 2u);
    EXPECT_EQ(rows(path_of("group:north")).size(), 2u);
    EXPECT_EQ(rows(path_of("group:water")).size(), 4u);
    EXPECT_EQ(rows(path_of("group:nobody")).size(), 0u);
    EXPECT_EQ(rows(path_of("scef:operator-a")).size(), 6u);
    EXPECT_EQ(rows(path_of("account")).size(), 6u);
    EXPECT_EQ(rows(path_of("device:gone@iot.example")).size(), 2u) << "it was removed since";
}

TEST(UsageRoutesOfTwoScefs, a_scef_has_the_devices_that_it_serves) {
    auto config = std::make_shared<Config>(*small_config());
    config->scefs.push_back(config->scefs[0]);
    config->scefs[0].domains = {"a.example"};
    config->scefs[1].name = "operator-b";
    ApiUnderTest dut({}, config);
    for (const char* id : {"x@a.example", "y@b.example"}) {
        Charge charge;
        charge.external_id = id;
        charge.id = MessageId::floor(dut.shards.wall);
        queueing::Batch batch;
        batch.shard = ExternalId::parse(id)->shard(4);
        batch.put(queueing::RecordKind::charge, charge_key(charge.id), to_record(charge));
        dut.shards.store().commit(std::move(batch), [](const Status&) {});
    }
    dut.shards.wall += std::chrono::seconds(1);
    const std::string a = dut.call("GET", path_of("scef:operator-a")).text;
    const std::string b = dut.call("GET", path_of("scef:operator-b")).text;
    EXPECT_NE(a.find("x@a.example"), std::string::npos);
    EXPECT_EQ(a.find("@b.example"), std::string::npos);
    EXPECT_NE(b.find("@b.example"), std::string::npos);
    EXPECT_EQ(b.find("@a.example"), std::string::npos);
}

TEST_F(UsageRoutes, pages_have_every_charge_once_whatever_their_size) {
    std::set<std::string> expected;
    for (int i = 0; i < 30; ++i) {
        charge("d" + std::to_string(i % 6) + "@iot.example",
               ("2026-04-03T00:00:" + std::to_string(10 + i) + "Z").c_str());
    }
    for (const std::string& row : rows(path_of("account"))) expected.insert(field(row, 9));
    EXPECT_EQ(expected.size(), 30u);
    EXPECT_EQ(pages, 1);
    for (const char* limit : {"1", "4", "30"}) {
        const Rows found = rows(path_of("account", std::string("limit=") + limit));
        std::set<std::string> ids;
        for (const std::string& row : found) ids.insert(field(row, 9));
        EXPECT_EQ(found.size(), 30u) << limit;
        EXPECT_EQ(ids, expected) << limit;
    }
    EXPECT_EQ(rows(path_of("device:d1@iot.example", "limit=1")).size(), 5u);
}

TEST_F(UsageRoutes, the_next_page_is_of_the_same_period_though_time_goes_on) {
    charge("meter-1@iot.example", "2026-04-20T00:00:00Z");
    charge("meter-1@iot.example", "2026-04-21T00:00:00Z");
    const Answer first = dut.call("GET", path_of("device:meter-1@iot.example", "limit=1"));
    charge("meter-1@iot.example", "2026-04-21T12:00:01Z");
    dut.shards.wall += std::chrono::hours(24 * 30);
    const std::string link = first.headers.at("Link");
    const Rows rest = rows(link.substr(1, link.find('>') - 1));
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(field(rest[0], 0), "2026-04-21T00:00:00.000Z");
}

TEST_F(UsageRoutes, charges_are_in_order_of_time_within_a_device) {
    for (const char* time :
         {"2026-04-02T00:00:09Z", "2026-04-02T00:00:01Z", "2026-04-02T00:00:05Z"}) {
        charge("meter-1@iot.example", time);
    }
    Rows times;
    for (const auto& row : rows(path_of("account", "limit=2"))) times.push_back(field(row, 0));
    EXPECT_EQ(times, (Rows{"2026-04-02T00:00:01.000Z", "2026-04-02T00:00:05.000Z",
                           "2026-04-02T00:00:09.000Z"}));
}

TEST_F(UsageRoutes, a_summary_has_one_row_for_each_device_and_direction) {
    for (int i = 0; i < 2500; ++i) charge("meter-1@iot.example", "2026-04-05T00:00:00Z", 3);
    charge("meter-1@iot.example", "2026-04-06T00:00:00Z", 7, Direction::uplink);
    charge("meter-2@iot.example", "2026-04-06T00:00:00Z", 8);
    for (const char* limit : {"", "&limit=1"}) {
        Rows sums = rows(path_of("account", std::string("summary=true") + limit));
        std::sort(sums.begin(), sums.end());
        ASSERT_EQ(sums.size(), 3u);
        EXPECT_EQ(sums[0],
                  "meter-1@iot.example,downlink,2500,7500,7500,2026-04-05T00:00:00.000Z,"
                  "2026-04-05T00:00:00.000Z");
        EXPECT_EQ(field(sums[1], 1), "uplink");
        EXPECT_EQ(field(sums[2], 0), "meter-2@iot.example");
    }
    EXPECT_GT(pages, 1) << "a page ends with a shard";
    EXPECT_EQ(rows(path_of("device:meter-2@iot.example", "summary=true")).size(), 1u);
}

TEST_F(UsageRoutes, a_period_that_begins_before_what_is_kept_says_so) {
    const Answer month = dut.call("GET", path_of("account"));
    EXPECT_EQ(month.headers.at("Usage-Kept-Since"), "2026-04-14T12:00:00.000Z");
    EXPECT_FALSE(dut.call("GET", path_of("account", "from=2026-04-15"))
                     .headers.contains("Usage-Kept-Since"));
}

TEST_F(UsageRoutes, mistakes_are_problem_documents) {
    for (const char* query :
         {"from=x", "to=2026-02-30", "from=2026-04-02&to=2026-04-01", "summary=yes", "limit=0",
          "limit=10001", "cursor=x", "cursor=dSA5IC0", "cursor=dSAw", "month=4"}) {
        const Answer answer = dut.call("GET", path_of("account", query));
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_EQ(answer.content_type, "application/problem+json") << query;
    }
    for (const char* scope : {"device:x", "everything", "device:", "server:dm"}) {
        EXPECT_EQ(status(path_of(scope)), 400) << scope;
    }
    EXPECT_EQ(status(path_of("scef:operator-c")), 404);
    EXPECT_EQ(status(path_of("device:never@iot.example")), 404);
    EXPECT_EQ(status(path_of("device:never@iot.example", "summary=true")), 404);
    EXPECT_EQ(dut.call("POST", path_of("account")).status, 405);
}

TEST_F(UsageRoutes, a_device_without_usage_is_no_mistake) {
    dut.add_device("meter-1@iot.example");
    EXPECT_EQ(rows(path_of("device:meter-1@iot.example")).size(), 0u);
}

TEST_F(UsageRoutes, a_record_that_cannot_be_read_is_an_error_and_not_left_out) {
    queueing::Batch batch;
    batch.put(queueing::RecordKind::charge, charge_key(MessageId::floor(dut.shards.wall)), {9});
    dut.shards.store().commit(std::move(batch), [](const Status&) {});
    EXPECT_EQ(status(path_of("account", "from=2026-04-01&to=2027-01-01")), 500);
}

TEST(UsageRoutesWithoutLedger, what_is_not_recorded_is_not_there) {
    auto config = std::make_shared<Config>(*small_config());
    config->usage.ledger = false;
    ApiUnderTest dut({}, config);
    EXPECT_EQ(dut.call("GET", path_of("account")).status, 404);
}

}  // namespace
}  // namespace scef::adapter::test
