#include "scef-adapter/admin/openapi.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

std::string in_full(const std::string& path, const json& item) {
    return item.contains("servers") ? path : "/api/v1" + path;
}

/// Every method and path that the document has, with example values for the variables.
std::set<std::pair<std::string, std::string>> described() {
    std::set<std::pair<std::string, std::string>> operations;
    const json document = json::parse(openapi_document());
    for (const auto& [path, item] : document["paths"].items()) {
        std::string target = in_full(path, item);
        for (const auto& [from, to] :
             {std::pair{"{externalId}", "a@b.example"}, std::pair{"{name}", "operator-a"},
              std::pair{"{scope}", "account"},
              std::pair{"{id}", "019b8f3a-7c40-7000-8000-0123456789ab"}}) {
            const auto at = target.find(from);
            if (at != std::string::npos) target.replace(at, std::string(from).size(), to);
        }
        for (const char* method : {"get", "put", "post", "delete"}) {
            if (item.contains(method)) operations.emplace(method, target);
        }
    }
    return operations;
}

TEST(Openapi, describes_only_what_is_there) {
    ApiUnderTest dut;
    for (auto [method, target] : described()) {
        for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
        const Answer answer = dut.call(method, target);
        EXPECT_NE(answer.status, 405) << method << ' ' << target;
        if (answer.status == 404) {
            EXPECT_NE(answer.body["detail"], "there is nothing here") << method << ' ' << target;
        }
    }
}

TEST(Openapi, describes_every_route) { EXPECT_EQ(described().size(), 35U); }

TEST(Openapi, has_no_reference_to_nowhere) {
    const json document = json::parse(openapi_document());
    const auto flat = document.flatten();
    std::size_t references = 0;
    for (const auto& [pointer, value] : flat.items()) {
        if (!pointer.ends_with("/$ref")) continue;
        ++references;
        const std::string target = value.get<std::string>().substr(1);
        EXPECT_TRUE(document.contains(json::json_pointer(target))) << target;
    }
    EXPECT_GT(references, 50U);
}

TEST(Openapi, is_served) {
    ApiUnderTest dut;
    const Answer answer = dut.call("GET", "/api/v1/openapi.json");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body["openapi"], "3.1.0");
}

}  // namespace
}  // namespace scef::adapter::test
