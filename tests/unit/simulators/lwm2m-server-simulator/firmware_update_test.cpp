#include "simulators/lwm2m-server-simulator/firmware_update.h"

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/base64.h"

namespace scef::lwm2m_server_simulator {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Outcome = DeviceAnswer::Outcome;

/// Updates whose operations are answered by the test.
class FirmwareUpdateTest : public ::testing::Test {
protected:
    struct Asked {
        std::string operation;
        std::string path;
        DeviceRequest request;
        std::function<void(DeviceAnswer)> done;
    };

    FirmwareOrder order(FirmwareOrder::Method method = FirmwareOrder::Method::push) const {
        FirmwareOrder order;
        order.method = method;
        order.file = "fw.bin";
        order.package = Bytes(3000, 'x');
        order.uri = "coap://192.0.2.1/files/fw.bin";
        order.timeout = 10s;
        order.patience = 1h;
        return order;
    }

    /// The oldest operation that is not answered; it has to be this one.
    void expect(const std::string& operation, const std::string& path, json payload = nullptr,
                std::uint8_t code = coap::code(2, 5)) {
        ASSERT_FALSE(asked_.empty())
            << "nothing was asked, instead of " << operation << " " << path;
        Asked next = std::move(asked_.front());
        asked_.erase(asked_.begin());
        EXPECT_EQ(next.operation + " " + next.path, operation + " " + path);
        EXPECT_EQ(next.request.patience, 1h);
        DeviceAnswer answer;
        answer.code = code;
        answer.payload = std::move(payload);
        last_ = std::move(next.request);
        next.done(std::move(answer));
    }

    void expect_observations() {
        expect("observe", "/5/0/3", 0);
        expect("observe", "/5/0/5", 0);
    }

    std::string phase() const { return updates_.to_json("dev1")["phase"]; }
    std::string failure() const { return updates_.to_json("dev1").value("failure", "none"); }

    EventLog events_;
    std::vector<Asked> asked_;
    DeviceRequest last_;
    FirmwareUpdates updates_{
        events_,
        [this](const std::string&, DeviceRequest request, std::function<void(DeviceAnswer)> done) {
            asked_.push_back({request.operation, request.target, request, std::move(done)});
        }};
};

TEST_F(FirmwareUpdateTest, a_push_goes_from_idle_to_the_result_over_a_restart) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    EXPECT_EQ(updates_.start("dev1", order(), Instant(1s)).error().code, Errc::conflict);
    expect("read", "/5/0/3", 0);
    expect_observations();
    EXPECT_EQ(phase(), "DOWNLOADING");
    asked_.front().request.on_progress(1024, 3000);
    EXPECT_EQ(updates_.to_json("dev1")["bytes"], 1024);
    expect("write", "/5/0/0", nullptr, coap::code(2, 4));
    EXPECT_EQ(last_.message.payload.size(), 3000u);
    expect("read", "/5/0/3", 2);
    EXPECT_EQ(phase(), "UPDATING");
    expect("execute", "/5/0/2", nullptr, coap::code(2, 4));
    EXPECT_TRUE(asked_.empty());

    updates_.on_registered("dev1");
    expect_observations();
    expect("read", "/5/0/3", 0);
    expect("read", "/5/0/5", 1);
    EXPECT_EQ(phase(), "DONE");
    EXPECT_EQ(updates_.to_json("dev1")["resultName"], "updated");
}

TEST_F(FirmwareUpdateTest, a_pull_is_followed_by_notifications_and_blocks) {
    ASSERT_TRUE(updates_.start("dev1", order(FirmwareOrder::Method::pull), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/1", nullptr, coap::code(2, 4));
    EXPECT_EQ(as_text(last_.message.payload), "coap://192.0.2.1/files/fw.bin");
    updates_.on_notified("dev1", "/5/0/3", 1);
    updates_.on_block("dev1", {"fw.bin", 0, 1024, 3000});
    updates_.on_block("dev1", {"other", 0, 9, 9});
    EXPECT_EQ(updates_.to_json("dev1")["bytes"], 1024);
    updates_.on_notified("dev1", "/5/0/3", 2);
    expect("execute", "/5/0/2", nullptr, coap::code(2, 4));
    updates_.on_notified("dev1", "/5/0/5", 8);
    EXPECT_EQ(phase(), "FAILED");
    EXPECT_EQ(failure(), "Update Result: update failed");
}

TEST_F(FirmwareUpdateTest, a_client_in_the_middle_of_another_download_is_reset_first) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", 2);
    expect("write", "/5/0/1", nullptr, coap::code(2, 4));
    EXPECT_TRUE(last_.message.payload.empty());
    expect_observations();
    EXPECT_EQ(asked_.front().path, "/5/0/0");
}

TEST_F(FirmwareUpdateTest, a_client_without_object_5_or_that_installs_cannot_be_updated) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", nullptr, coap::code(4, 4));
    EXPECT_EQ(failure(), "read of /5/0/3, State: 4.04");
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s))) << "a failed one may be tried again";
    expect("read", "/5/0/3", 3);
    EXPECT_EQ(failure(), "the client is installing something already");
}

