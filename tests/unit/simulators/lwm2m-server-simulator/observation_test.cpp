#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

using nlohmann::json;

class ObservationsOfAClient : public ServerTest {
protected:
    /// The client accepts to be observed at /3/0/9; gives the request.
    Bytes observe(const RawClient& device) {
        auto answer = post_later("/clients/dev1/observe", R"({"path": "/3/0/9"})");
        const Bytes request = device.receive();
        device.send(answer_octets(request, 2, 0x45, "6105 60 ff3830"));
        EXPECT_EQ(answer.get().body["payload"], 80);
        return request;
    }
};

TEST_F(ObservationsOfAClient, are_listed_with_their_number_of_notifications) {
    const RawClient device = client();
    register_client(device, "dev1");
    EXPECT_EQ(get("/clients/dev1/observations").body, json::array());
    const Bytes request = observe(device);
    device.send(answer_octets(request, 1, 0x45, "6106 60 ff3831", 7));  // NON
    EXPECT_EQ(event("NOTIFICATION")["payload"], 81);

    const json listed = get("/clients/dev1/observations").body;
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0]["path"], "/3/0/9");
    EXPECT_EQ(listed[0]["notifications"], 1);
    EXPECT_EQ(get("/clients/nobody/observations").status, 404);
}

TEST_F(ObservationsOfAClient, a_cancel_by_reset_sends_nothing_and_resets_the_next_notification) {
    const RawClient device = client();
    register_client(device, "dev1");
    const Bytes request = observe(device);

    const HttpAnswer cancelled =
        post("/clients/dev1/cancel", R"({"path": "/3/0/9", "by": "reset"})");
    EXPECT_EQ(cancelled.status, 200);
    EXPECT_EQ(cancelled.body["code"], nullptr);
    EXPECT_EQ(cancelled.body["by"], "reset");
    EXPECT_TRUE(device.is_silent());
    EXPECT_EQ(get("/clients/dev1/observations").body, json::array());

    device.send(answer_octets(request, 1, 0x45, "6106 60 ff3831", 0x4711));
    EXPECT_EQ(to_hex(device.receive()), "70004711");
    EXPECT_EQ(event("OBSERVATION_ENDED")["by"], "reset");
    EXPECT_EQ(server_->counters().notifications, 0u);
    EXPECT_EQ(post("/clients/dev1/cancel", R"({"path": "/3/0/9"})").status, 409);
}

TEST_F(ObservationsOfAClient, end_with_a_new_registration) {
    const RawClient device = client();
    register_client(device, "dev1");
    const Bytes request = observe(device);
    device.send(register_octets("dev1", 0x2222));
    EXPECT_EQ(device.receive()[1], 0x41);

    EXPECT_EQ(event("OBSERVATION_ENDED")["by"], "registration");
    device.send(answer_octets(request, 1, 0x45, "6106 60 ff3831", 0x4711));
    EXPECT_EQ(to_hex(device.receive()), "70004711");
}

TEST_F(ObservationsOfAClient, a_refused_notification_ends_it) {
    const RawClient device = client();
    register_client(device, "dev1");
    const Bytes request = observe(device);

    device.send(answer_octets(request, 0, 0x84, "", 7));

    EXPECT_EQ(event("OBSERVATION_ENDED")["by"], "refused");
    EXPECT_EQ(event("NOTIFICATION")["code"], "4.04");
}

}  // namespace scef::lwm2m_server_simulator::testing
