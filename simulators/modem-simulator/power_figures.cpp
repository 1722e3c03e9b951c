#include "simulators/modem-simulator/power_figures.h"

#include <array>
#include <charconv>

namespace scef::modem_simulator {
namespace {

struct Figure {
    std::string_view name;
    double PowerFigures::*value;
};

constexpr std::array<Figure, 11> figures_by_name{{
    {"sleep", &PowerFigures::sleep_ma},
    {"idle", &PowerFigures::idle_ma},
    {"connected", &PowerFigures::connected_ma},
    {"receive", &PowerFigures::receive_ma},
    {"transmit", &PowerFigures::transmit_ma},
    {"battery", &PowerFigures::battery_mah},
    {"bit-rate", &PowerFigures::bits_per_second},
    {"repetitions-robust", &PowerFigures::repetitions_robust},
    {"repetitions-extreme", &PowerFigures::repetitions_extreme},
    {"header", &PowerFigures::header_octets},
    {"signalling", &PowerFigures::signalling_octets},
}};

constexpr double value_max = 1e9;

}  // namespace

Duration PowerFigures::air_time(double octets, std::string_view coverage) const {
    const double repetitions = coverage == "extreme"  ? repetitions_extreme
                               : coverage == "robust" ? repetitions_robust
                                                      : 1;
    const std::chrono::duration<double> seconds(octets * 8 * repetitions / bits_per_second);
    return std::chrono::duration_cast<Duration>(seconds);
}

Status set_figure(PowerFigures& figures, std::string_view text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view digits = text.substr(std::min(equals + 1, text.size()));
    double value = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_number = error == std::errc{} && rest == digits.data() + digits.size();
    std::string names;
    for (const Figure& figure : figures_by_name) {
        names += (names.empty() ? "" : ", ") + std::string(figure.name);
        if (figure.name != text.substr(0, equals)) continue;
        if (!is_number || !(value > 0) || value > value_max) continue;
        figures.*figure.value = value;
        return {};
    }
    return fail(
        Errc::invalid_argument,
        "expected NAME=NUMBER with a number above 0, as in transmit=220; names are " + names);
}

}  // namespace scef::modem_simulator
