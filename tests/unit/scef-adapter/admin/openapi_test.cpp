#include "scef-adapter/admin/openapi.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;
using Operation = std::pair<std::string, std::string>;  ///< method and path with its variables

std::string in_full(const std::string& path, const json& item) {
    return item.contains("servers") ? path : "/api/v1" + path;
}

/// Every method and path that the document has.
std::set<Operation> described() {
    std::set<Operation> operations;
    const json document = json::parse(openapi_document());
    for (const auto& [path, item] : document["paths"].items()) {
        for (const char* method : {"get", "put", "post", "delete", "patch"}) {
            if (!item.contains(method)) continue;
            std::string upper = method;
            for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
            operations.emplace(upper, in_full(path, item));
        }
    }
    return operations;
}

/// Every method and path that the table has, and the two that need no row there.
std::set<Operation> offered(const Router& router) {
    std::set<Operation> operations{{"GET", "/healthz"}, {"GET", "/readyz"}};
    for (const Route& route : router.routes()) {
        std::string pattern(route.pattern);
        if (const auto plus = pattern.find("{+"); plus != std::string::npos) {
            pattern.erase(plus + 1, 1);
        }
        EXPECT_TRUE(operations.emplace(route.method, pattern).second) << pattern << " twice";
    }
    return operations;
}

/// With example values for the variables.
std::string target_of(std::string path) {
    for (const auto& [from, to] :
         {std::pair{"{externalId}", "a@b.example"}, std::pair{"{name}", "operator-a"},
          std::pair{"{scope}", "account"}, std::pair{"{externalGroupId}", "north"},
          std::pair{"{id}", "019b8f3a-7c40-7000-8000-0123456789ab"}}) {
        const auto at = path.find(from);
        if (at != std::string::npos) path.replace(at, std::string(from).size(), to);
    }
    EXPECT_EQ(path.find('{'), std::string::npos) << "no example for " << path;
    return path;
}

const Route* route_of(const Router& router, const Operation& operation) {
    for (const Route& route : router.routes()) {
        std::string pattern(route.pattern);
        if (const auto plus = pattern.find("{+"); plus != std::string::npos) {
            pattern.erase(plus + 1, 1);
        }
        if (route.method == operation.first && pattern == operation.second) return &route;
    }
    return nullptr;
}

TEST(Openapi, describes_what_is_there_and_nothing_else) {
    ApiUnderTest dut;
    EXPECT_EQ(described(), offered(dut.api.router()));
}

TEST(Openapi, every_query_parameter_is_described_and_taken) {
    ApiUnderTest dut;
    const json document = json::parse(openapi_document());
    for (const auto& [path, item] : document["paths"].items()) {
        for (const auto& [method, operation] : item.items()) {
            if (method == "servers" || method == "parameters") continue;
            std::set<std::string> told;
            for (json parameter : operation.value("parameters", json::array())) {
                if (parameter.contains("$ref")) {
                    parameter = document.at(
                        json::json_pointer(parameter["$ref"].get<std::string>().substr(1)));
                }
                if (parameter["in"] == "query") told.insert(parameter["name"]);
            }
            std::string upper = method;
            for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
            const Route* route = route_of(dut.api.router(), {upper, in_full(path, item)});
            if (route == nullptr) continue;
            EXPECT_EQ(told, std::set<std::string>(route->query.begin(), route->query.end()))
                << upper << ' ' << path;
            EXPECT_EQ(operation.contains("requestBody"), route->takes_body) << upper << ' ' << path;
        }
    }
}

class Credentials : public testing::Test {
protected:
    Credentials() {
        for (const Operation& one : described()) operations.insert(one);
        for (const Operation& one : offered(dut.api.router())) operations.insert(one);
        operations.erase({"GET", "/healthz"});
        operations.erase({"GET", "/readyz"});
    }
    int status(const Operation& operation, const std::string& token) {
        dut.token = token;
        auto request = dut.request(operation.first, target_of(operation.second));
        request.peer_address = "192.0.2." + std::to_string(++peers % 250);
        if (peers % 250 == 0) dut.shards.now += std::chrono::minutes(2);
        return dut.send(std::move(request)).status;
    }

    int peers = 0;
    ApiUnderTest dut{*AccessTokens::parse("read:looker\nsend:sender\nadmin:chief\n", "tokens")};
    std::set<Operation> operations;
};

TEST_F(Credentials, nothing_is_answered_without_them_and_nothing_that_is_above_a_role) {
    ASSERT_GT(operations.size(), 30U);
    const std::vector<std::pair<Role, std::string>> tokens{
        {Role::read, "looker"}, {Role::send, "sender"}, {Role::admin, "chief"}};
    for (const Operation& operation : operations) {
        const std::string name = operation.first + ' ' + operation.second;
        EXPECT_EQ(status(operation, ""), 401) << name;
        EXPECT_EQ(status(operation, "stranger"), 401) << name;
        const Route* route = route_of(dut.api.router(), operation);
        ASSERT_NE(route, nullptr) << name << " is described and not there";
        for (const auto& [role, token] : tokens) {
            const int answer = status(operation, token);
            if (role < route->role) {
                EXPECT_EQ(answer, 403) << name << " as " << token;
            } else {
                EXPECT_NE(answer, 401) << name << " as " << token;
                EXPECT_NE(answer, 403) << name << " as " << token;
            }
        }
        EXPECT_TRUE(operation.first == "GET" || route->role > Role::read)
            << name << " changes something, and a reader may";
    }
}

TEST_F(Credentials, what_is_not_there_is_not_told_to_strangers) {
    for (const char* method : {"GET", "PUT", "POST", "DELETE", "PATCH"}) {
        EXPECT_EQ(status({method, "/api/v1/nothing"}, ""), 401) << method;
        for (const Operation& operation : operations) {
            if (operations.contains({method, operation.second})) continue;
            EXPECT_EQ(status({method, operation.second}, ""), 401) << method << operation.second;
            EXPECT_EQ(status({method, operation.second}, "chief"), 405)
                << method << operation.second;
        }
    }
}

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
