#include "simulators/modem-simulator/at_parser.h"

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

/// The commands of a line as `name form parameters`, `!` where it stops being one.
std::string parsed(const std::string& body) {
    AtCommandLine line(body);
    std::string text;
    while (!line.is_at_end()) {
        const auto command = line.next();
        if (!command) return text + '!';
        text += command->name + "x?=("[static_cast<std::size_t>(command->form)];
        for (const AtParameter& parameter : command->parameters) {
            text += (parameter.is_quoted ? '\'' + parameter.text + '\'' : parameter.text) + ',';
        }
        text += ' ';
    }
    return text;
}

TEST(AtParser, knows_the_four_forms_of_an_extended_command) {
    EXPECT_EQ(parsed("+CGMI;+CEREG?;+CEREG=?;+CEREG=5"), "+CGMIx +CEREG? +CEREG= +CEREG(5, ");
}

TEST(AtParser, basic_commands_follow_each_other_without_a_semicolon) {
    EXPECT_EQ(parsed("E0V1&F"), "E(0, V(1, &F(0, ");
    EXPECT_EQ(parsed("e0+cgmi;i"), "E(0, +CGMIx I(0, ");
    EXPECT_EQ(parsed("S3=13S4?"), "S3(13, S4? ");
}

TEST(AtParser, an_extended_command_before_another_needs_a_semicolon) {
    EXPECT_EQ(parsed("+CGMI+CGMM"), "!");
    EXPECT_EQ(parsed("+CGMI;"), "+CGMIx ");
}

TEST(AtParser, parameters_may_be_absent_or_quoted) {
    EXPECT_EQ(parsed(R"(+CPSMS=1,,,"00100001","")"), "+CPSMS(1,,,'00100001','', ");
    EXPECT_EQ(parsed("+CEREG="), "+CEREG(, ");
    EXPECT_EQ(parsed(R"(+X="a;b,c";I)"), "+X('a;b,c', I(0, ");
}

TEST(AtParser, a_quote_and_a_backslash_are_written_in_hexadecimal) {
    EXPECT_EQ(parsed(R"(+X="a\22b\5C")"), R"(+X('a"b\', )");
    EXPECT_EQ(parsed(R"(+X="a\2")"), "!");
    EXPECT_EQ(parsed(R"(+X="a\zz")"), "!");
}

TEST(AtParser, spaces_count_only_in_texts) {
    EXPECT_EQ(parsed(R"(  E 0 +CGDCONT = 1 , "a b" ; I)"), "E(0, +CGDCONT(1,'a b', I(0, ");
}

TEST(AtParser, commands_before_a_mistake_stand) {
    EXPECT_EQ(parsed(R"(E0;+CEREG="5)"), "E(0, !");
    EXPECT_EQ(parsed("E0%"), "E(0, !");
    EXPECT_EQ(parsed("+"), "!");
    EXPECT_EQ(parsed("S3"), "!");
    EXPECT_EQ(parsed(R"(+X="a"b)"), "!");
    EXPECT_EQ(parsed(R"(+X=a"b")"), "!");
}

TEST(AtParameter, is_a_number_only_without_quotes_and_up_to_nine_digits) {
    EXPECT_EQ((AtParameter{"0042", false}.number()), 42U);
    EXPECT_EQ((AtParameter{"42", true}.number()), std::nullopt);
    EXPECT_EQ((AtParameter{"", false}.number()), std::nullopt);
    EXPECT_EQ((AtParameter{"4a", false}.number()), std::nullopt);
    EXPECT_EQ((AtParameter{"999999999", false}.number()), 999'999'999U);
    EXPECT_EQ((AtParameter{"1000000000", false}.number()), std::nullopt);
}

}  // namespace
}  // namespace scef::modem_simulator
