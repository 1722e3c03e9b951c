#include "simulators/modem-simulator/at_contexts.h"
#include "simulators/modem-simulator/at_power_saving.h"
#include "simulators/modem-simulator/at_registration.h"
#include "tests/unit/simulators/modem-simulator/at_bench.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;
using modem_link::Kind;
using modem_link::PowerSaving;
using modem_link::RdsPort;
using modem_link::ReleaseAssistance;

TEST(AtRegistration, is_told_as_it_goes) {
    AtBench bench;
    bench.is_silent = true;
    EXPECT_EQ(bench.type("AT+CEREG=1;+CEREG?;+CGATT?;+COPS?;+CSQ"),
              "+CEREG: 1,2|+CGATT: 0|+COPS: 0|+CSQ: 99,99|OK");
    bench.is_silent = false;
    EXPECT_EQ(bench.after(1s), "+CEREG: 1");
    EXPECT_EQ(bench.type("AT+CEREG=2;+CEREG?;+COPS=3,2;+COPS?"),
              R"(+CEREG: 2,1,"0001","00000001",9|+COPS: 0,2,"00101",9|OK)");
}

TEST(AtRegistration, ends_and_begins_with_the_functionality) {
    AtBench bench;
    bench.attached().type("AT+CEREG=1");
    EXPECT_EQ(bench.type("AT+CFUN=0"), "OK|+CEREG: 0");
    EXPECT_EQ(bench.sent.back().kind, Kind::detach);
    EXPECT_EQ(bench.type("AT+CMEE=1;+CGATT=1"), "+CME ERROR: 53");
    EXPECT_EQ(bench.type(R"(AT+CSODCP=1,1,"00")"), "+CME ERROR: 53");
    EXPECT_EQ(bench.type("AT+CFUN=1;+CFUN?").substr(0, 11), "+CFUN: 1|OK");
    EXPECT_EQ(bench.type("AT+CGATT?"), "+CGATT: 1|OK");
}

TEST(AtRegistration, a_restart_attaches_anew) {
    AtBench bench;
    bench.attached().type("AT+CFUN=1,1");
    EXPECT_EQ(bench.sent_of(Kind::attach).size(), 2U);
    EXPECT_EQ(bench.type("AT+CGATT?"), "+CGATT: 1|OK");
}

TEST(AtRegistration, an_attach_by_command_ends_when_the_network_has_answered) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type("AT+CGATT=0;+CGATT?"), "+CGATT: 0|OK");
    EXPECT_EQ(bench.type("AT+CGATT=1"), "OK");
    bench.type("AT+CMEE=1;+CGATT=0");
    bench.is_silent = true;
    EXPECT_EQ(bench.type("AT+CGATT=1"), "");
    EXPECT_EQ(bench.after(60s), "+CME ERROR: 31");
}

TEST(AtRegistration, a_refusal_is_told_with_its_cause) {
    AtBench bench;
    bench.refusal = "unknown-subscriber";
    bench.attached();
    EXPECT_EQ(bench.type("AT+CEREG=3;+CEREG?"), "+CEREG: 3,3,,,,0,8|OK");
    EXPECT_EQ(bench.type("AT+CMEE=1;+CGATT=1"), "+CME ERROR: 107");
}

TEST(AtRegistration, the_connection_is_told_by_cscon) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type("AT+CSCON=1;+CSCON?"), "+CSCON: 1,1|OK");
    EXPECT_EQ(bench.state("psm"), "+CSCON: 0");
    EXPECT_EQ(bench.type(R"(AT+CSODCP=1,1,"00")"), "OK|+CSCON: 1");
}

TEST(AtPowerSaving, psm_is_asked_for_and_its_timers_told_when_granted) {
    AtBench bench;
    bench.attached().type("AT+CEREG=4");
    EXPECT_EQ(bench.type(R"(AT+CPSMS=1,,,"00100001","00000101")"),
              R"(OK|+CEREG: 1,"0001","00000001",9,,,"00000101","00100001")");
    ASSERT_EQ(bench.sent_of(Kind::update).size(), 1U);
    EXPECT_EQ(bench.sent.back().power_saving, (PowerSaving{"psm", 10s, 1h, {}, {}}));
    EXPECT_EQ(bench.type("AT+CPSMS?"), R"(+CPSMS: 1,,,"00100001","00000101"|OK)");
    EXPECT_EQ(bench.type("AT+CPSMS=0"), R"(OK|+CEREG: 1,"0001","00000001",9)");
}

