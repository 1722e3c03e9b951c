#include "simulators/scef-simulator/notification_client.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

/// An SCS/AS that moved from /old to /new.
class MovedScsAs : public testing::Test {
protected:
    MovedScsAs() {
        server_.Post("/old", [](const httplib::Request&, httplib::Response& answer) {
            answer.set_redirect("/new", 307);
        });
        server_.Post("/new", [this](const httplib::Request& request, httplib::Response& answer) {
            authorization = request.get_header_value("Authorization");
            answer.status = 204;
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
    }
    ~MovedScsAs() override {
        while (!server_.is_running()) std::this_thread::yield();
        server_.stop();
        thread_.join();
    }
    std::string uri(const char* path) const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }

    std::string authorization;

private:
    httplib::Server server_;
    int port_ = 0;
    std::thread thread_;
};

TEST_F(MovedScsAs, a_redirect_is_followed_or_is_the_answer) {
    const NotificationSettings settings;
    NotificationClient following(settings, /*follows_redirects=*/true);
    EXPECT_EQ(following.post(uri("/old"), "{}").status, 204);
    NotificationClient staying(settings, /*follows_redirects=*/false);
    EXPECT_EQ(staying.post(uri("/old"), "{}").status, 307);
}

TEST_F(MovedScsAs, the_bearer_token_goes_with_every_notification) {
    NotificationSettings settings;
    settings.bearer_token = "s3cret";
    NotificationClient dut(settings, /*follows_redirects=*/true);
    EXPECT_EQ(dut.post(uri("/new"), "{}").status, 204);
    EXPECT_EQ(authorization, "Bearer s3cret");
}

TEST(NotificationClient, what_goes_wrong_is_said) {
    NotificationSettings settings;
    NotificationClient dut(settings, /*follows_redirects=*/true);
    EXPECT_FALSE(dut.post("nowhere", "{}").error.empty());
    settings.certificate_file = settings.key_file = "/nonexistent.pem";
    NotificationClient unusable(settings, /*follows_redirects=*/true);
    const NotificationClient::Answer answer = unusable.post("https://127.0.0.1:1/cb", "{}");
    EXPECT_EQ(answer.status, 0);
    EXPECT_FALSE(answer.error.empty());
}

}  // namespace
}  // namespace scef::scef_simulator
