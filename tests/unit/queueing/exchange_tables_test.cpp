#include <map>
#include <set>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "queueing/server_leg_table.h"
#include "queueing/uplink_table.h"

namespace scef::queueing {
namespace {

// ---- Whoever asked

std::string server_row(ServerLeg leg, ServerEvent event, bool confirmable = true,
                       ServerContext context = {}) {
    ServerExchange exchange;
    exchange.state = leg;
    exchange.confirmable = confirmable;
    const ServerRow* row = find_row(exchange, event, context);
    return row == nullptr ? "" : std::string(row->name);
}

/// Every (state, event) of a confirmable request whose answer is wanted; others mean nothing.
const std::map<std::pair<ServerLeg, ServerEvent>, std::string> documented{
    {{ServerLeg::open, ServerEvent::custody_due}, "D7"},
    {{ServerLeg::open, ServerEvent::asked_again}, "D1 custody"},
    {{ServerLeg::open, ServerEvent::answered}, "D10"},
    {{ServerLeg::open, ServerEvent::device_reset}, "D14 open"},
    {{ServerLeg::open, ServerEvent::expired}, "D16 open"},
    {{ServerLeg::open, ServerEvent::completed}, "D20 complete"},
    {{ServerLeg::acknowledged, ServerEvent::asked_again}, "D1"},
    {{ServerLeg::acknowledged, ServerEvent::answered}, "D11"},
    {{ServerLeg::acknowledged, ServerEvent::device_reset}, "D14 acknowledged"},
    {{ServerLeg::acknowledged, ServerEvent::expired}, "D16 told"},
    {{ServerLeg::acknowledged, ServerEvent::completed}, "D20 end"},
    {{ServerLeg::responding, ServerEvent::asked_again}, "D1"},
    {{ServerLeg::responding, ServerEvent::answered}, "D15 late"},
    {{ServerLeg::responding, ServerEvent::acknowledged}, "D11 received"},
    {{ServerLeg::responding, ServerEvent::reset}, "D15"},
    {{ServerLeg::responding, ServerEvent::unheard}, "D15 unheard"},
    {{ServerLeg::done, ServerEvent::asked_again}, "D1"},
    {{ServerLeg::done, ServerEvent::answered}, "D15 late"},
    {{ServerLeg::gone, ServerEvent::asked_again}, "D1"},
    {{ServerLeg::gone, ServerEvent::answered}, "D15 late"},
};

TEST(ServerLegTable, every_state_and_event_has_the_documented_outcome) {
    for (int leg = 0; leg <= static_cast<int>(ServerLeg::gone); ++leg) {
        for (int event = 0; event <= static_cast<int>(ServerEvent::unheard); ++event) {
            const std::pair key{static_cast<ServerLeg>(leg), static_cast<ServerEvent>(event)};
            const auto found = documented.find(key);
            EXPECT_EQ(server_row(key.first, key.second),
                      found == documented.end() ? "" : found->second)
                << leg << ' ' << event;
        }
    }
}

TEST(ServerLegTable, D16_a_silent_expiry_still_answers_a_server_that_waits_for_our_ack) {
    const ServerContext silent{.silent = true, .unwanted = false, .patient = false};
    EXPECT_EQ(server_row(ServerLeg::open, ServerEvent::expired, true, silent), "D16 open");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::expired, true, silent),
              "D16 silent");
}

TEST(ServerLegTable, D1_custody_that_comes_late_is_not_hastened_by_copies) {
    const ServerContext patient{.silent = false, .unwanted = false, .patient = true};
    EXPECT_EQ(server_row(ServerLeg::open, ServerEvent::asked_again, true, patient), "D1 patient");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::asked_again, true, patient), "D1");
}

TEST(ServerLegTable, an_unwanted_response_is_never_sent) {
    const ServerContext unwanted{.silent = false, .unwanted = true, .patient = false};
    for (const ServerEvent event : {ServerEvent::answered, ServerEvent::expired}) {
        EXPECT_TRUE(server_row(ServerLeg::open, event, true, unwanted).ends_with("unwanted"));
    }
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::answered, true, unwanted),
              "D11 unwanted");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::expired, true, unwanted),
              "D16 silent");
}