TEST(AtPowerSaving, psm_without_an_active_time_is_none) {
    AtBench bench;
    bench.attached().type(R"(AT+CPSMS=1,,,,"11100000")");
    EXPECT_TRUE(bench.sent_of(Kind::update).empty());
    bench.type("AT+CPSMS=2;+CPSMS=1");
    EXPECT_EQ(bench.sent.back().power_saving, (PowerSaving{"psm", 20s, 24h, {}, {}}));
}

TEST(AtPowerSaving, edrx_is_asked_for_and_told) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type("AT+CEDRXRDP"), "+CEDRXRDP: 0|OK");
    EXPECT_EQ(bench.type(R"(AT+CEDRXS=2,5,"0010")"), R"(OK|+CEDRXP: 5,"0010","0010","0000")");
    EXPECT_EQ(bench.sent.back().power_saving, (PowerSaving{"edrx", {}, {}, 20'480ms, {}}));
    EXPECT_EQ(bench.type("AT+CEDRXS?;+CEDRXRDP"),
              R"(+CEDRXS: 5,"0010"|+CEDRXRDP: 5,"0010","0010","0000"|OK)");
    EXPECT_EQ(bench.type("AT+CEDRXS=3;+CEDRXRDP"), R"(+CEDRXRDP: 5,"0101","0010","0000"|OK)");
    EXPECT_EQ(bench.type("AT+CEDRXRDP"), "+CEDRXRDP: 0|OK") << "after the network's answer";
}

TEST(AtPowerSaving, is_part_of_the_attach_when_it_is_the_start_state) {
    AtBench psm("psm"), edrx("edrx");
    EXPECT_EQ(psm.attached().sent[0].power_saving->mode, "psm");
    EXPECT_EQ(psm.sent[0].state, "connected");
    EXPECT_EQ(edrx.attached().sent[0].power_saving->mode, "edrx");
}

TEST(AtPowerSaving, bad_parameters_change_nothing) {
    AtBench bench;
    bench.attached();
    for (const char* bad :
         {R"(+CPSMS=3)", R"(+CPSMS=1,,,"0010000")", R"(+CPSMS=1,,,00100001)", R"(+CPSMS=1,"2")",
          R"(+CEDRXS=4)", R"(+CEDRXS=1,4)", R"(+CEDRXS=1,5,"00100")", R"(+CEDRXS=1,5,0010)"}) {
        EXPECT_EQ(bench.type(std::string("AT") + bad), "ERROR") << bad;
    }
    EXPECT_TRUE(bench.sent_of(Kind::update).empty());
}

TEST(AtContexts, one_non_ip_context_is_there_and_active) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type("AT+CGDCONT?;+CGACT?;+CGPADDR;+CGAPNRC"),
              R"(+CGDCONT: 1,"Non-IP","","",0,0|+CGACT: 1,1|+CGPADDR: 1|+CGAPNRC: 1,0,0|OK)");
    bench.granted.apn_rate = "100/hour";
    bench.granted.has_exception_reports = true;
    bench.type("AT+CFUN=1,1");
    EXPECT_EQ(bench.type("AT+CGAPNRC=1;+CGAPNRC=?"), "+CGAPNRC: 1,1,2,100|+CGAPNRC: (1)|OK");
}

TEST(AtContexts, the_lowest_one_defined_before_attach_becomes_the_connection) {
    AtBench bench;
    bench.type("AT+CFUN=0");
    EXPECT_EQ(bench.type(R"(AT+CGDCONT=0,"nonip";+CGDCONT=0,"NON-IP","nidd";+CGDCONT=1)"), "ERROR");
    EXPECT_EQ(bench.type(R"(AT+CGDCONT=0,"NON-IP","nidd";+CGDCONT=1;+CFUN=1)"), "OK");
    EXPECT_EQ(bench.type("AT+CGDCONT?;+CGACT?"),
              R"(+CGDCONT: 0,"Non-IP","nidd","",0,0|+CGACT: 0,1|OK)");
    EXPECT_EQ(bench.type(R"(AT+CMEE=1;+CGDCONT=0)"), "+CME ERROR: 3") << "it is active";
    EXPECT_EQ(bench.type(R"(AT+CGDCONT=2,"IP")"), "+CME ERROR: 4");
    EXPECT_EQ(bench.type(R"(AT+CGDCONT=4,"Non-IP")"), "+CME ERROR: 50");
}

