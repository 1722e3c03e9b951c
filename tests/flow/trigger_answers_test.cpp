#include "lwm2m-core/vocabulary/log_fields.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What the answer to a device trigger means, and its delivery report (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

struct TriggerAnswer {
    std::string row, name;
    nidd::T8Answer answer;
    std::string cause = {};
    friend void PrintTo(const TriggerAnswer& one, std::ostream* out) { *out << one.name; }
};

/// A world whose operator had the device woken, which the SCEF answers so.
struct Woken : Reachable {
    explicit Woken(const nidd::T8Answer& answer) {
        scef.answers_next(Operation::create_trigger, answer);
        EXPECT_TRUE(command(adapter::WakeDevice{0, id(), false}).result);
        settle();
    }
    std::string result() { return known().wake_up.result; }
    void reports(const std::string& text) {
        scef.tell(device.external_id(), nidd::DeviceTriggeringDeliveryReport{"/t/1", text});
        settle();
        EXPECT_EQ(scef.verdicts.back(), 204);
    }
};

class Trigger : public testing::TestWithParam<TriggerAnswer> {};

class Taken : public Trigger {};

TEST_P(Taken, it_is_on_its_way) {
    Woken w(GetParam().answer);
    EXPECT_EQ(w.result(), "TRIGGERED");
    EXPECT_EQ(w.engine().counters().triggers_sent, 1u);
    EXPECT_EQ(w.engine().counters().triggers_failed, 0u);
    w.reports("SUCCESS");
    EXPECT_EQ(w.result(), "SUCCESS");
    EXPECT_EQ(w.engine().counters().triggers_delivered, 1u);
}

INSTANTIATE_TEST_SUITE_P(
    T8Triggers, Taken,
    testing::Values(TriggerAnswer{"resource.created", "201",
                                  http(201, "{}", "/3gpp-device-triggering/v1/dm/transactions/1")},
                    TriggerAnswer{"resource.created", "201_self_only",
                                  http(201, R"({"self":"dm/transactions/1"})")},
                    TriggerAnswer{"resource.created", "201_no_link", http(201)},
                    TriggerAnswer{"resource.created", "200_garbage", http(200, "<html>")}),
    ByRow());

class NotTaken : public Trigger {};

TEST_P(NotTaken, the_operator_sees_it_and_no_second_sms_is_tried) {
    Woken w(GetParam().answer);
    EXPECT_EQ(w.result(), "REFUSED");
    EXPECT_EQ(w.engine().counters().triggers_failed, 1u);
    ASSERT_FALSE(w.log_lines().empty());
    EXPECT_EQ(w.log_lines().back().id, "WAKE_UP_FAILED");
    EXPECT_NE(w.log_lines().back().text.find(LogFields().add("cause", GetParam().cause).text()),
              std::string::npos);
    w.advance(24h);
    EXPECT_EQ(w.scef.calls[Operation::create_trigger], 1);
}

TEST_P(NotTaken, messages_go_on) {
    Woken w(GetParam().answer);
    const auto request = w.read();
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TriggerAnswer of(const char* row, int status) {
    const std::string number = std::to_string(status);
    return {row, number, http(status), "HTTP " + number};
}

nidd::T8Answer held_back() {
    auto answer = no_answer(Transport::not_sent);
    answer.retry_after = 20s;
    return answer;
}

INSTANTIATE_TEST_SUITE_P(
    T8Triggers, NotTaken,
    testing::Values(
        TriggerAnswer{"resource.throttled", "held_back", held_back(), "HELD_BACK"},
        of("resource.throttled", 429), of("resource.throttled", 503),
        TriggerAnswer{"resource.throttled", "403_QUOTA_EXCEEDED",
                      http(403, problem("QUOTA_EXCEEDED")), "QUOTA_EXCEEDED"},
        TriggerAnswer{"resource.throttled", "403_RATE_EXCEEDED",
                      http(403, problem("RATE_EXCEEDED")), "RATE_EXCEEDED"},
        of("resource.refused", 400), of("resource.refused", 401), of("resource.refused", 403),
        of("resource.refused", 404), of("resource.refused", 409), of("resource.refused", 413),
        of("resource.refused", 415), of("resource.retry", 500), of("resource.retry", 502),
        of("resource.retry", 408), of("resource.retry", 425), of("resource.retry", 307),
        TriggerAnswer{"resource.retry", "unanswered", no_answer(Transport::ambiguous), "NO_ANSWER"},
        TriggerAnswer{"resource.retry", "unsent", no_answer(Transport::not_sent), "NOT_SENT"}),
    ByRow());

// ---- Its delivery report (DeliveryResult, TS 29.122 5.7.2.2.3)

struct Report {
    std::string row, name;
    friend void PrintTo(const Report& one, std::ostream* out) { *out << one.name; }
};

class TriggerReport : public testing::TestWithParam<Report> {};

TEST_P(TriggerReport, it_is_what_the_operator_sees) {
    Woken w(http(201));
    w.reports(GetParam().name);
    EXPECT_EQ(w.result(), GetParam().name);
    const auto& counters = w.engine().counters();
    EXPECT_EQ(counters.triggers_delivered, GetParam().row == "report.success" ? 1u : 0u);
    EXPECT_EQ(counters.triggers_failed, GetParam().row == "report.failure" ? 1u : 0u);
}

TEST_P(TriggerReport, before_the_answer_it_stays) {
    Reachable w;
    w.command(adapter::WakeDevice{0, w.id(), false});
    w.scef.tell(w.device.external_id(),
                nidd::DeviceTriggeringDeliveryReport{"/t/1", GetParam().name});
    w.settle();
    EXPECT_EQ(w.known().wake_up.result, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    T8, TriggerReport,
    testing::Values(Report{"report.success", "SUCCESS"}, Report{"report.pending", "TRIGGERED"},
                    Report{"report.failure", "FAILURE"}, Report{"report.failure", "EXPIRED"},
                    Report{"report.failure", "UNKNOWN"}, Report{"report.failure", "UNCONFIRMED"},
                    Report{"report.failure", "REPLACED"}, Report{"report.failure", "TERMINATE"}),
    ByRow());

}  // namespace
}  // namespace scef::flow
