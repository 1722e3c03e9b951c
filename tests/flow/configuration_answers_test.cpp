#include "nidd/types/t8_json.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What the SCEF's answers about a NIDD configuration mean: to its creation, to its renewal, and
/// its status notifications (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using adapter::NiddLink;
using queueing::Reason;
using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

struct ConfigurationAnswer {
    std::string row, name;
    nidd::T8Answer answer;
    std::string cause = {};  ///< that the operator sees
    Duration again = {};     ///< when it is asked once more
    friend void PrintTo(const ConfigurationAnswer& one, std::ostream* out) { *out << one.name; }
};

/// A world with a second device whose configuration is answered so.
struct Joining : Reachable {
    explicit Joining(const nidd::T8Answer& answer, int times = 1) {
        for (int i = 0; i < times; ++i) scef.answers_next(Operation::create_configuration, answer);
        add_device(other);
        server.endpoint = 2;
    }
    NiddLink::Status status() { return link().status; }
    const NiddLink& link() { return (view = engine().find_device(1))->nidd; }
    int asked() { return scef.calls[Operation::create_configuration] - 1; }
    bool is_logged(std::string_view id) const {
        return std::any_of(log_lines().begin(), log_lines().end(),
                           [&](const auto& line) { return line.id == id; });
    }
    ModelDevice other{*this, "other@sim.example"};
    adapter::DeviceView view;
};

class AnyAnswer : public testing::TestWithParam<ConfigurationAnswer> {
protected:
    const nidd::T8Answer& answer() const { return GetParam().answer; }
};

ConfigurationAnswer of(const char* row, int status, Duration again, const char* cause = "") {
    const std::string number = std::to_string(status);
    const std::string told = cause;
    return {row, told.empty() ? number : number + "_" + told,
            http(status, told.empty() ? "" : problem(told)), told.empty() ? "HTTP " + number : told,
            again};
}

nidd::T8Answer asking_for(Duration pause, nidd::T8Answer answer) {
    answer.retry_after = pause;
    return answer;
}

// ---- It is there

/// An answer to a creation that was done.
struct CreatedAnswer {
    std::string row, name;
    int status;
    std::string location, body;  ///< `LINK` stands for the link
    friend void PrintTo(const CreatedAnswer& one, std::ostream* out) { *out << one.name; }
};

class Created : public testing::TestWithParam<CreatedAnswer> {};

TEST_P(Created, messages_go_under_it) {
    Reachable w;
    w.scef.changes_creation = [](nidd::T8Answer& answer) {
        const auto filled = [&](std::string text) {
            const auto at = text.find("LINK");
            return at == std::string::npos ? text : text.replace(at, 4, answer.location.substr(1));
        };
        answer = http(GetParam().status, filled(GetParam().body), filled(GetParam().location));
    };
    ModelDevice other(w, "other@sim.example");
    w.add_device(other);
    w.server.endpoint = 2;
    const auto request = w.read();
    w.settle();
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.engine().find_device(1)->nidd.configuration_id, "c2");
    EXPECT_EQ(w.heard(request), coap::codes::content);
    w.advance(1h);
    EXPECT_EQ(w.scef.creations, 2);
}

INSTANTIATE_TEST_SUITE_P(
    T8, Created,
    testing::Values(
        CreatedAnswer{"configuration.created", "201_Location", 201, "/LINK", ""},
        CreatedAnswer{"configuration.created", "201_absolute_Location", 201,
                      "https://scef.example:8443/LINK", ""},
        CreatedAnswer{"configuration.created", "201_self_only", 201, "", R"({"self":"/LINK"})"},
        CreatedAnswer{"configuration.created", "201_relative_self", 201, "", R"({"self":"LINK"})"},
        CreatedAnswer{"configuration.created", "201_garbage_but_Location", 201, "/LINK", "<html>"},
        CreatedAnswer{"configuration.created", "200_Location", 200, "/LINK", ""}),
    ByRow());

TEST(ConfigurationAnswers, configuration_created_its_terms_count) {
    World w;
    w.scef.packet_bits = 800;
    w.scef.grants = 10h;
    ModelDevice other(w, "other@sim.example");
    w.add_device(other);
    w.server.endpoint = 2;
    const auto request = w.server.request(coap::codes::put, "/5/0/0",
                                          [](coap::Message& m) { m.payload = Bytes(200, 1); });
    w.advance(9h - 1s);
    EXPECT_EQ(w.server.responses_to(request).at(0).code, coap::codes::request_entity_too_large);
    EXPECT_EQ(w.scef.renewals, 0);
    w.advance(1s);
    EXPECT_EQ(w.scef.renewals, 1);
}

// ---- It may be there: the list of configurations tells

class Unknown : public AnyAnswer {};

