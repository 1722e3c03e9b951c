#pragma once

#include <deque>
#include <map>
#include <string>

#include "lwm2m-core/coap/codec.h"
#include "tests/simulation/stage.h"

namespace scef::simulation {

class Oracle;

/// A device behind its modem. It answers each question by its number, deduplicates by message id
/// (RFC 7252 4.5), repeats what is not acknowledged, sleeps, and forgets everything when it
/// reboots.
class DeviceModel {
public:
    DeviceModel(Stage& stage, Oracle& oracle, std::string external_id, bool opaque, bool sleeps)
        : stage_(stage),
          oracle_(oracle),
          external_id_(std::move(external_id)),
          opaque_(opaque),
          sleeps_(sleeps) {}

    const std::string& external_id() const { return external_id_; }
    bool is_opaque() const { return opaque_; }
    /// The radio reaches it just now.
    bool is_listening() const { return covered && (!sleeps_ || stage_.now < awake_until_); }

    void receive(const Bytes& frame);
    void wake(Duration how_long);
    void send_data();
    void register_();
    void deregister();
    void notify();
    void ping();
    void send_octets(Bytes octets) { transmit(std::move(octets)); }
    void reboot();

    bool covered = true;
    std::function<void(Bytes)> transmit;  ///< the modem, which may lose it
    std::function<void()> on_wake;        ///< the network has seen it

private:
    struct Question {
        std::uint16_t message_id;
        std::string name;
    };
    struct Observation {
        std::string number;
        std::uint32_t sequence = 0;
    };
    coap::Message request(coap::Code code, std::string_view path, const std::string& name);
    void ask(coap::Message request, const std::string& name);
    void send_until_acknowledged(const coap::Message& message);
    void repeat(std::uint16_t message_id, Bytes octets, Duration pause, int copies,
                std::uint32_t life);
    void execute(const coap::Message& request);
    void answer(const coap::Message& request, coap::Message response);
    void judge_answer(const coap::Message& response);
    void remember(std::uint16_t message_id, Bytes answer);

    Stage& stage_;
    Oracle& oracle_;
    std::string external_id_;
    bool opaque_;
    bool sleeps_;
    bool observable_ = true;  ///< not after a De-register
    Instant awake_until_{};
    std::uint32_t life_ = 0;  ///< since the last reboot
    std::uint16_t next_id_ = 7000;
    std::uint16_t next_token_ = 1;
    std::map<std::uint16_t, bool> unacknowledged_;  ///< our confirmable messages
    std::map<coap::Token, Question> asked_;
    std::map<coap::Token, Observation> observations_;
    std::map<std::uint16_t, Bytes> answered_;
    std::deque<std::uint16_t> answered_order_;
};

}  // namespace scef::simulation
