#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What an operator profile's rules make of an error, and the built-in profiles
/// (docs/t8-outcomes.md). What each outcome leads to has its own tests.
namespace scef::flow {
namespace {

using adapter::NiddLink;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using Meaning = nidd::OperatorProfile::Meaning;
using Operation = nidd::T8Request::Operation;

adapter::Config with_profile(nidd::OperatorProfile profile) {
    auto config = always_reachable();
    config.scefs[0].profile = std::move(profile);
    return config;
}

/// An operator for whom 418 with the cause TEAPOT means that.
adapter::Config with_rule(Meaning means) {
    auto profile = nidd::standard_profile();
    profile.rules.push_back({418, "TEAPOT", "", means});
    return with_profile(profile);
}

/// What is visible of an outcome, right after the answer.
struct Outcome {
    std::string row, name;
    Meaning means = Meaning::refused;
    MessageState state = MessageState::queued;
    Reason reason = Reason::none;
    std::uint32_t attempts = 0;
    NiddLink::Status configuration = NiddLink::Status::pending;
    friend void PrintTo(const Outcome& one, std::ostream* out) { *out << one.name; }
};

class Rule : public testing::TestWithParam<Outcome> {};

TEST_P(Rule, it_says_what_an_error_means_to_a_delivery) {
    Reachable w(with_rule(GetParam().means));
    w.scef.answers_next(Operation::create_delivery, http(418, problem("TEAPOT")));
    w.scef.answers_next(Operation::list_deliveries, http(503));
    w.scef.answers_next(Operation::create_configuration, http(500));
    w.execute();
    w.settle();
    EXPECT_EQ(w.only_message().state, GetParam().state);
    EXPECT_EQ(w.only_message().reason, GetParam().reason);
    EXPECT_EQ(w.only_message().attempts, GetParam().attempts);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), "TEAPOT"));
}

TEST_P(Rule, it_says_what_an_error_means_to_a_configuration) {
    Reachable w(with_rule(GetParam().means));
    w.scef.answers_next(Operation::create_configuration, http(418, problem("TEAPOT")));
    ModelDevice other(w, "other@sim.example");
    w.add_device(other);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, GetParam().configuration);
    EXPECT_EQ(w.engine().find_device(1)->nidd.last_cause, "TEAPOT");
}

TEST_P(Rule, another_error_means_what_it_meant) {
    Reachable w(with_rule(GetParam().means));
    w.scef.answers_next(Operation::create_delivery, http(418, problem("KETTLE")));
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::bad_gateway);
    EXPECT_EQ(w.only_message().reason, Reason::refused_by_scef);
}

constexpr auto refused_configuration = NiddLink::Status::refused;

INSTANTIATE_TEST_SUITE_P(
    T8, Rule,
    testing::Values(Outcome{"rule.throttled", "418", Meaning::throttled, MessageState::queued,
                            Reason::throttled},
                    Outcome{"rule.too_large", "418", Meaning::too_large, MessageState::failed,
                            Reason::too_large, 1, refused_configuration},
                    Outcome{"rule.refused", "418", Meaning::refused, MessageState::failed,
                            Reason::refused_by_scef, 1, refused_configuration},
                    Outcome{"rule.not_authorized", "418", Meaning::not_authorized,
                            MessageState::queued, Reason::throttled, 0, refused_configuration},
                    Outcome{"rule.configuration_lost", "418", Meaning::configuration_lost,
                            MessageState::queued, Reason::configuration, 0, refused_configuration},
                    Outcome{"rule.retry_later", "418", Meaning::retry_later, MessageState::queued,
                            Reason::retry, 1},
                    Outcome{"rule.in_doubt", "418", Meaning::in_doubt, MessageState::sending,
                            Reason::in_doubt, 1},
                    Outcome{"rule.exists", "418", Meaning::exists, MessageState::failed,
                            Reason::refused_by_scef, 1}),
    ByRow());

TEST(ProfileRules, post_ruled_a_rule_comes_before_the_standards_table) {
    auto profile = nidd::standard_profile();
    profile.rules.push_back({503, "", "", Meaning::refused});
    Reachable w(with_profile(profile));
    w.scef.answers_next_delivery_with(says(503));
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::bad_gateway);
}

