#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "nidd/types/notification.h"
#include "queueing/batch.h"
#include "scef-adapter/engine/effects.h"
#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// Writes to the log whatever happens with the devices that an operator traces, a line each with
/// the id DEVICE_TRACE: datagrams of their servers, notifications and T8 calls of the SCEF, what
/// becomes of their messages, configuration and registrations. Frames are shown as CoAP without
/// their payload; of T8 no link, capability or token is shown. A trace ends by itself; that is
/// noticed with the next thing that passes the shard. One for each shard, on its thread.
class DeviceTraces {
public:
    static constexpr std::size_t devices_max = 16;
    static constexpr Duration duration_max = std::chrono::hours(24);
    using Write = std::function<void(const LogLine&)>;

    explicit DeviceTraces(Write write) : write_(std::move(write)) {}

    /// Nobody is traced: there is nothing to tell.
    bool is_idle() const { return traced_.empty(); }

    /// From now on, or for so much longer. `unavailable` when so many devices are traced that there
    /// is no room for another.
    Status start(const Device& device, Duration duration, const Turn& now);
    /// Whether it was traced.
    bool stop(const ExternalId& device);

    void on_datagram(queueing::EndpointIndex endpoint, bool from_device, const SocketAddress& peer,
                     ByteView octets, const Turn& now);
    void on_notification(const nidd::IncomingNotification& notification, const Turn& now);
    void on_call(const CallT8& call, const Turn& now);
    void on_answer(OperationId operation, const nidd::T8Answer& answer);
    /// The end of a turn: compares what the engine and its records tell with what they told before.
    void on_turn(const Engine& engine, const queueing::Batch& batch, const Turn& now);

private:
    struct Traced {
        queueing::DeviceIndex index = 0;
        nidd::Capability capability;
        std::vector<queueing::EndpointIndex> endpoints;
        Instant until{};
        std::string state;                            ///< as last written
        std::map<MessageId, std::string> messages{};  ///< open ones, as last written
    };

    void forget_over(Instant now);
    Traced* traced_at(queueing::DeviceIndex index);
    void write(const Traced& traced, std::string_view what, const std::string& fields);
    void end(const std::string& name);
    static std::string state_of(const Device& device);
    void on_message(const queueing::Message& message, bool is_final);

    Write write_;
    std::map<std::string, Traced> traced_;  ///< by External Identifier
    std::unordered_map<OperationId, queueing::DeviceIndex> calls_;
};

}  // namespace scef::adapter
