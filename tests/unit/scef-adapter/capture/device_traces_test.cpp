#include "scef-adapter/capture/device_traces.h"

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"
#include "queueing/message.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;

const SocketAddress server = SocketAddress::ipv4(0x7f00'0001, 5683);
const Bytes secret_request = from_hex("40020001 b133 ff 736563726574");  // POST /3 "secret"

std::shared_ptr<const Config> one_scef() {
    auto config = std::make_shared<Config>(default_config());
    config->shards = 1;
    config->scefs.resize(1);
    config->scefs[0].name = "operator-a";
    config->scefs[0].api_root = "http://scef.example";
    config->scefs[0].scs_as_id = "as";
    config->lwm2m_servers.resize(1);
    config->lwm2m_servers[0].name = "dm";
    return config;
}

/// An engine with two devices; what it wants is handed to the traces as a shard does.
struct DeviceTracesTest : testing::Test {
    DeviceTracesTest() {
        run(engine.start(now()));
        for (const ExternalId& id : {meter, other}) {
            DeviceSpec spec;
            spec.external_id = id;
            spec.profile = "always-on";
            handle(ProvisionDevice{0, spec, false});
        }
        handle(T8Completion{calls.at(0).operation, created()});
        lines.clear();
    }

    Turn now() { return {steady, wall, random}; }
    void start(Duration duration = 10min) {
        const auto status = dut.start(*engine.find_device(meter), duration, now());
        ASSERT_TRUE(status) << status.error().message;
    }
    void handle(Event event) { run(engine.handle(std::move(event), now())); }
    void run(Effects effects) {
        if (!dut.is_idle()) dut.on_turn(engine, effects.batch, now());
        for (const Effect& effect : effects.effects) {
            const auto* call = std::get_if<CallT8>(&effect);
            if (call == nullptr) continue;
            calls.push_back(*call);
            dut.on_call(*call, now());
        }
    }
    static nidd::T8Answer created() {
        nidd::T8Answer answer;
        answer.transport = nidd::T8Answer::Transport::answered;
        answer.status = 201;
        answer.location = "http://scef.example/3gpp-nidd/v1/as/configurations/c1";
        answer.body = R"({"self":")" + answer.location +
                      R"(","externalId":"meter@iot.example","status":"ACTIVE",)"
                      R"("notificationDestination":"http://127.0.0.1/n"})";
        return answer;
    }
    /// The line has all of it.
    static void expect(const std::string& line, std::initializer_list<const char*> parts) {
        for (const char* part : parts) EXPECT_NE(line.find(part), std::string::npos) << line;
    }
    std::string all() const {
        std::string text;
        for (const std::string& line : lines) (text += line) += '\n';
        return text;
    }

    const ExternalId meter = *ExternalId::parse("meter@iot.example");
    const ExternalId other = *ExternalId::parse("other@iot.example");
    SeededRandom random{11};
    Instant steady{1h};
    WallTime wall{24h * 365 * 50};
    Engine engine{0, one_scef()};
    std::vector<CallT8> calls;
    std::vector<std::string> lines;
    DeviceTraces dut{[this](const LogLine& line) {
        EXPECT_EQ(line.level, LogLine::Level::info);
        EXPECT_EQ(line.id, "DEVICE_TRACE");
        lines.push_back(line.text);
    }};
};

TEST_F(DeviceTracesTest, nothing_is_written_before_somebody_asks) {
    dut.on_datagram(0, false, server, secret_request, now());
    EXPECT_TRUE(dut.is_idle());
    EXPECT_TRUE(lines.empty());
}

TEST_F(DeviceTracesTest, a_message_is_told_from_datagram_to_answer) {
    start();
    EnqueueMessage message;
    message.external_id = meter;
    message.payload = secret_request;
    handle(message);
    dut.on_datagram(0, false, server, secret_request, now());
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = 503;
    dut.on_answer(calls.back().operation, answer);
    handle(T8Completion{calls.back().operation, answer});
    ASSERT_EQ(lines.size(), 7u) << all();
    EXPECT_EQ(lines[0], "device=meter@iot.example event=started until=2019-12-20T00:10:00.000Z");
    EXPECT_EQ(lines[1], "device=meter@iot.example event=state configuration=ACTIVE");
    expect(lines[2], {"event=message", "state=SENDING", "attempts=1"});
    expect(lines[3], {"event=t8_call", "operation=create_delivery", "frame=\"CON POST /3 mid="});
    expect(lines[4], {"event=from_server", "peer=127.0.0.1:5683", "+6 octets"});
    expect(lines[5], {"event=t8_answer", "status=503"});
    expect(lines[6], {"event=message", "state=QUEUED", "reason=throttled"});
}

TEST_F(DeviceTracesTest, payloads_capabilities_and_links_are_not_shown) {
    start();
    EnqueueMessage message;
    message.external_id = meter;
    message.payload = secret_request;
    handle(message);
    nidd::NiddUplinkDataNotification uplink;
    uplink.nidd_configuration = "http://scef.example/3gpp-nidd/v1/as/configurations/c1";
    uplink.data = from_hex("61450001 07 ff 736563726574");
    dut.on_notification({engine.find_device(meter)->nidd.capability, uplink}, now());
    dut.on_datagram(0, true, server, secret_request, now());
    const std::string text = all();
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_EQ(text.find("http"), std::string::npos) << text;
    expect(text, {"event=notification kind=uplink octets=12", "event=to_server"});
}

TEST_F(DeviceTracesTest, other_devices_are_left_out) {
    start();
    lines.clear();
    dut.on_datagram(1, false, server, secret_request, now());
    dut.on_notification({engine.find_device(other)->nidd.capability, nidd::TestNotification{}},
                        now());
    EnqueueMessage message;
    message.external_id = other;
    message.payload = secret_request;
    handle(message);
    handle(PauseDevice{0, meter, true});
    ASSERT_EQ(lines.size(), 1u) << all();
    expect(lines[0], {"device=meter@iot.example event=state", "paused=true"});
}

TEST_F(DeviceTracesTest, it_ends_with_its_time_when_told_and_with_the_device) {
    start(1min);
    steady += 1min;
    dut.on_datagram(0, false, server, secret_request, now());
    EXPECT_TRUE(dut.is_idle());
    EXPECT_EQ(lines.back(), "device=meter@iot.example event=ended");
    start();
    dut.stop(other);
    EXPECT_FALSE(dut.is_idle());
    dut.stop(meter);
    EXPECT_TRUE(dut.is_idle());
    start();
    handle(RemoveDevice{0, meter});
    EXPECT_TRUE(dut.is_idle());
}

TEST_F(DeviceTracesTest, there_is_room_for_so_many_devices_and_no_more) {
    Device device;
    for (std::size_t i = 0; i < DeviceTraces::devices_max; ++i) {
        device.spec.external_id = *ExternalId::parse("d" + std::to_string(i) + "@iot.example");
        EXPECT_TRUE(dut.start(device, 1min, now()));
    }
    EXPECT_TRUE(dut.start(device, 2min, now()));  // goes on
    EXPECT_EQ(dut.start(*engine.find_device(meter), 1min, now()).error().code, Errc::unavailable);
    steady += 1min;
    EXPECT_TRUE(dut.start(*engine.find_device(meter), 1min, now()));
}

}  // namespace
}  // namespace scef::adapter::test
