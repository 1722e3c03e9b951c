#include "simulators/scef-simulator/token_service.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

HttpRequest token_request(std::string body, std::string authorization = "") {
    HttpRequest request;
    request.method = "POST";
    request.path = "/oauth2/token";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = std::move(body);
    request.authorization = std::move(authorization);
    return request;
}

HttpRequest with_token(const HttpAnswer& answer) {
    HttpRequest request;
    request.authorization = "Bearer " + json::parse(answer.body)["access_token"].get<std::string>();
    return request;
}

class Tokens : public testing::Test {
protected:
    static constexpr const char* grant = "grant_type=client_credentials";
    TokenService dut{{"dm", "a b&c", std::chrono::seconds(600)}};
};

TEST_F(Tokens, credentials_are_taken_from_the_form) {
    const HttpAnswer answer =
        dut.serve(token_request(std::string(grant) + "&client_id=dm&client_secret=a+b%26c"));
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(json::parse(answer.body)["expires_in"], 600);
    EXPECT_FALSE(dut.refusal_of(with_token(answer)).has_value());
}

TEST_F(Tokens, credentials_are_taken_from_the_authorization_header) {
    const HttpAnswer answer = dut.serve(token_request(grant, "Basic ZG06YSBiJTI2Yw=="));
    EXPECT_EQ(answer.status, 200);
}

TEST_F(Tokens, wrong_credentials_grants_and_forms_have_their_errors) {
    const auto error_of = [&](const HttpRequest& request) {
        return json::parse(dut.serve(request).body)["error"].get<std::string>();
    };
    EXPECT_EQ(error_of(token_request(std::string(grant) + "&client_id=dm&client_secret=x")),
              "invalid_client");
    EXPECT_EQ(error_of(token_request("grant_type=password")), "unsupported_grant_type");
    HttpRequest text = token_request(grant);
    text.content_type = "application/json";
    EXPECT_EQ(error_of(text), "invalid_request");
}

TEST_F(Tokens, without_a_valid_token_a_request_is_401_with_its_challenge) {
    HttpRequest request;
    const auto missing = dut.refusal_of(request);
    ASSERT_TRUE(missing.has_value());
    EXPECT_EQ(missing->status, 401);
    EXPECT_EQ(missing->headers.at(0).first, "WWW-Authenticate");
    request.authorization = "Bearer guessed";
    EXPECT_NE(dut.refusal_of(request)->headers.at(0).second.find("invalid_token"),
              std::string::npos);
}

TEST_F(Tokens, revoked_tokens_are_valid_no_more) {
    const HttpAnswer answer =
        dut.serve(token_request(std::string(grant) + "&client_id=dm&client_secret=a+b%26c"));
    EXPECT_EQ(dut.revoke_all(), 1U);
    EXPECT_TRUE(dut.refusal_of(with_token(answer)).has_value());
}

TEST(OpenTokens, without_a_client_id_nobody_needs_a_token_and_everybody_gets_one) {
    TokenService dut{OAuth2Settings{}};
    EXPECT_FALSE(dut.refusal_of(HttpRequest{}).has_value());
    EXPECT_EQ(dut.serve(token_request("grant_type=client_credentials")).status, 200);
}

}  // namespace
}  // namespace scef::scef_simulator