TEST(ServerLegTable, a_non_request_gets_one_non_response) {
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::answered, false), "D20 answer");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::expired, false), "D16 non");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::device_reset, false), "D14 non");
    EXPECT_EQ(server_row(ServerLeg::acknowledged, ServerEvent::asked_again, false), "");
}

// ---- Uplinks

std::string uplink_row(UplinkState state, UplinkEvent event, UplinkKind kind,
                       lwm2m::Operation operation = lwm2m::Operation::send,
                       UplinkContext context = {}, bool superseded = false) {
    Uplink uplink;
    uplink.state = state;
    uplink.kind = kind;
    uplink.operation = operation;
    uplink.superseded = superseded;
    const UplinkRow* row = find_row(uplink, event, context);
    return row == nullptr ? "" : std::string(row->name);
}

TEST(UplinkTable, what_the_server_says_settles_it) {
    using enum UplinkState;
    constexpr auto request = UplinkKind::request, notification = UplinkKind::notification;
    EXPECT_EQ(uplink_row(sending, UplinkEvent::answered, request), "U3");
    EXPECT_EQ(uplink_row(acknowledged, UplinkEvent::answered, request), "U3");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::answered, request), "U3");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::acknowledged, request), "U3 custody");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::acknowledged, notification), "U6");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::reset, request), "U8 request");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::reset, notification), "U8");
}

TEST(UplinkTable, U9_what_is_stale_costs_no_frame) {
    const UplinkContext stale{.stale = true, .tells_of_outage = false, .late = true};
    EXPECT_EQ(uplink_row(UplinkState::acknowledged, UplinkEvent::answered, UplinkKind::request,
                         lwm2m::Operation::send, stale),
              "U9");
    EXPECT_EQ(uplink_row(UplinkState::waiting, UplinkEvent::acknowledged, UplinkKind::notification,
                         lwm2m::Operation::other, stale),
              "U9 notify");
}

TEST(UplinkTable, U4_a_silent_server_means_another_thing_to_a_registration) {
    using enum UplinkState;
    constexpr auto request = UplinkKind::request;
    const UplinkContext told{.stale = false, .tells_of_outage = true, .late = true};
    const auto update = lwm2m::Operation::update;
    EXPECT_EQ(uplink_row(sending, UplinkEvent::copies_over, request), "U4");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::copies_over, request, update), "U4 registration");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::copies_over, request, update, told), "U4 told");
    EXPECT_EQ(uplink_row(acknowledged, UplinkEvent::expired, request, update, told),
              "U4 told over");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::retry_due, request), "U4 again");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::server_spoke, request), "U4 back");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::server_spoke, request), "");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::expired, request), "U4 over");
}

TEST(UplinkTable, U3_only_a_server_that_lives_is_called_slow_to_a_registration) {
    using enum UplinkState;
    const auto update = lwm2m::Operation::update;
    constexpr auto request = UplinkKind::request;
    EXPECT_EQ(uplink_row(sending, UplinkEvent::slow, request), "U3 slow");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::slow, request, update), "");
    EXPECT_EQ(uplink_row(acknowledged, UplinkEvent::slow, request, update), "U3 slow");
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::slow, request), "");
}

TEST(UplinkTable, U7_an_older_notification_gets_no_further_round) {
    using enum UplinkState;
    constexpr auto notification = UplinkKind::notification;
    EXPECT_EQ(uplink_row(waiting, UplinkEvent::superseded, notification), "U7");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::superseded, notification), "U7 being sent");
    EXPECT_EQ(uplink_row(sending, UplinkEvent::copies_over, notification, lwm2m::Operation::other,
                         {}, true),
              "U7 sent long enough");
}

template <typename Rows>
void expect_unique_names(const Rows& rows) {
    std::set<std::string_view> names;
    for (const auto& row : rows) EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(ExchangeTables, row_names_are_unique) {
    expect_unique_names(server_leg_table());
    expect_unique_names(uplink_table());
}

}  // namespace
}  // namespace scef::queueing