TEST_P(Unknown, one_with_our_destination_in_the_scefs_list_is_taken_up) {
    Joining w(no_answer(Transport::not_sent));
    w.scef.add_configuration("other@sim.example", w.engine().config().notifications.public_url +
                                                      "/t8/v1/notifications/" +
                                                      w.link().capability.text());
    w.scef.answers_next(Operation::create_configuration, answer());
    w.advance(1s);
    EXPECT_EQ(w.status(), NiddLink::Status::active);
    EXPECT_EQ(w.engine().counters().configurations_adopted, 1u);
    w.advance(1h);
    EXPECT_EQ(w.asked(), 2);
}

TEST_P(Unknown, one_that_the_list_lacks_is_asked_for_after_30_s) {
    Joining w(answer());
    const auto request = w.read();
    EXPECT_EQ(w.status(), NiddLink::Status::pending);
    EXPECT_EQ(w.link().last_cause, GetParam().cause);
    w.advance(30s - 1ns);
    EXPECT_EQ(w.asked(), 1);
    EXPECT_EQ(w.only_message().reason, Reason::configuration);
    EXPECT_TRUE(w.server.has_ack(request));
    w.advance(1ns);
    EXPECT_EQ(w.asked(), 2);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    EXPECT_EQ(w.scef.configurations(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    T8, Unknown,
    testing::Values(
        ConfigurationAnswer{"configuration.unanswered", "reset_after_write",
                            no_answer(Transport::ambiguous), "NO_ANSWER"},
        ConfigurationAnswer{"configuration.no_link", "201", http(201), "NO_USABLE_LINK"},
        ConfigurationAnswer{"configuration.no_link", "204", http(204), "NO_USABLE_LINK"},
        ConfigurationAnswer{"configuration.no_link", "201_garbage", http(201, "<html>", "\xff"),
                            "NO_USABLE_LINK"},
        ConfigurationAnswer{"configuration.no_link", "201_of_another_collection",
                            http(201, "", "/dm/subscriptions/c7"), "NO_USABLE_LINK"},
        of("configuration.bad_gateway", 502, 30s), of("configuration.bad_gateway", 504, 30s),
        of("configuration.exists", 409, 30s),
        of("configuration.exists", 403, 30s, "ALREADY_EXISTS"),
        of("configuration.exists", 403, 30s, "DUPLICATE_REQUEST")),
    ByRow());

// ---- Not now

class Later : public AnyAnswer {};

TEST_P(Later, it_is_asked_for_again_and_messages_wait) {
    Joining w(answer());
    const auto request = w.read();
    EXPECT_EQ(w.status(), NiddLink::Status::pending);
    EXPECT_EQ(w.link().last_cause, GetParam().cause);
    w.advance(GetParam().again - 1ns);
    EXPECT_EQ(w.asked(), 1);
    EXPECT_EQ(w.only_message().reason, Reason::configuration);
    EXPECT_EQ(w.heard(request), coap::Code{});
    w.advance(1ns);
    EXPECT_EQ(w.asked(), 2);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    EXPECT_EQ(w.engine().counters().configurations_adopted, 0u);
}

TEST_P(Later, a_scef_that_stays_so_is_asked_at_most_every_five_minutes_in_the_end) {
    Joining w(answer(), 100);
    w.advance(1h);
    EXPECT_GE(w.asked(), 10);
    EXPECT_LE(w.asked(), 22);
    EXPECT_EQ(w.status(), NiddLink::Status::pending);
}

INSTANTIATE_TEST_SUITE_P(
    T8, Later,
    testing::Values(ConfigurationAnswer{"configuration.held_back", "by_the_gate",
                                        asking_for(20s, no_answer(Transport::not_sent)),
                                        "HELD_BACK", 20s},
                    ConfigurationAnswer{"configuration.unsent", "refused_connection",
                                        no_answer(Transport::not_sent), "NOT_SENT", 1s},
                    of("configuration.busy", 429, 1s), of("configuration.busy", 503, 1s),
                    ConfigurationAnswer{"configuration.busy", "503_Retry_After",
                                        asking_for(40s, http(503)), "HTTP 503", 40s},
                    of("configuration.busy", 403, 1s, "QUOTA_EXCEEDED"),
                    of("configuration.busy", 403, 1s, "RATE_EXCEEDED"),
                    of("configuration.retried", 500, 1s),
                    of("configuration.retried", 500, 1s, "SYSTEM_FAILURE"),
                    of("configuration.retried", 501, 1s), of("configuration.retried", 408, 1s),
                    of("configuration.retried", 425, 1s), of("configuration.retried", 307, 1s),
                    of("configuration.retried", 308, 1s)),
    ByRow());

// ---- No

class ConfigurationRefused : public AnyAnswer {};

TEST_P(ConfigurationRefused, requests_hear_5_02_and_it_is_asked_for_again_after_ten_minutes) {
    Joining w(answer());
    EXPECT_EQ(w.status(), NiddLink::Status::refused);
    EXPECT_EQ(w.link().last_cause, GetParam().cause);
    EXPECT_TRUE(w.is_logged("CONFIGURATION_REFUSED"));
    const auto request = w.read();
    w.advance(10min - 1ns);
    EXPECT_EQ(w.heard(request), coap::codes::bad_gateway);
    EXPECT_EQ(w.asked(), 1);
    EXPECT_EQ(w.scef.posts, 0);
    w.advance(1ns);
    EXPECT_EQ(w.status(), NiddLink::Status::active);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ConfigurationRefused,
    testing::Values(
        of("configuration.forbidden", 401, 10min), of("configuration.forbidden", 403, 10min),
        of("configuration.forbidden", 403, 10min, "PIGEON_MISSING"),
        of("configuration.refused", 400, 10min),
        of("configuration.refused", 400, 10min, "MANDATORY_IE_MISSING"),
        of("configuration.refused", 404, 10min), of("configuration.refused", 411, 10min),
        of("configuration.refused", 413, 10min), of("configuration.refused", 415, 10min),
        of("configuration.refused", 422, 10min)),
    ByRow());

// ---- Its renewal

class Renewal : public AnyAnswer {
protected:
    /// Asks for a device's configuration to be renewed, and answers so.
    static void renew(Reachable& w, const nidd::T8Answer& answer) {
        w.scef.answers_next(Operation::patch_configuration, answer);
        w.advance(27 * 24h);
        ASSERT_EQ(w.scef.calls[Operation::patch_configuration], 1);
    }
};

class Renewed : public Renewal {};

TEST_P(Renewed, it_lives_as_long_as_was_asked_for) {
    Reachable w;
    renew(w, answer());
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    w.advance(26 * 24h);
    EXPECT_EQ(w.scef.calls[Operation::patch_configuration], 1);
    w.advance(2 * 24h);
    EXPECT_EQ(w.scef.calls[Operation::patch_configuration], 2);
    EXPECT_EQ(w.scef.creations, 1);
}

INSTANTIATE_TEST_SUITE_P(
    T8, Renewed,
    testing::Values(ConfigurationAnswer{"renewal.done", "204", http(204)},
                    ConfigurationAnswer{"renewal.done", "200_no_body", http(200)},
                    ConfigurationAnswer{"renewal.done", "200_garbage", http(200, "<html>")}),
    ByRow());

TEST(ConfigurationAnswers, renewal_shortened_it_is_renewed_by_the_time_that_the_scef_granted) {
    Reachable w;
    w.scef.grants = 10h;
    w.advance(27 * 24h + 1s);
    ASSERT_EQ(w.scef.renewals, 1);
    w.advance(9h - 1min);
    EXPECT_EQ(w.scef.renewals, 1);
    w.advance(1min);
    EXPECT_EQ(w.scef.renewals, 2);
}

class RenewalLost : public Renewal {};

TEST_P(RenewalLost, it_is_made_anew_at_once) {
    Reachable w;
    renew(w, answer());
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    const auto request = w.read();
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

INSTANTIATE_TEST_SUITE_P(T8, RenewalLost,
                         testing::Values(ConfigurationAnswer{"renewal.lost", "404", http(404)},
                                         ConfigurationAnswer{"renewal.lost", "410", http(410)}),
                         ByRow());

class RenewalFailed : public Renewal {};

TEST_P(RenewalFailed, it_stays_in_use_and_is_renewed_after_the_back_off) {
    Reachable w;
    renew(w, answer());
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    const auto request = w.read();
    w.advance(GetParam().again - 1ns);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    EXPECT_EQ(w.scef.calls[Operation::patch_configuration], 1);
    w.advance(1ns);
    EXPECT_EQ(w.scef.calls[Operation::patch_configuration], 2);
    EXPECT_EQ(w.scef.creations, 1);
}

INSTANTIATE_TEST_SUITE_P(
    T8, RenewalFailed,
    testing::Values(ConfigurationAnswer{"renewal.failed", "unanswered",
                                        no_answer(Transport::ambiguous), "", 1s},
                    ConfigurationAnswer{"renewal.failed", "unsent", no_answer(Transport::not_sent),
                                        "", 1s},
                    ConfigurationAnswer{"renewal.failed", "held_back",
                                        asking_for(20s, no_answer(Transport::not_sent)), "", 20s},
                    ConfigurationAnswer{"renewal.failed", "503_Retry_After",
                                        asking_for(40s, http(503)), "", 40s},
                    of("renewal.failed", 400, 1s), of("renewal.failed", 401, 1s),
                    of("renewal.failed", 403, 1s), of("renewal.failed", 429, 1s),
                    of("renewal.failed", 500, 1s), of("renewal.failed", 503, 1s),
                    of("renewal.failed", 307, 1s)),
    ByRow());

}  // namespace
}  // namespace scef::flow
