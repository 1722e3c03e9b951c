#include "scef-adapter/metrics/t8_metrics.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using nidd::GateCounters;
using nidd::GateMeter;
using nidd::T8Answer;
using nidd::T8Request;

constexpr Instant now{std::chrono::hours(1)};

T8Answer answered(int status) {
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.status = status;
    return answer;
}

std::string text_of(const ScefCalls& calls) {
    MetricWriter out;
    write_t8(out, calls, now);
    return out.text();
}

bool has(const std::string& text, const std::string& line) {
    return text.find("\nscef_adapter_" + line + "\n") != std::string::npos;
}

TEST(T8Metrics, calls_are_shown_by_code_and_strange_codes_by_their_class) {
    GateMeter meter;
    constexpr auto operation = T8Request::Operation::create_delivery;
    for (const int status : {201, 201, 429, 418, 299, 777}) {
        meter.on_ended(operation, answered(status), std::chrono::milliseconds(1));
    }
    meter.on_ended(operation, T8Answer{}, std::chrono::milliseconds(1));
    const std::string text = text_of({"a", {meter.counters()}, {}});
    const std::string start = R"(t8_requests_total{scef="a",operation="create_delivery",outcome=)";
    EXPECT_TRUE(has(text, start + R"("success",code="201"} 2)")) << text;
    EXPECT_TRUE(has(text, start + R"("throttled",code="429"} 1)"));
    EXPECT_TRUE(has(text, start + R"("client_error",code="4xx"} 1)"));
    EXPECT_TRUE(has(text, start + R"("success",code="2xx"} 1)"));
    EXPECT_TRUE(has(text, start + R"("server_error",code="5xx"} 1)"));
    EXPECT_TRUE(has(text, start + R"("not_sent",code="none"} 1)"));
}

TEST(T8Metrics, a_scef_is_up_unless_the_last_call_of_a_worker_failed_a_short_while_ago) {
    GateCounters good, failed, failed_long_ago;
    failed.failed_at = now - std::chrono::minutes(5);
    failed_long_ago.failed_at = now - std::chrono::minutes(11);
    EXPECT_TRUE(has(text_of({"a", {good, good}, {}}), R"(t8_up{scef="a"} 1)"));
    EXPECT_TRUE(has(text_of({"a", {good, failed}, {}}), R"(t8_up{scef="a"} 0)"));
    EXPECT_TRUE(has(text_of({"a", {good, failed_long_ago}, {}}), R"(t8_up{scef="a"} 1)"));
}

TEST(T8Metrics, of_the_workers_tokens_the_one_that_ends_first_counts) {
    const std::string none = text_of({"a", {}, {}});
    EXPECT_EQ(none.find("t8_token"), std::string::npos) << "without OAuth 2.0 there are none";
    EXPECT_EQ(text_of({"a", {}, {{0, 2, std::nullopt}}}).find("t8_token_expiry_seconds"),
              std::string::npos);
    const std::string text = text_of({"a",
                                      {},
                                      {{3, 1, now + std::chrono::seconds(90)},
                                       {1, 0, now + std::chrono::seconds(40)},
                                       {0, 0, std::nullopt}}});
    EXPECT_TRUE(has(text, R"(t8_token_requests_total{scef="a",result="granted"} 4)")) << text;
    EXPECT_TRUE(has(text, R"(t8_token_requests_total{scef="a",result="failed"} 1)"));
    EXPECT_TRUE(has(text, R"(t8_token_expiry_seconds{scef="a"} 40)"));
    EXPECT_TRUE(has(text_of({"a", {}, {{1, 0, now - std::chrono::seconds(9)}}}),
                    R"(t8_token_expiry_seconds{scef="a"} 0)"));
}

}  // namespace
}  // namespace scef::adapter
