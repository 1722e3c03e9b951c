#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/block_transfer.h"
#include "lwm2m-core/client/confirmable_queue.h"
#include "lwm2m-core/client/duplicates.h"
#include "lwm2m-core/client/notifier.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/client/operations.h"
#include "lwm2m-core/client/registration.h"
#include "lwm2m-core/client/standard_objects.h"
#include "lwm2m-core/coap/transmission.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// How a client behaves. The defaults suit NB-IoT.
struct ClientSettings {
    std::string endpoint;
    DeviceDescription description;
    std::chrono::seconds lifetime{300};
    bool queue_mode = false;  ///< announce `Q`
    bool confirmable_notifications = false;
    bool bootstrap = false;    ///< ask a bootstrap server first
    Duration send_interval{};  ///< a Send this often while registered; 0 for none
    Duration reboot_time = std::chrono::seconds(2);  ///< from Reboot to the new registration
    coap::TransmissionParameters transmission{std::chrono::seconds(15), 1.5, 4};
};

/// What a client has done so far.
struct ClientCounters {
    std::uint64_t requests_handled = 0;       ///< distinct requests of a server
    std::uint64_t duplicates_suppressed = 0;  ///< repeated messages that were answered from memory
    std::uint64_t notifications_sent = 0;
    std::uint64_t registrations = 0;                ///< Registers that a server accepted
    std::uint64_t updates = 0;                      ///< Updates that a server accepted
    std::uint64_t sends = 0;                        ///< Sends that a server accepted
    std::uint64_t failures = 0;                     ///< own requests refused, reset or given up
    std::map<std::string, std::uint64_t> executed;  ///< by path, `/3/0/4`
};

/// An LwM2M 1.1 client over the Non-IP binding: one frame is one CoAP message. Pure: it is fed with
/// frames and times and gives frames back by `take_frames`; its owner delivers them and calls
/// `on_time` at `due`. Objects 1, 3 and 3303, and 0 if it is bootstrapped. Frames that are no CoAP
/// are ignored. One thread at a time.
class Client {
public:
    explicit Client(ClientSettings settings);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Switched on: registers (or asks the bootstrap server) at once.
    void start(Turn& turn);
    /// One frame of the peer, as received.
    void on_frame(ByteView frame, Turn& turn);
    /// To be called at `due`; harmless before.
    void on_time(Turn& turn);
    /// While asleep, notifications wait; registration, Sends and retransmissions do not.
    void set_asleep(bool asleep) { asleep_ = asleep; }

    /// What the device's user asks for. An Update without a registration registers.
    void register_now(Turn& turn);
    void update_now(Turn& turn);
    Status deregister_now(Turn& turn);
    /// LwM2M Send of the temperatures and the battery level; `conflict` if not registered.
    Status send_now(Turn& turn);
    /// The device measures or sets a value; notifications follow.
    Status set_value(const Path& path, const Value& value, Turn& turn);

    /// The frames to send now, in order.
    Frames take_frames();
    Instant due() const;

    const ObjectModel& model() const { return model_; }
    const Registration& registration() const { return registration_; }
    const ClientCounters& counters() const { return counters_; }
    const ClientSettings& settings() const { return settings_; }
    std::size_t observations() const { return notifier_.size(); }
    std::int64_t lifetime_seconds() const;

private:
    void on_request(coap::Message request, Turn& turn);
    coap::Message answer(coap::Message& request, Turn& turn);
    coap::Message answer_of(const coap::Message& request, Outcome& outcome, Turn& turn);
    void observe(const coap::Message& request, Outcome& outcome, coap::Message& response,
                 Turn& turn);
    void on_response(const coap::Message& message, Turn& turn);
    void on_empty(const coap::Message& message, Turn& turn);
    void on_settled(const Settled& settled, Turn& turn);
    void on_outcome(const Outcome& outcome, Turn& turn);
    void on_executed(const Path& path, Turn& turn);
    void on_changed(const Path& path, Turn& turn);
    void count(const Settled& settled);
    void reboot(Turn& turn);
    void take_step(Turn& turn);
    void notify(Turn& turn);
    void push(Purpose purpose, coap::Message message, Turn& turn);
    void push_send(Turn& turn);
    void after(Turn& turn);
    void plan_update(Turn& turn);
    std::uint16_t take_message_id(Turn& turn);

    ClientSettings settings_;
    ObjectModel model_;
    Attributes attributes_;
    Operations operations_;
    Notifier notifier_;
    Registration registration_;
    ConfirmableQueue queue_;
    Duplicates duplicates_;
    RequestBlocks blocks_;
    ClientCounters counters_;
    Frames frames_;
    Duration clock_offset_{};
    Instant send_due_ = never;
    std::optional<std::uint16_t> next_message_id_;
    bool asleep_ = false;
    bool links_changed_ = false;
    std::optional<std::int64_t> announced_lifetime_;
};

}  // namespace scef::client
