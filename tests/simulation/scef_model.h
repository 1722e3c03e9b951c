#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nidd/types/notification.h"
#include "nidd/types/t8_exchange.h"
#include "scef-adapter/engine/effects.h"
#include "tests/simulation/adapter_host.h"
#include "tests/simulation/device_model.h"
#include "tests/simulation/t8_answers.h"

namespace scef::simulation {

/// A SCEF with the radio network behind it. It answers with all that T8 allows, holds what a
/// sleeping device cannot hear, tells statuses early, late, twice, wrongly or never, repeats what
/// is not answered, and loses configurations.
class ScefModel {
public:
    ScefModel(Stage& stage, Entrance& entrance, Oracle& oracle)
        : stage_(stage), entrance_(entrance), oracle_(oracle) {}

    void attach(DeviceModel& device);
    /// `done` gets the answer, late or never.
    void call(const adapter::CallT8& call, const AnswerT8& done);
    void on_verdict(adapter::ReplyId reply, int status);
    /// It forgets a device's configuration; or ends it and says so.
    void forget_configuration(const std::string& external_id);
    void terminate_configuration(const std::string& external_id, const char* status);
    void tell_active(const std::string& external_id);

private:
    struct Configuration {
        std::string external_id;
        nidd::Capability capability;
    };
    struct Transfer {
        std::string configuration;
        std::string external_id;
        Bytes data;
        Instant ends_at{};
    };
    struct Untold {
        nidd::IncomingNotification notification;
        std::string external_id;
        int times = 0;
        adapter::ReplyId last_reply = 0;
    };

    nidd::T8Answer answer(const nidd::T8Request& request);
    nidd::T8Answer create(const nidd::T8Request& request);
    nidd::T8Answer list(const nidd::T8Request& request);
    nidd::T8Answer remove(const nidd::T8Request& request);
    std::optional<nidd::T8Answer> side_trouble(const nidd::T8Request& request);
    void post(const adapter::CallT8& call, const AnswerT8& done);
    void post_plainly(const adapter::CallT8& call, const nidd::NiddDownlinkDataTransfer& transfer,
                      const AnswerT8& done);
    void post_unusually(const adapter::CallT8& call, const nidd::NiddDownlinkDataTransfer& transfer,
                        const AnswerT8& done);
    nidd::T8Answer unusual(const T8AnswerKind& kind, const std::string& link);
    const T8AnswerKind& draw_answer(std::span<const T8AnswerKind> kinds, std::size_t octets);
    void put(const adapter::CallT8& call, const AnswerT8& done);
    void put_unusually(Transfer& held, const std::string& id, const Bytes& data, Duration latency,
                       const AnswerT8& done);
    void exchange(Transfer& held, const std::string& id, const Bytes& data, Duration latency);
    void read(const nidd::T8Request& request, const AnswerT8& done);
    std::string take(const nidd::T8Request& request,
                     const nidd::NiddDownlinkDataTransfer& transfer);
    void finish(nidd::T8Answer answer, Told told, const AnswerT8& done);
    Duration draw_reply_time();
    void on_air(const std::string& external_id, const Bytes& data);
    void deliver_held(const std::string& external_id);
    void end_transfer(const std::string& id);
    void end_at(const std::string& id, Transfer& transfer, Duration latency);
    void time_out(const std::string& id);
    void tell_status(const std::string& id, const Transfer& transfer, const std::string& status);
    void uplink(const std::string& external_id, Bytes data);
    void notify(const std::string& configuration, nidd::Notification body);
    void tell(std::uint64_t number);
    const std::string* configuration_of(const std::string& external_id) const;
    std::string link(const std::string& configuration, const std::string& transfer = "") const;

    Stage& stage_;
    Entrance& entrance_;
    Oracle& oracle_;
    std::map<std::string, DeviceModel*> devices_;
    std::map<std::string, Configuration> configurations_;
    std::map<std::string, std::string> newest_;  ///< configuration by External Identifier
    std::map<std::string, Transfer> transfers_;
    std::map<std::uint64_t, Untold> untold_;
    std::map<adapter::ReplyId, std::uint64_t> replies_;
    std::uint64_t next_ = 1;
    adapter::ReplyId next_reply_ = 1'000'000;
};

}  // namespace scef::simulation
