#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lwm2m-core/client/access_control.h"
#include "lwm2m-core/client/bootstrap.h"
#include "lwm2m-core/client/bootstrap_operations.h"
#include "lwm2m-core/client/client_settings.h"
#include "lwm2m-core/client/device_objects.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/client/registration_order.h"
#include "lwm2m-core/client/session.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// A frame to send and the pipe by which it goes.
struct PipeFrame {
    std::size_t pipe = 0;
    Bytes data;
};

/// An LwM2M 1.1 client over the Non-IP binding: one frame is one CoAP message. It has one pipe for
/// each server account of its settings; the bootstrap server shares the first. Pure: it is fed with
/// frames and times and gives frames back by `take_frames`; its owner delivers them and calls
/// `on_time` at `due`. Frames that are no CoAP are ignored. One thread at a time.
class Client {
public:
    explicit Client(ClientSettings settings);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Switched on: registers with its servers in their order, or asks the bootstrap server.
    void start(Turn& turn);
    /// One frame of the peer of a pipe, as received.
    void on_frame(std::size_t pipe, ByteView frame, Turn& turn);
    /// To be called at `due`; harmless before.
    void on_time(Turn& turn);
    /// While asleep, notifications wait; registration, Sends and retransmissions do not.
    void set_asleep(bool asleep) { asleep_ = asleep; }
    /// While offline nothing is said and nothing is heard; /1/x/6 decides on notifications.
    void set_offline(bool offline, Turn& turn);

    /// What the device's user asks for, of every server. An Update without a registration
    /// registers.
    void register_now(Turn& turn);
    void update_now(Turn& turn);
    /// `conflict` if it is registered with none.
    Status deregister_now(Turn& turn);
    /// LwM2M Send to every server that takes it; the first refusal if none does.
    Status send_now(const SendContent& content, Turn& turn);
    /// Asks the bootstrap server; `conflict` without an account of one.
    Status bootstrap_now(Turn& turn);
    /// A short message arrived; it is counted (object 7).
    void on_short_message() { objects_.traffic().on_sms_received(); }
    /// The device measures or sets a value; notifications follow.
    Status set_value(const Path& path, const Value& value, Turn& turn);

    /// The frames to send now, in order.
    std::vector<PipeFrame> take_frames();
    Instant due() const;

    const ObjectModel& model() const { return model_; }
    const Firmware& firmware() const { return objects_.firmware(); }
    const Bootstrap& bootstrap() const { return bootstrap_; }
    const ClientSettings& settings() const { return settings_; }
    std::size_t pipes() const { return sessions_.size(); }
    const Session& session(std::size_t pipe) const { return *sessions_[pipe]; }
    bool is_offline() const { return offline_; }
    /// In queue mode: does it hear requests now (Transport TS 6.5)?
    bool is_listening(Instant now) const;
    /// With every server that it has an account of, and with one at least.
    bool is_registered() const;

private:
    void on_request(Session& session, coap::Message request, Turn& turn);
    coap::Message answer(Session& session, coap::Message& request, Turn& turn);
    std::optional<coap::Code> take_block(Session& session, coap::Message& request, Turn& turn);
    Outcome operate(Session& session, const coap::Message& request, Turn& turn);
    void on_settled(Session& session, const Settled& settled, Turn& turn);
    void on_outcome(Session& session, const Outcome& outcome, Turn& turn);
    void on_executed(Session& session, const Outcome& outcome, Turn& turn);
    void on_server_executed(const Path& path, Turn& turn);
    void on_changed(const Path& path, Turn& turn);
    void tell_changed(const std::vector<Path>& paths, Turn& turn);
    void on_bootstrap_finished(Turn& turn);
    void bind_sessions();
    void on_verdict(Session& session, Registration::Verdict verdict, Turn& turn);
    void restart(Turn& turn, Duration pause);
    void download(Turn& turn);
    void after(Turn& turn);
    bool is_bootstrap_command(const Session& session) const;
    Session* session_of(std::uint16_t server_instance);

    ClientSettings settings_;
    ObjectModel model_;
    AccessControl access_;
    BootstrapOperations bootstrap_operations_;
    Bootstrap bootstrap_;
    DeviceObjects objects_;
    Sessions sessions_;
    RegistrationOrder order_;
    Session* firmware_session_ = nullptr;  ///< whose server had the last word in object 5
    Instant restart_due_ = never;
    Instant last_frame_;
    bool asleep_ = false;
    bool offline_ = false;
};

}  // namespace scef::client
