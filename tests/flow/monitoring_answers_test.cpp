#include "lwm2m-core/vocabulary/log_fields.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/world.h"

/// What the answer to a monitoring subscription means, and what its notifications do
/// (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

struct MonitoringAnswer {
    std::string row, name;
    nidd::T8Answer answer;
    Duration again = 10min;  ///< how long nothing is asked for
    std::string cause = {};
    friend void PrintTo(const MonitoringAnswer& one, std::ostream* out) { *out << one.name; }
};

/// A world with a message that waits for its sleeping device, of which the SCEF is asked to tell.
struct Watching : World {
    static adapter::Config watching() {
        auto config = flow_config();
        config.scefs[0].monitoring.ue_reachability = true;
        return config;
    }
    explicit Watching(const nidd::T8Answer& answer) : World(watching()) {
        scef.answers_next(Operation::create_subscription, answer);
        server.get("/3/0/0");
        settle();
    }
    int asked() { return scef.calls[Operation::create_subscription]; }
    /// Another message waits, which is when a subscription is looked at.
    void asks_another() {
        server.get("/3/0/1");
        command(adapter::PauseDevice{0, id(), true});
        command(adapter::PauseDevice{0, id(), false});
        settle();
    }
    void reports(const std::string& type) {
        nidd::MonitoringNotification told;
        told.subscription = "/s/1";
        told.reports.emplace_back().monitoring_type = type;
        scef.tell(device.external_id(), told);
        settle();
    }
};

class Subscription : public testing::TestWithParam<MonitoringAnswer> {};

class Subscribed : public Subscription {};

TEST_P(Subscribed, it_is_not_asked_for_again_while_messages_wait) {
    Watching w(GetParam().answer);
    w.advance(50min);
    w.asks_another();
    EXPECT_EQ(w.asked(), 1);
    EXPECT_EQ(w.scef.posts, 0);
    w.reports("UE_REACHABILITY");
    EXPECT_EQ(w.executed(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    T8Monitoring, Subscribed,
    testing::Values(MonitoringAnswer{"resource.created", "201",
                                     http(201, "{}",
                                          "/3gpp-monitoring-event/v1/dm/subscriptions/1")},
                    MonitoringAnswer{"resource.created", "201_self_only",
                                     http(201, R"({"self":"dm/subscriptions/1"})")},
                    MonitoringAnswer{"resource.created", "201_no_link", http(201)}),
    ByRow());

TEST(MonitoringAnswers, resource_created_a_200_with_a_report_opens_the_window_at_once) {
    Watching w(http(200, R"({"monitoringType":"UE_REACHABILITY"})"));
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.engine().counters().reachability_reports, 1u);
}

class NotSubscribed : public Subscription {};

TEST_P(NotSubscribed, it_is_asked_for_again_after_a_while_only) {
    Watching w(GetParam().answer);
    if (!GetParam().cause.empty()) {
        ASSERT_FALSE(w.log_lines().empty());
        EXPECT_EQ(w.log_lines().back().id, "REACHABILITY_NOT_WATCHED");
        EXPECT_NE(w.log_lines().back().text.find(LogFields().add("cause", GetParam().cause).text()),
                  std::string::npos);
    }
    w.advance(GetParam().again - 1s);
    w.asks_another();
    EXPECT_EQ(w.asked(), 1);
    w.advance(1s);
    w.asks_another();
    EXPECT_EQ(w.asked(), 2);
    EXPECT_EQ(w.scef.posts, 0);
}

MonitoringAnswer of(const char* row, int status) {
    const std::string number = std::to_string(status);
    return {row, number, http(status), 10min, "HTTP " + number};
}

nidd::T8Answer asking_for(Duration pause, nidd::T8Answer answer) {
    answer.retry_after = pause;
    return answer;
}

INSTANTIATE_TEST_SUITE_P(
    T8Monitoring, NotSubscribed,
    testing::Values(
        MonitoringAnswer{"resource.created", "200_without_a_report", http(200, "<html>")},
        MonitoringAnswer{"resource.throttled", "held_back",
                         asking_for(20s, no_answer(Transport::not_sent)), 10min, "HELD_BACK"},
        of("resource.throttled", 429), of("resource.throttled", 503),
        MonitoringAnswer{"resource.throttled", "503_Retry_After", asking_for(20min, http(503)),
                         20min, "HTTP 503"},
        MonitoringAnswer{"resource.throttled", "403_QUOTA_EXCEEDED",
                         http(403, problem("QUOTA_EXCEEDED")), 10min, "QUOTA_EXCEEDED"},
        of("resource.refused", 400), of("resource.refused", 401), of("resource.refused", 403),
        of("resource.refused", 404), of("resource.refused", 415), of("resource.retry", 500),
        of("resource.retry", 502), of("resource.retry", 408), of("resource.retry", 425),
        of("resource.retry", 307),
        MonitoringAnswer{"resource.retry", "unanswered", no_answer(Transport::ambiguous), 10min,
                         "NO_ANSWER"},
        MonitoringAnswer{"resource.retry", "unsent", no_answer(Transport::not_sent), 10min,
                         "NOT_SENT"}),
    ByRow());

// ---- Notifications

class ReachabilityReport : public testing::TestWithParam<MonitoringAnswer> {};

TEST_P(ReachabilityReport, it_opens_the_window) {
    Watching w(http(201));
    w.advance(10min);
    ASSERT_EQ(w.scef.posts, 0);
    w.reports(GetParam().name);
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.engine().counters().reachability_reports, 1u);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ReachabilityReport,
    testing::Values(MonitoringAnswer{"monitoring.reachable", "UE_REACHABILITY", {}},
                    MonitoringAnswer{"monitoring.reachable", "AVAILABILITY_AFTER_DDN_FAILURE", {}}),
    ByRow());

