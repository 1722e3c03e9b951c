#pragma once

#include <future>
#include <string>

#include <nlohmann/json.hpp>

#include "scef-adapter/admin/admin_api.h"
#include "tests/unit/scef-adapter/admin/fake_doctor.h"
#include "tests/unit/scef-adapter/admin/fake_shards.h"

namespace scef::adapter::test {

struct Answer {
    int status = 0;
    nlohmann::json body;  ///< null if it is no JSON
    std::string text;
    std::string content_type;
    std::map<std::string, std::string> headers;
    std::shared_ptr<nidd::HttpStream> stream;  ///< null if it is no stream
};

/// An admin API over real engines; `call` waits for the answer.
class ApiUnderTest {
public:
    explicit ApiUnderTest(AccessTokens tokens = {},
                          std::shared_ptr<const Config> config = small_config())
        : shards(config),
          webhooks(shards.store(), shards.feed(), random,
                   {std::chrono::seconds(10), "", [this] { return shards.wall; }},
                   [](const Error&) {}),
          api(shards, doctor, webhooks, config, std::move(tokens),
              [](const std::function<void(std::string)>& done) { done("up 1\n"); },
              {[this] { return shards.now; }, [this] { return shards.wall; }}) {
        (void)webhooks.open();
    }
    ~ApiUnderTest() { webhooks.stop(); }
    ApiUnderTest(const ApiUnderTest&) = delete;
    ApiUnderTest& operator=(const ApiUnderTest&) = delete;

    Answer send(nidd::HttpRequest request) {
        std::promise<nidd::HttpResponse> promise;
        api.handle(std::move(request),
                   [&](nidd::HttpResponse response) { promise.set_value(std::move(response)); });
        nidd::HttpResponse response = promise.get_future().get();
        Answer answer{response.status, nullptr, response.body, response.content_type, {},
                      response.stream};
        if (answer.content_type.find("json") != std::string::npos) {
            answer.body = nlohmann::json::parse(response.body);
        }
        for (const auto& [name, value] : response.headers) answer.headers[name] = value;
        return answer;
    }

    nidd::HttpRequest request(const std::string& method, const std::string& target,
                              const std::string& body = "") {
        nidd::HttpRequest made;
        made.method = method;
        made.path = target.substr(0, target.find('?'));
        if (made.path.size() < target.size()) made.query = target.substr(made.path.size() + 1);
        made.peer_address = "127.0.0.1";
        if (!token.empty()) made.headers["authorization"] = "Bearer " + token;
        if (!body.empty()) made.headers["content-type"] = "application/json";
        made.body = body;
        return made;
    }

    Answer call(const std::string& method, const std::string& target,
                const std::string& body = "") {
        return send(request(method, target, body));
    }

    Answer add_device(const std::string& external_id) {
        return call("POST", "/api/v1/devices", R"({"externalId":")" + external_id + "\"}");
    }

    std::string token;
    FakeShards shards;
    FakeDoctor doctor;
    SeededRandom random{11};
    Webhooks webhooks;
    AdminApi api;
};

/// base64 of CON GET /3/0/0.
inline const std::string get_manufacturer = "QAEAALEzATABMA==";
inline const std::string message_body = R"({"payload":")" + get_manufacturer + "\"}";

}  // namespace scef::adapter::test
