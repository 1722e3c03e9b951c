#include "simulators/modem-simulator/at_line_editor.h"

#include <vector>

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

class AtLineEditorTest : public testing::Test {
protected:
    std::vector<std::string> lines_of(const std::string& keys) {
        std::vector<std::string> lines;
        echo.clear();
        for (const char key : keys) {
            if (auto line = dut.feed(key, format, echo)) lines.push_back(*line);
        }
        return lines;
    }
    using Lines = std::vector<std::string>;
    AtFormat format;
    std::string echo;
    AtLineEditor dut;
};

TEST_F(AtLineEditorTest, a_line_is_what_stands_between_the_prefix_and_cr) {
    EXPECT_EQ(lines_of("AT+CSQ\rat\r"), (Lines{"+CSQ", ""}));
    EXPECT_EQ(echo, "AT+CSQ\rat\r");
}

TEST_F(AtLineEditorTest, what_stands_before_the_prefix_is_left_alone) {
    EXPECT_EQ(lines_of("hello, bAAT\r"), Lines{""});
    EXPECT_EQ(lines_of("\r\rno\rA\rT\r"), Lines{});
}

TEST_F(AtLineEditorTest, the_lf_of_a_terminal_that_sends_both_is_nothing) {
    EXPECT_EQ(lines_of("ATI\r\nATI\r\n"), (Lines{"I", "I"}));
}

TEST_F(AtLineEditorTest, the_last_character_can_be_erased_but_not_the_prefix) {
    EXPECT_EQ(lines_of("ATX\b\x7f\bI\r"), Lines{"I"});
    EXPECT_EQ(echo, "ATX\b \bI\r");
}

TEST_F(AtLineEditorTest, an_a_alone_can_be_taken_back) { EXPECT_EQ(lines_of("A\bT\r"), Lines{}); }

TEST_F(AtLineEditorTest, a_slash_after_a_repeats_the_last_line_at_once) {
    EXPECT_EQ(lines_of("AT+CSQ\rA/a/"), (Lines{"+CSQ", "+CSQ", "+CSQ"}));
}

TEST_F(AtLineEditorTest, echo_and_the_special_characters_can_be_changed) {
    format.has_echo = false;
    format.end = ';';
    format.erase = '#';
    EXPECT_EQ(lines_of("ATX#I;"), Lines{"I"});
    EXPECT_EQ(echo, "");
}

TEST_F(AtLineEditorTest, a_line_that_is_too_long_is_cut_and_says_so) {
    EXPECT_EQ(lines_of("AT" + std::string(9000, 'x') + "\r")[0].size(), 8192U);
    EXPECT_TRUE(dut.is_overrun());
    lines_of("AT\r");
    EXPECT_FALSE(dut.is_overrun());
}

}  // namespace
}  // namespace scef::modem_simulator
