#include "nidd/types/text_picker.h"

#include <random>

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

constexpr JsonLimits small_limits{2048, 4, 6, 8};

/// JSON, nearly: random values of a few names, and now and then an octet that is another.
class NearlyJson {
public:
    explicit NearlyJson(unsigned seed) : random_(seed) {}

    std::string next() {
        std::string text;
        value(text, 0);
        while (one_in(3) && !text.empty()) {
            text[below(text.size())] = "{}[]\",:0-.e\\ \0x"[below(15)];
        }
        return text;
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }
    bool one_in(std::size_t n) { return below(n) == 0; }

    void list(std::string& text, char open, char close, std::size_t depth) {
        text += open;
        for (std::size_t i = below(8); i > 0; --i) {
            if (open == '{') {
                static const char* const names[] = {"self", "status", "a", "b", "long-name", ""};
                text.append(1, '"').append(names[below(6)]).append("\":");
            }
            value(text, depth + 1);
            if (i > 1) text += ',';
        }
        text += close;
    }

    void value(std::string& text, std::size_t depth) {
        static const char* const plain[] = {"1",
                                            "-2",
                                            "0.5",
                                            "1e400",
                                            "18446744073709551616",
                                            "true",
                                            "null",
                                            "\"SENT\"",
                                            "\"\"",
                                            "\"\\u0000\"",
                                            "\"x y\"",
                                            "0.00000000000000000000000000000000000001"};
        if (depth > 5 || (depth > 0 && !one_in(3))) {
            text += plain[below(std::size(plain))];
        } else if (depth == 0 || one_in(2)) {
            list(text, '{', '}', depth);
        } else {
            list(text, '[', ']', depth);
        }
    }

    std::mt19937 random_;
};

TEST(TextPicker, takes_what_the_strict_parser_takes_and_finds_the_same) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    NearlyJson documents(seed);
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = documents.next();
        SCOPED_TRACE(text);
        const auto tree = parse_strict_json(text, small_limits);
        TextPicker dut({"self", "status"}, small_limits);

        ASSERT_EQ(dut.read(text), tree && tree->is_object());
        if (!tree || !tree->is_object()) continue;
        ++taken;
        ASSERT_EQ(dut.text(0), text_member(*tree, "self").value_or(std::nullopt));
        ASSERT_EQ(dut.text(1), text_member(*tree, "status").value_or(std::nullopt));
    }
    EXPECT_GT(taken, 200);
}

TEST(TextPicker, sees_the_outermost_object_alone) {
    TextPicker dut({"self"}, {});

    ASSERT_TRUE(dut.read(R"({"inner":{"self":"a"},"list":["self",{"self":"b"}]})"));
    EXPECT_EQ(dut.text(0), std::nullopt);
}

TEST(TextPicker, a_value_of_another_type_is_none_and_hides_no_other) {
    TextPicker dut({"self", "status"}, {});

    ASSERT_TRUE(dut.read(R"({"self":{"x":"y"},"status":"SENT"})"));
    EXPECT_EQ(dut.text(0), std::nullopt);
    EXPECT_EQ(dut.text(1), "SENT");
}

}  // namespace
}  // namespace scef::nidd