TEST(AtContexts, the_connection_is_given_up_and_taken_again) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type("AT+CGACT=0,1;+CGACT?;+CGATT?"), "+CGACT: 1,0|+CGATT: 1|OK");
    EXPECT_EQ(bench.sent.back().state, "no-pdn");
    EXPECT_EQ(bench.type(R"(AT+CMEE=1;+CSODCP=1,1,"00")"), "+CME ERROR: 3");
    EXPECT_EQ(bench.type(R"(AT+CGDCONT=2,"Non-IP";+CGACT=1,2;+CGACT?)"),
              "+CGACT: 1,0|+CGACT: 2,1|OK");
    EXPECT_EQ(bench.type("AT+CGACT=1,1"), "+CME ERROR: 3") << "the device has one connection";
    EXPECT_EQ(bench.type("AT+CGACT=1,3"), "+CME ERROR: 50");
}

TEST(AtContexts, data_go_up_in_hexadecimal_or_as_text) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type(R"(AT+CSODCP=1,2,"aB01")"), "OK");
    EXPECT_EQ(bench.type(R"(AT+CSODCP=1,2,AB01)"), "OK");
    EXPECT_EQ(bench.type(R"(AT+CSODCP=1,5,"hello")"), "OK");
    const auto frames = bench.sent_of(Kind::uplink);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].data, (Bytes{0xAB, 0x01}));
    EXPECT_EQ(frames[1].data, (Bytes{0xAB, 0x01}));
    EXPECT_EQ(frames[2].data, to_bytes("hello"));
}

TEST(AtContexts, an_uplink_says_what_follows_and_how_urgent_it_is) {
    AtBench bench;
    EXPECT_EQ(bench.attached().type(R"(AT+CSODCP=1,1,"00",2,1,3,4)"), "OK");
    const auto frame = bench.sent_of(Kind::uplink).at(0);
    EXPECT_EQ(frame.release, ReleaseAssistance::after_downlink);
    EXPECT_TRUE(frame.exception);
    EXPECT_EQ(frame.rds, (RdsPort{3, 4}));
}

TEST(AtContexts, uplinks_with_bad_parameters_are_refused) {
    AtBench bench;
    bench.attached().type("AT+CMEE=1");
    for (const auto& [bad, error] : {std::pair{R"(1,2,"AB")", 25},
                                     {R"(1,1,"XY")", 25},
                                     {R"(1,1)", 50},
                                     {R"(1)", 50},
                                     {R"(2,1,"00")", 50},
                                     {R"(1,"1","00")", 50},
                                     {R"(1,1,"00",3)", 50},
                                     {R"(1,1,"00",0,2)", 50},
                                     {R"(1,1,"00",0,0,16,1)", 50},
                                     {R"(1,1,"00",0,0,1)", 50},
                                     {R"(1,1,"00",0,0,1,1,1)", 50},
                                     {R"(1,1359,"00")", 24}}) {
        EXPECT_EQ(bench.type(std::string("AT+CSODCP=") + bad),
                  "+CME ERROR: " + std::to_string(error))
            << bad;
    }
    EXPECT_TRUE(bench.sent_of(Kind::uplink).empty());
}

TEST(AtContexts, the_longest_frame_is_what_the_network_takes) {
    AtBench bench;
    bench.granted.frame_octets_max = 512;
    const auto send = [&](std::size_t octets) {
        return bench.type("AT+CSODCP=1," + std::to_string(octets) + ",\"" +
                          std::string(2 * octets, 'A') + '"');
    };
    EXPECT_EQ(bench.attached().type("AT+CSODCP=?").substr(0, 20), "+CSODCP: (0-3),(512)");
    EXPECT_EQ(send(512), "OK");
    EXPECT_EQ(send(513), "ERROR");
}

TEST(AtContexts, data_come_down_when_they_are_to_be_reported) {
    AtBench bench;
    EXPECT_EQ(bench.attached().downlink({1, 2}), "");
    EXPECT_EQ(bench.notes.back(), "not shown: +CRTDCP is 0");
    bench.type("AT+CRTDCP=1");
    EXPECT_EQ(bench.downlink({0xAB, 0x01}, RdsPort{3, 4}), R"(+CRTDCP: 1,2,"ab01")");
    bench.type("AT+CRTDCP=2");
    EXPECT_EQ(bench.downlink({0xAB, 0x01}, RdsPort{3, 4}), R"(+CRTDCP: 1,2,"ab01",4,3)");
}

}  // namespace
}  // namespace scef::modem_simulator
