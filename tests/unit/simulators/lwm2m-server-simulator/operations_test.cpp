#include "simulators/lwm2m-server-simulator/operations.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "simulators/lwm2m-server-simulator/event_types.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

std::string readme() {
    std::ifstream file(SCEF_SOURCE_DIR "/simulators/lwm2m-server-simulator/README.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Operations, the_example_of_each_makes_a_request) {
    for (const Operation& operation : operations()) {
        const auto request =
            make_device_request(std::string(operation.name), json::parse(operation.example),
                                std::chrono::seconds(1), operation.role);
        EXPECT_TRUE(request) << operation.name << ": " << request.error().message;
    }
}

TEST(Operations, the_readme_has_the_tables_of_the_program) {
    const std::string text = readme();
    EXPECT_NE(text.find(operations_as_markdown()), std::string::npos) << "the table is now:\n"
                                                                      << operations_as_markdown();
    EXPECT_NE(text.find(event_types_as_markdown()), std::string::npos) << "the table is now:\n"
                                                                       << event_types_as_markdown();
}

TEST(Operations, help_and_api_list_all_of_them) {
    const std::string text = operations_as_text();
    const json told = operations_as_json();
    ASSERT_EQ(told["operations"].size(), operations().size());
    for (const Operation& operation : operations()) {
        EXPECT_NE(text.find(operation.name), std::string::npos) << operation.name;
    }
    EXPECT_TRUE(told["everyOperationTakes"].contains("timeout"));
}

TEST(Operations, belong_to_one_kind_of_server) {
    EXPECT_NE(find_operation("read", ServerRole::management), nullptr);
    EXPECT_EQ(find_operation("read", ServerRole::bootstrap), nullptr);
    EXPECT_EQ(operation_names(ServerRole::bootstrap),
              "bootstrap-discover, bootstrap-read, bootstrap-write, bootstrap-delete, "
              "bootstrap-finish");
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
