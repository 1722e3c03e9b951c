#include "scef-adapter/engine/delivery_body.h"

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

const WallTime wall{std::chrono::seconds(1'790'000'000)};

/// A device with RDS ports at its one server, and a message that goes by them.
struct Case {
    Config config = default_config();
    Device device;
    queueing::Message message;

    Case() {
        config.scefs.resize(1);
        device.spec.external_id = *ExternalId::parse("meter-1@iot.example");
        device.endpoints.push_back({.index = 4, .rds = nidd::RdsPort{2, 3}});
        message.kind = queueing::MessageKind::opaque;
        message.opaque = {1, 2, 3};
        message.expires_at = wall + 90s + 900ms;
    }
    nidd::NiddDownlinkDataTransfer body() const {
        return *nidd::parse_transfer(delivery_body(config, device, message, wall));
    }
};

TEST(DeliveryBody, has_the_octets_and_what_is_left_of_the_TTL) {
    const auto body = Case().body();
    EXPECT_EQ(body.external_id, "meter-1@iot.example");
    EXPECT_EQ(body.data, (Bytes{1, 2, 3}));
    EXPECT_EQ(body.maximum_latency, 90u);
    EXPECT_FALSE(body.rds_port);
    EXPECT_FALSE(body.reliable_data_service);
}

TEST(DeliveryBody, a_TTL_that_is_over_forbids_buffering) {
    Case over;
    over.message.expires_at = wall - 1s;
    EXPECT_EQ(over.body().maximum_latency, 0u);
}

TEST(DeliveryBody, names_the_ports_of_its_server_and_the_acknowledgement) {
    Case by_ports;
    by_ports.message.via = 4;
    EXPECT_EQ(by_ports.body().rds_port, (nidd::RdsPort{2, 3}));
    EXPECT_EQ(by_ports.body().reliable_data_service, false);
    by_ports.config.scefs[0].configuration.reliable_data_service = true;
    EXPECT_EQ(by_ports.body().reliable_data_service, true);
}

}  // namespace
}  // namespace scef::adapter
