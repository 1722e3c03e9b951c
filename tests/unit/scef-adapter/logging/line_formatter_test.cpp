#include "scef-adapter/logging/line_formatter.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/details/log_msg.h>

#include "lwm2m-core/vocabulary/log_fields.h"

namespace scef::adapter {
namespace {

using nlohmann::json;
using Form = LineFormatter::Form;

std::string written(Form form, const std::string& payload,
                    spdlog::level::level_enum level = spdlog::level::info) {
    const spdlog::log_clock::time_point time{std::chrono::milliseconds(1'765'000'000'123)};
    const spdlog::details::log_msg message(time, {}, "", level, payload);
    spdlog::memory_buf_t out;
    LineFormatter(form).format(message, out);
    return {out.data(), out.size()};
}

TEST(LineFormatter, text_is_time_level_id_and_fields) {
    EXPECT_EQ(written(Form::text, "READY version=1.0 note=\"a b\""),
              "2025-12-06T05:46:40.123Z info READY version=1.0 note=\"a b\"\n");
}

TEST(LineFormatter, json_has_a_member_for_each_field) {
    const json line = json::parse(written(
        Form::json, "STORE_LOADED shards=4 seconds=0.50 a=\"x \\\"y\\\"\" device=m@iot.example",
        spdlog::level::warn));
    EXPECT_EQ(line, (json{{"time", "2025-12-06T05:46:40.123Z"},
                          {"level", "warning"},
                          {"id", "STORE_LOADED"},
                          {"shards", 4},
                          {"seconds", 0.5},
                          {"a", "x \"y\""},
                          {"device", "m@iot.example"}}));
}

TEST(LineFormatter, a_sentence_is_the_message) {
    EXPECT_EQ(json::parse(written(Form::json, "STORE_FAILED disk \"full\""))["message"],
              "disk \"full\"");
    EXPECT_FALSE(json::parse(written(Form::json, "something else")).contains("id"));
}

TEST(LineFormatter, no_text_of_a_peer_forges_a_line_or_a_member) {
    const std::string evil =
        "x\"}\n{\"level\":\"critical\",\"id\":\"STORE_FAILED\" level=critical \x1b[2J";
    const std::string payload = "CONFIGURATION_REFUSED " + LogFields().add("cause", evil).text();
    for (const Form form : {Form::text, Form::json}) {
        const std::string line = written(form, payload);
        EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
        EXPECT_EQ(line.find('\x1b'), std::string::npos);
    }
    const json line = json::parse(written(Form::json, payload));
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["id"], "CONFIGURATION_REFUSED");
    EXPECT_EQ(line["cause"], evil);
    EXPECT_EQ(line.size(), 4u);
}

TEST(LineFormatter, a_line_that_was_put_together_carelessly_is_still_one_line) {
    const std::string payload = "CONFIG_NOTE a\nb level=error time=\"never\"";
    EXPECT_EQ(written(Form::text, payload),
              "2025-12-06T05:46:40.123Z info CONFIG_NOTE a\\nb level=error time=\"never\"\n");
    EXPECT_EQ(json::parse(written(Form::json, payload))["level"], "info");
}

TEST(LineFormatter, a_field_never_hides_a_member_before_it) {
    const json line = json::parse(written(Form::json, "AN_ID level=high id=x id=y"));
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["level_"], "high");
    EXPECT_EQ(line["id"], "AN_ID");
    EXPECT_EQ(line["id_"], "x");
    EXPECT_EQ(line["id__"], "y");
}

}  // namespace
}  // namespace scef::adapter
