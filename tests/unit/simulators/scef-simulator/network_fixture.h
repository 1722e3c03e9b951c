#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "simulators/scef-simulator/scef.h"

namespace scef::scef_simulator {

using namespace std::chrono_literals;

/// The model on virtual time, with one SCS/AS, one UE and its NIDD configuration.
class ScefFixture : public testing::Test {
protected:
    explicit ScefFixture(const Settings& given = {}) : settings(given) {}

    static constexpr const char* ue = "meter-1@iot.example";

    Turn turn() { return {Instant(elapsed_), WallTime(1'000'000s) + elapsed_, random_}; }

    void advance(Duration by) {
        elapsed_ += by;
        dut.advance(turn());
        take();
    }

    /// As `advance`, timer by timer, as the host does it.
    void run(Duration by) {
        const Duration end = elapsed_ + by;
        for (Instant next = dut.deadline(turn()); next <= Instant(end);
             next = dut.deadline(turn())) {
            advance(next - Instant(elapsed_));
        }
        advance(end - elapsed_);
    }

    ConfigurationId configure(std::optional<WallTime> duration = std::nullopt) {
        ConfigurationRequest request;
        request.configuration.identity = {Identity::Kind::external_id, ue};
        request.configuration.notification_destination = "http://as/cb";
        request.configuration.duration = duration;
        const auto id =
            dut.create(std::move(request), "dm", "http://scef/dm/configurations", turn());
        take();
        return id.value_or("");
    }

    void attach(const std::string& state) {
        dut.on_frame({modem_link::Kind::attach, ue, 0, state, "", {}}, turn());
        take();
    }

    void uplink(std::uint32_t sequence) {
        dut.on_frame({modem_link::Kind::uplink, ue, sequence, "", "", {0x55}}, turn());
        take();
    }

    void acknowledge(std::uint32_t sequence) {
        dut.on_frame({modem_link::Kind::ack, ue, sequence, "", "", {}}, turn());
        take();
    }

    DeliveryId post(const std::string& data, std::optional<std::chrono::seconds> latency = {},
                    const std::string& option = "") {
        Transfer transfer;
        transfer.identity = {Identity::Kind::external_id, ue};
        transfer.data = to_bytes(data);
        transfer.maximum_latency = latency;
        transfer.pdn_establishment_option = option;
        const Configuration* configuration = dut.configurations().of_scs_as("dm").at(0);
        DeliveryId id = dut.submit(*configuration, std::move(transfer), turn());
        take();
        return id;
    }

    static Transfer transfer(const std::string& data) {
        Transfer made;
        made.identity = {Identity::Kind::external_id, ue};
        made.data = to_bytes(data);
        return made;
    }

    /// Submits it without the checks.
    DeliveryId post(Transfer wanted) {
        DeliveryId id = dut.submit(*dut.configurations().for_ue(ue), std::move(wanted), turn());
        take();
        return id;
    }

    /// The cause, or else the detail, with which the checks refuse a transfer; empty: they do not.
    std::string refusal_of(const Transfer& wanted) {
        const auto refusal =
            dut.admission().refusal_of(*dut.configurations().for_ue(ue), wanted, "", turn());
        if (!refusal) return "";
        return refusal->cause.empty() ? refusal->detail : refusal->cause;
    }

    /// Changes what the UE is, as the control API does.
    template <typename Change>
    void change_ue(Change change) {
        const UeRecord* record = dut.network().find(ue);
        UeProfile profile = record == nullptr ? first_profile(settings) : record->profile;
        change(profile);
        EXPECT_TRUE(dut.set_profile(ue, profile, turn()));
        take();
    }

    UeState state() { return dut.network().find(ue)->ue.state(); }

    /// The data of the downlink frames on the link so far, repetitions included.
    std::vector<std::string> sent() const {
        std::vector<std::string> data;
        for (const modem_link::Frame& frame : frames) {
            if (frame.kind == modem_link::Kind::downlink) data.emplace_back(as_text(frame.data));
        }
        return data;
    }

    const modem_link::Frame& last_of(modem_link::Kind kind) const {
        static const modem_link::Frame none;
        for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
            if (frame->kind == kind) return *frame;
        }
        return none;
    }

    void acknowledge_last() { acknowledge(last_of(modem_link::Kind::downlink).sequence); }

    SeededRandom random_{7};
    Settings settings;
    Scef dut{settings};
    std::vector<modem_link::Frame> frames;
    std::vector<DeliveryAnswer> answers;
    std::vector<Notification> notifications;

    void take() {
        for (Effect& effect : dut.take_effects()) {
            if (auto* frame = std::get_if<ToModem>(&effect)) frames.push_back(frame->frame);
            if (auto* answer = std::get_if<DeliveryAnswer>(&effect)) answers.push_back(*answer);
            if (auto* told = std::get_if<Notification>(&effect)) notifications.push_back(*told);
        }
    }

private:
    Duration elapsed_{1h};
};

}  // namespace scef::scef_simulator
