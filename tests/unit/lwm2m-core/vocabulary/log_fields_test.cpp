#include "lwm2m-core/vocabulary/log_fields.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace scef {
namespace {

using nlohmann::json;

/// What a line says, read back as its JSON form would be.
json fields_of(const LogParts& parts) {
    json fields = json::object();
    for (const auto& [key, value] : parts.fields) fields[std::string(key)] = json::parse(value);
    return fields;
}

TEST(LogFields, plain_values_stand_as_they_are) {
    const auto text = LogFields()
                          .add("device", "meter-1@iot.example")
                          .add("status", 503)
                          .add("uri", "https://scef.example:8443/a")
                          .text();
    EXPECT_EQ(text, "device=meter-1@iot.example status=503 uri=https://scef.example:8443/a");
}

TEST(LogFields, what_could_be_taken_for_more_stands_in_quotes) {
    EXPECT_EQ(LogFields().add("cause", "").text(), R"(cause="")");
    EXPECT_EQ(LogFields().add("cause", "a b").text(), R"(cause="a b")");
    EXPECT_EQ(LogFields().add("cause", "a=b").text(), R"(cause="a=b")");
    EXPECT_EQ(LogFields().add("cause", "say \"no\"\\").text(), R"(cause="say \"no\"\\")");
    EXPECT_EQ(LogFields().add("cause", "1\n2026 error READY").text(),
              R"(cause="1\n2026 error READY")");
    EXPECT_EQ(LogFields().add("cause", "\x1b[31m\x7f").text(), R"(cause="\u001b[31m\u007f")");
    EXPECT_EQ(LogFields().add("cause", "caf\xc3\xa9 \xf0\x9f\x92\xa1").text(),
              R"(cause="caf\u00e9 \ud83d\udca1")");
    EXPECT_EQ(LogFields().add("cause", "\xff\xc3").text(), R"(cause="\ufffd\ufffd")");
}

TEST(LogFields, a_text_of_digits_stays_a_text) {
    const auto text = LogFields().add("configuration", "0815").add("other", "815").text();
    EXPECT_EQ(text, R"(configuration=0815 other="815")");
    EXPECT_EQ(fields_of(log_parts(text)), (json{{"configuration", "0815"}, {"other", "815"}}));
}

TEST(LogFields, a_line_is_taken_apart) {
    const LogParts parts = log_parts(R"(STORE_LOADED shards=16 seconds=0.25 note="a \"b\" c")");
    EXPECT_EQ(parts.id, "STORE_LOADED");
    EXPECT_EQ(parts.message, "");
    EXPECT_EQ(fields_of(parts), (json{{"shards", 16}, {"seconds", 0.25}, {"note", "a \"b\" c"}}));
}

TEST(LogFields, a_sentence_behind_the_id_is_the_message) {
    const LogParts parts = log_parts("STORE_WARNING RocksDB says: disk = full");
    EXPECT_EQ(parts.id, "STORE_WARNING");
    EXPECT_EQ(parts.message, "RocksDB says: disk = full");
    EXPECT_TRUE(parts.fields.empty());
    EXPECT_EQ(log_parts("no id at all").message, "no id at all");
    EXPECT_EQ(log_parts("").message, "");
    EXPECT_EQ(log_parts("STOPPED").id, "STOPPED");
}

TEST(LogFields, what_is_no_field_ends_them) {
    for (const char* line : {R"(A_B key="open)", R"(A_B key="x"y)", "A_B Key=1", "A_B =1"}) {
        const LogParts parts = log_parts(line);
        EXPECT_TRUE(parts.fields.empty()) << line;
        EXPECT_EQ(parts.message, std::string_view(line).substr(4)) << line;
    }
    EXPECT_EQ(fields_of(log_parts(R"(A_B key="\q" more="\u12")")),
              (json{{"key", "\"\\q\""}, {"more", "\"\\u12\""}}));
}

RC_GTEST_PROP(LogFields, any_values_come_back_as_they_were, (std::vector<std::string> values)) {
    LogFields fields;
    for (std::size_t i = 0; i < values.size(); ++i)
        fields.add("key" + std::to_string(i), values[i]);
    const std::string text = fields.text();
    for (const char c : text) RC_ASSERT(c >= ' ' && c < 0x7f);
    const LogParts parts = log_parts("AN_ID " + text);
    RC_ASSERT(parts.message.empty());
    RC_ASSERT(parts.fields.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const json read = json::parse(parts.fields[i].second);
        const std::string replaced =
            json(values[i]).dump(-1, ' ', true, json::error_handler_t::replace);
        const bool is_valid = json::parse(replaced).get<std::string>() == values[i];
        RC_ASSERT(read.is_string());
        if (is_valid) RC_ASSERT(read.get<std::string>() == values[i]);
    }
}

RC_GTEST_PROP(LogFields, any_line_can_be_taken_apart, (const std::string& line)) {
    for (const auto& [key, value] : log_parts(line).fields) RC_ASSERT(json::accept(value));
    for (const char c : log_printable(line)) RC_ASSERT(c >= ' ' && c < 0x7f);
}

}  // namespace
}  // namespace scef
