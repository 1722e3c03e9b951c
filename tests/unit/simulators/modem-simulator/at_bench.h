#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "simulators/modem-simulator/settings.h"
#include "simulators/modem-simulator/simulation.h"

namespace scef::modem_simulator {

/// An AT modem on virtual time. The test types; the network lets it in, grants what it asks for and
/// acknowledges uplinks, unless it is `silent`.
class AtBench : public Outside {
public:
    static constexpr const char* id = "meter@example.com";

    explicit AtBench(const std::string& start_state = "connected") {
        DeviceSettings settings;
        settings.id = *ExternalId::parse(id);
        settings.start_state = start_state;
        settings.attach_at = turn.now;
        settings.has_at_modem = true;
        EXPECT_TRUE(dut.add(std::move(settings)));
    }

    AtBench& attached() {
        run();
        return *this;
    }
    /// What the modem says to `line`, whose end is added, without its echo and empty lines.
    std::string type(const std::string& line) {
        std::string text = keys(line + '\r');
        if (const std::string echo = line + '\r'; text.starts_with(echo))
            text.erase(0, echo.size());
        return plain(text);
    }
    /// All that the modem writes to these octets, as it is.
    std::string keys(const std::string& octets) {
        dut.on_terminal_input(0, octets, turn);
        run();
        return std::exchange(terminal, {});
    }
    /// What the modem says of itself meanwhile.
    std::string after(Duration passed) {
        run(passed);
        return plain(std::exchange(terminal, {}));
    }
    void run(Duration passed = {}) {
        turn.now += passed;
        turn.wall += passed;
        while (dut.due() <= turn.now) dut.run_due(turn);
    }
    std::string give(const modem_link::Frame& frame) {
        dut.on_link_datagram(modem_link::serialize(frame), turn);
        return plain(std::exchange(terminal, {}));
    }
    std::string state(const std::string& name) {
        return give({modem_link::Kind::state, id, 0, name, {}, {}});
    }
    std::string downlink(Bytes data, std::optional<modem_link::RdsPort> rds = std::nullopt) {
        return give({modem_link::Kind::downlink, id, ++sequence, {}, {}, std::move(data), rds});
    }
    /// The frames of that kind that the modem sent so far.
    std::vector<modem_link::Frame> sent_of(modem_link::Kind kind) const {
        std::vector<modem_link::Frame> frames;
        for (const auto& frame : sent) {
            if (frame.kind == kind) frames.push_back(frame);
        }
        return frames;
    }

    /// Lines without the empty ones, a `|` between them.
    static std::string plain(const std::string& text) {
        std::string lines;
        for (const char c : text) {
            if (c == '\r' || (c == '\n' && (lines.empty() || lines.back() == '|'))) continue;
            lines += c == '\n' ? '|' : c;
        }
        if (!lines.empty() && lines.back() == '|') lines.pop_back();
        return lines;
    }

    void to_network(const modem_link::Frame& frame) override {
        using modem_link::Kind;
        sent.push_back(frame);
        if (is_silent) return;
        if (frame.power_saving) granted.power_saving = *frame.power_saving;
        modem_link::Frame answer{Kind::ack, id, frame.sequence, frame.state, refusal, {}};
        if (frame.kind == Kind::attach) {
            answer.kind = refusal.empty() ? Kind::attached : Kind::refused;
        } else if (frame.kind == Kind::update) {
            answer.kind = Kind::state;
            answer.state = "connected";
        } else if (frame.kind != Kind::uplink) {
            return;
        }
        if (answer.kind != Kind::ack) answer.terms = granted;
        answers.push_back(answer);
        dut.on_link_datagram(modem_link::serialize(answer), turn);
    }
    void to_tap(std::size_t, ByteView) override {}
    void to_terminal(std::size_t, std::string_view text) override { terminal += text; }
    void trace(const Device&, const LogEntry& entry) override { notes.push_back(entry.note); }

    SeededRandom random{7};
    Turn turn{Instant(std::chrono::hours(1)), WallTime(std::chrono::seconds(1'795'000'000)),
              random};
    bool is_silent = false;
    std::string refusal;  ///< of attaches
    modem_link::NetworkTerms granted{{"connected", {}, {}, {}, std::chrono::milliseconds(2'560)},
                                     "normal",
                                     "unrestricted",
                                     false,
                                     1358};
    std::vector<modem_link::Frame> sent, answers;
    std::vector<std::string> notes;
    std::string terminal;
    std::uint32_t sequence = 0;
    Simulation dut{*this};
};

}  // namespace scef::modem_simulator
