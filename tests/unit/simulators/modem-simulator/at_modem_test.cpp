#include "simulators/modem-simulator/at_modem.h"

#include "tests/unit/simulators/modem-simulator/at_bench.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

TEST(AtModem, answers_with_line_ends_before_and_after) {
    AtBench bench;
    EXPECT_EQ(bench.keys("AT\r"), "AT\r\r\nOK\r\n");
    EXPECT_EQ(bench.keys("ATE0\r"), "ATE0\r\r\nOK\r\n");
    EXPECT_EQ(bench.keys("AT+CSQ=?\r"), "\r\n+CSQ: (0-31,99),(0-7,99)\r\n\r\nOK\r\n");
    EXPECT_EQ(bench.keys("ATV0\r"), "0\r");
    EXPECT_EQ(bench.keys("AT+CSQ=?\r"), "+CSQ: (0-31,99),(0-7,99)\r\n0\r");
    EXPECT_EQ(bench.keys("AT+NONSENSE\r"), "4\r");
    EXPECT_EQ(bench.keys("ATQ1\r"), "");
    EXPECT_EQ(bench.keys("ATZ\r"), "\r\nOK\r\n");
}

TEST(AtModem, says_what_it_is) {
    AtBench bench;
    EXPECT_EQ(bench.type("AT+CGMI;+CGMM"), "SCEF adapter|modem-simulator|OK");
    const std::string imei = bench.type("AT+CGSN");
    EXPECT_EQ(bench.type("AT+CGSN=1"), "+CGSN: \"" + imei.substr(0, 15) + "\"|OK");
    EXPECT_EQ(bench.type("AT+CIMI").substr(0, 5), "00101");
    EXPECT_EQ(bench.type("AT+CPIN?"), "+CPIN: READY|OK");
    EXPECT_EQ(bench.type("AT+CCLK?"), R"(+CCLK: "26/11/18,11:06:40+00"|OK)");
}

TEST(AtModem, stops_a_line_at_the_first_command_that_fails) {
    AtBench bench;
    EXPECT_EQ(bench.type("AT+CMEE=1;+CEREG=6;+CEREG=1"), "+CME ERROR: 50");
    EXPECT_EQ(bench.type("AT+CEREG?"), "+CEREG: 0,1|OK");
    EXPECT_EQ(bench.type("AT+CMEE?;+BAD;+CMEE=0"), "+CMEE: 1|ERROR");
    EXPECT_EQ(bench.type("AT+CMEE=2;+CEREG=6"), "+CME ERROR: Incorrect parameters");
    EXPECT_EQ(bench.type("AT+CMEE=0;+CEREG=6"), "ERROR");
}

TEST(AtModem, repeats_the_last_line) {
    AtBench bench;
    EXPECT_EQ(bench.type("AT+CMEE?"), "+CMEE: 0|OK");
    EXPECT_EQ(bench.keys("A/"), "A/\r\n+CMEE: 0\r\n\r\nOK\r\n");
}

TEST(AtModem, the_factory_settings_come_back) {
    AtBench bench;
    bench.type("AT+CMEE=2;+CEREG=5;+CSCON=1;+CRTDCP=1");
    EXPECT_EQ(bench.type("AT&F"), "OK");
    EXPECT_EQ(bench.attached().type("AT+CMEE?;+CEREG?;+CSCON?;+CRTDCP?"),
              "+CMEE: 0|+CEREG: 0,1|+CSCON: 0,1|+CRTDCP: 0|OK");
}

TEST(AtModem, special_characters_can_be_read_and_set) {
    AtBench bench;
    EXPECT_EQ(bench.type("ATS3?S4?S5?"), "013|010|008|OK");
    EXPECT_EQ(bench.type("ATS5=35"), "OK");
    EXPECT_EQ(bench.keys("ATX#I0\r").substr(0, 11), "ATX\b \bI0\r\r\n");
    EXPECT_EQ(bench.type("ATS3=128"), "ERROR");
}

TEST(AtModem, unsolicited_codes_do_not_come_into_a_line_that_is_typed) {
    AtBench bench;
    bench.attached().type("AT+CSCON=1");
    EXPECT_EQ(bench.keys("AT+C"), "AT+C");
    EXPECT_EQ(bench.state("idle"), "");
    EXPECT_EQ(bench.type("SQ"), "+CSQ: 20,99|OK|+CSCON: 0");
}

TEST(AtModem, a_line_that_nobody_goes_on_with_holds_them_back_for_five_seconds) {
    AtBench bench;
    bench.attached().type("AT+CSCON=1");
    bench.keys("AT+C");
    bench.state("idle");
    EXPECT_EQ(bench.after(4999ms), "");
    EXPECT_EQ(bench.after(1ms), "+CSCON: 0");
}

TEST(AtModem, what_is_typed_while_a_command_waits_is_carried_out_after_it) {
    AtBench bench;
    bench.is_silent = true;
    EXPECT_EQ(bench.type("AT+CGATT=1;+CSQ"), "");
    EXPECT_EQ(bench.type("AT+CGATT?"), "");
    bench.is_silent = false;
    EXPECT_EQ(bench.after(1s), "+CSQ: 20,99|OK|AT+CGATT?|+CGATT: 1|OK");
}

TEST(AtModem, a_line_longer_than_it_takes_is_an_error) {
    AtBench bench;
    const std::string said = bench.keys("AT+CMEE=" + std::string(9000, '0') + "\r");
    EXPECT_EQ(said.substr(said.size() - 9), "\r\nERROR\r\n");
}

/// Whatever was typed before, the next line is understood. Without S, Q and V, which change how.
TEST(AtModem, any_keys_leave_a_modem_that_answers) {
    const std::vector<std::string> keys{
        "AT",     "at",     "A/",     "+",        "=",       "?",        ",",           ";",
        "\"",     "\\",     "0",      "1",        "5",       "00100001", "\b",          "\r",
        "\n",     " ",      "E",      "I",        "Z",       "&F",       "&",           "+CEREG",
        "+CFUN",  "+CGATT", "+CGACT", "+CGDCONT", "+CCODCP", "+CRTDCP",  "+CEDRX",      "+CMEE",
        "Non-IP", "\x7f",   "\x01",   "\xff",     "(",       "ABCD",     "999999999999"};
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        AtBench bench;
        SeededRandom random(seed);
        for (int i = 0; i < 200; ++i) bench.keys(keys[random.below(keys.size())]);
        bench.keys("\rAT&F\r");
        EXPECT_EQ(bench.type("AT+CMEE?"), "+CMEE: 0|OK") << "seed " << seed;
    }
}

}  // namespace
}  // namespace scef::modem_simulator