TEST(ProfileRules, post_ruled_no_rule_touches_a_success_or_an_answer_that_never_came) {
    auto profile = nidd::standard_profile();
    profile.rules.push_back({0, "", "", Meaning::refused});
    Reachable w(with_profile(profile));
    w.scef.answers_next_delivery_with({.transport = nidd::T8Answer::Transport::ambiguous});
    const auto request = w.read();
    w.advance(5s);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(ProfileRules, configuration_ruled_a_rule_comes_before_the_standards_table) {
    auto profile = nidd::standard_profile();
    profile.rules.push_back({403, "CONTEXT_PRESENT", "", Meaning::exists});
    Reachable w(with_profile(profile));
    w.scef.answers_next(Operation::create_configuration, http(403, problem("CONTEXT_PRESENT")));
    ModelDevice other(w, "other@sim.example");
    w.add_device(other);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::pending);
    w.advance(30s);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::active);
}

// ---- Oracle's codes

class OracleCode : public testing::TestWithParam<Outcome> {};

TEST_P(OracleCode, it_says_what_went_wrong) {
    Reachable w(with_profile(*nidd::built_in_profile("oracle")));
    const std::string& code = GetParam().name;
    w.scef.answers_next(
        Operation::create_delivery,
        http(std::stoi(code.substr(9, 3)), R"({"detail":"SCEF-ERR-)" + code.substr(9, 3) + "-" +
                                               code.substr(13) + R"(: text"})"));
    w.scef.answers_next(Operation::create_configuration, http(500));
    w.execute();
    w.settle();
    EXPECT_EQ(w.only_message().state, GetParam().state);
    EXPECT_EQ(w.only_message().reason, GetParam().reason);
    EXPECT_EQ(w.only_message().attempts, GetParam().attempts);
}

INSTANTIATE_TEST_SUITE_P(
    T8, OracleCode,
    testing::Values(
        Outcome{"profile.oracle", "SCEF_ERR_403_100", {}, MessageState::queued, Reason::throttled},
        Outcome{"profile.oracle",
                "SCEF_ERR_400_108",
                {},
                MessageState::failed,
                Reason::refused_by_scef,
                1},
        Outcome{"profile.oracle",
                "SCEF_ERR_400_109",
                {},
                MessageState::failed,
                Reason::refused_by_scef,
                1},
        Outcome{
            "profile.oracle", "SCEF_ERR_404_110", {}, MessageState::queued, Reason::configuration},
        Outcome{
            "profile.oracle", "SCEF_ERR_400_111", {}, MessageState::failed, Reason::too_large, 1},
        Outcome{
            "profile.oracle", "SCEF_ERR_413_111", {}, MessageState::failed, Reason::too_large, 1},
        Outcome{"profile.oracle", "SCEF_ERR_500_115", {}, MessageState::queued, Reason::retry, 1},
        Outcome{"profile.oracle", "SCEF_ERR_503_115", {}, MessageState::queued, Reason::retry, 1}),
    ByRow());

// ---- What is asked of each

TEST(ProfileRules, profile_3gpp_to_the_standard_an_operators_code_is_a_text) {
    Reachable w(with_profile(*nidd::built_in_profile("3gpp")));
    w.scef.answers_next(Operation::create_delivery, http(404, R"({"detail":"SCEF-ERR-404-108"})"));
    w.execute();
    w.settle();
    EXPECT_EQ(w.scef.creations, 2);
}

TEST(ProfileRules, profile_3gpp_r15_the_test_event_and_the_modification_are_asked_for) {
    auto config = with_profile(*nidd::built_in_profile("3gpp-r15"));
    config.scefs[0].configuration.test_notification = true;
    Reachable w(config);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.known().nidd.supported_features, "C");
}

TEST(ProfileRules, profile_mts_its_slips_are_read) {
    Reachable w(with_profile(*nidd::built_in_profile("mts")));
    w.device_sleeps();
    auto fault = taking_it({});
    fault.change = [](nidd::T8Answer& answer) {
        answer.body = R"({"status":"BUFFERING_TEMPORARILY_NOT_REACHABLE","self":")" +
                      answer.location.substr(1) + R"("})";
        answer.location.clear();
    };
    w.scef.answers_next_delivery_with(fault);
    w.execute();
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
}

}  // namespace
}  // namespace scef::flow
