#include "simulators/modem-simulator/power_json.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace scef::modem_simulator {
namespace {

using nlohmann::json;

constexpr std::array<const char*, PowerReport::count> names{
    "connected", "idle", "edrx", "psm", "off", "transmitting", "receiving", "signalling"};

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

// Six digits of what is an estimate.
double rounded(double value) {
    if (value == 0) return 0;
    const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

}  // namespace

json energy_json(const Device& device, Instant now) {
    const PowerReport report = device.power().report(now);
    json parts = json::object();
    for (std::size_t part = 0; part < report.parts.size(); ++part) {
        const PowerReport::Spent& spent = report.parts[part];
        if (spent.time == Duration{}) continue;
        parts[names[part]] = {{"seconds", rounded(seconds(spent.time))},
                              {"mAh", rounded(spent.mah)}};
    }
    json result{{"mAh", rounded(report.mah())},
                {"meanMilliampere", rounded(report.mean_ma())},
                {"seconds", rounded(seconds(report.elapsed()))},
                {"connections", report.connections},
                {"parts", std::move(parts)}};
    if (report.mean_ma() > 0) {
        const double hours = device.power().figures().battery_mah / report.mean_ma();
        result["batteryDays"] = rounded(hours / 24);
    }
    return result;
}

json energy_json(const Simulation& simulation, Instant now) {
    double sum = 0, most = 0;
    const Device* thirstiest = nullptr;
    for (std::size_t i = 0; i < simulation.size(); ++i) {
        const double mah = simulation.device(i).power().report(now).mah();
        sum += mah;
        if (mah <= most) continue;
        most = mah;
        thirstiest = &simulation.device(i);
    }
    json result{{"mAh", rounded(sum)}};
    if (thirstiest != nullptr) {
        result["meanPerDevice"] = rounded(sum / static_cast<double>(simulation.size()));
        result["most"] = {{"externalId", thirstiest->modem().id().text()}, {"mAh", rounded(most)}};
    }
    return result;
}

}  // namespace scef::modem_simulator