TEST_F(FirmwareUpdateTest, a_package_that_is_refused_or_found_bad_fails) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/0", nullptr, coap::code(4, 13));
    EXPECT_EQ(failure(), "write of the package: 4.13");

    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/0", nullptr, coap::code(2, 4));
    expect("read", "/5/0/3", 0);
    expect("read", "/5/0/5", 5);
    EXPECT_EQ(failure(), "Update Result: integrity check failed");
}

TEST_F(FirmwareUpdateTest, without_install_it_ends_when_downloaded) {
    FirmwareOrder only = order();
    only.installs = false;
    ASSERT_TRUE(updates_.start("dev1", only, Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/0", nullptr, coap::code(2, 4));
    expect("read", "/5/0/3", 2);
    EXPECT_EQ(phase(), "DONE");
    EXPECT_TRUE(asked_.empty());
}

TEST_F(FirmwareUpdateTest, an_execute_that_came_twice_is_settled_by_the_result) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/0", nullptr, coap::code(2, 4));
    expect("read", "/5/0/3", 2);
    expect("execute", "/5/0/2", nullptr, coap::code(4, 5));
    expect("read", "/5/0/3", 0);
    expect("read", "/5/0/5", 1);
    EXPECT_EQ(phase(), "DONE");
}

TEST_F(FirmwareUpdateTest, an_update_of_the_registration_shows_what_a_lost_notification_did_not) {
    ASSERT_TRUE(updates_.start("dev1", order(FirmwareOrder::Method::pull), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    expect("write", "/5/0/1", nullptr, coap::code(2, 4));
    updates_.on_updated("dev1");
    expect("read", "/5/0/3", 2);
    EXPECT_EQ(phase(), "UPDATING");
}

TEST_F(FirmwareUpdateTest, a_client_that_tells_nothing_fails_in_the_end) {
    ASSERT_TRUE(updates_.start("dev1", order(), Instant(1s)));
    expect("read", "/5/0/3", 0);
    expect_observations();
    updates_.on_time(Instant(1h));
    EXPECT_EQ(phase(), "DOWNLOADING");
    updates_.on_time(Instant(1h + 1s));
    EXPECT_EQ(phase(), "FAILED");
    asked_.front().done(DeviceAnswer{});  // an answer that comes afterwards changes nothing
    EXPECT_EQ(phase(), "FAILED");
}

Result<FirmwareOrder> order_of(const json& body, const std::string& base = "coap://192.0.2.1") {
    FileStore files;
    return read_firmware_order(body, files, base, 120s);
}

TEST(FirmwareOrder, says_what_to_install_and_how) {
    const auto pushed = order_of({{"package", to_base64(as_bytes("abc"))}, {"patience", "2h"}});
    ASSERT_TRUE(pushed) << pushed.error().message;
    EXPECT_EQ(pushed->package, to_bytes("abc"));
    EXPECT_EQ(pushed->timeout, 120s);
    EXPECT_EQ(pushed->patience, 2h);
    const auto pulled = order_of({{"uri", "coap://x/y"}, {"install", false}});
    ASSERT_TRUE(pulled);
    EXPECT_EQ(pulled->method, FirmwareOrder::Method::pull);
    EXPECT_FALSE(pulled->installs);
}

TEST(FirmwareOrder, what_makes_no_sense_is_refused) {
    for (const json& body :
         {json::array(), json::object(), json{{"file", 1}}, json{{"fil", "x"}},
          json{{"file", "x"}, {"uri", "y"}}, json{{"package", "?"}},
          json{{"package", ""}, {"method", "pull"}}, json{{"uri", "x"}, {"method", "push"}},
          json{{"uri", "x"}, {"method", "carry"}}, json{{"uri", "x"}, {"timeout", "x"}}}) {
        EXPECT_FALSE(order_of(body)) << body;
    }
    EXPECT_EQ(order_of({{"file", "x"}}).error().code, Errc::not_found);
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
