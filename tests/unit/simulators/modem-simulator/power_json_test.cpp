#include "simulators/modem-simulator/power_json.h"

#include "tests/unit/simulators/modem-simulator/at_bench.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

/// What a device has spent after a day in which it sent every hour.
double mah_of_a_day(const std::string& coverage, const std::string& state, int release) {
    AtBench bench;
    bench.granted.coverage = coverage;
    bench.attached();
    for (int hour = 0; hour < 24; ++hour) {
        bench.type("AT+CSODCP=1,1,\"00\"," + std::to_string(release));
        bench.run(release == 0 ? 10s : 0s);
        bench.state(state);
        bench.run(release == 0 ? 3590s : 3600s);
    }
    return energy_json(bench.dut.device(0), bench.turn.now)["mAh"].get<double>();
}

TEST(PowerJson, shows_what_a_policy_costs) {
    const double idle = mah_of_a_day("normal", "idle", 0);
    const double psm = mah_of_a_day("normal", "psm", 0);
    const double assisted = mah_of_a_day("normal", "psm", 1);
    EXPECT_GT(idle, 20 * psm);
    EXPECT_GT(psm, 2 * assisted);
    EXPECT_GT(mah_of_a_day("extreme", "psm", 1), 10 * assisted);
}

TEST(PowerJson, tells_times_and_shares_of_a_device) {
    AtBench bench;
    bench.attached().state("psm");
    bench.run(1h);
    const auto energy = energy_json(bench.dut.device(0), bench.turn.now);
    EXPECT_EQ(energy["seconds"], 3600);
    EXPECT_EQ(energy["parts"]["psm"]["seconds"], 3600);
    EXPECT_EQ(energy["parts"]["psm"]["mAh"], 0.0042);
    EXPECT_FALSE(energy["parts"].contains("edrx"));
    EXPECT_EQ(energy["connections"], 1);
    EXPECT_GT(energy["batteryDays"].get<double>(), 100);
}

TEST(PowerJson, sums_up_all_devices_and_names_the_thirstiest) {
    AtBench bench;
    DeviceSettings other;
    other.id = *ExternalId::parse("off@example.com");
    other.attach_at = bench.turn.now + 1000h;
    ASSERT_TRUE(bench.dut.add(std::move(other)));
    bench.attached().state("idle");
    bench.run(1h);
    const auto energy = energy_json(bench.dut, bench.turn.now);
    EXPECT_EQ(energy["most"]["externalId"], AtBench::id);
    EXPECT_EQ(energy["most"]["mAh"], energy["mAh"]);
    EXPECT_NEAR(energy["meanPerDevice"].get<double>(), energy["mAh"].get<double>() / 2, 1e-5);
}

}  // namespace
}  // namespace scef::modem_simulator