TEST(MonitoringAnswers, monitoring_other_reports_are_taken_and_open_nothing) {
    Watching w(http(201));
    for (const char* type : {"LOSS_OF_CONNECTIVITY", "LOCATION_REPORTING", "PIGEON_SEEN"}) {
        w.reports(type);
        EXPECT_EQ(w.scef.verdicts.back(), 204) << type;
    }
    EXPECT_EQ(w.scef.posts, 0);
}

TEST(MonitoringAnswers, monitoring_cancelled_it_is_asked_for_again_a_minute_later) {
    Watching w(http(201));
    nidd::MonitoringNotification told;
    told.subscription = "/s/1";
    told.cancelled = true;
    w.scef.tell(w.device.external_id(), told);
    w.advance(59s);
    w.asks_another();
    EXPECT_EQ(w.asked(), 1);
    w.advance(1s);
    w.asks_another();
    EXPECT_EQ(w.asked(), 2);
    EXPECT_EQ(w.scef.posts, 0);
}

TEST(MonitoringAnswers, monitoring_idle_status_teaches_the_power_saving) {
    Watching w(http(201));
    nidd::MonitoringNotification told;
    told.subscription = "/s/1";
    told.reports.emplace_back().monitoring_type = "UE_REACHABILITY";
    told.reports[0].idle_status_info.emplace().active_time = 33s;
    told.reports[0].idle_status_info->edrx_cycle_length = 20480ms;
    w.scef.tell(w.device.external_id(), told);
    w.settle();
    EXPECT_EQ(w.known().power.active_timer, Duration(33s));
    EXPECT_EQ(w.known().power.cycle, Duration(20480ms));
}

TEST(MonitoringAnswers, monitoring_reachable_until_the_time_that_the_scef_names) {
    Watching w(http(201));
    nidd::MonitoringNotification told;
    told.subscription = "/s/1";
    auto& report = told.reports.emplace_back();
    report.monitoring_type = "UE_REACHABILITY";
    report.max_ue_availability_time = w.wall() + 5min;
    w.scef.tell(w.device.external_id(), told);
    w.advance(5min - 1s);
    EXPECT_TRUE(w.engine().is_reachable(w.known(), w.now(), w.wall()));
}

}  // namespace
}  // namespace scef::flow
