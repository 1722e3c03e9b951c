#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lwm2m-core/coap/codec.h"
#include "queueing/downlink_table.h"
#include "queueing/request_history.h"
#include "queueing/server_leg_table.h"
#include "queueing/uplink_table.h"
#include "scef-adapter/engine/counters.h"
#include "scef-adapter/engine/device_table.h"
#include "scef-adapter/engine/device_timers.h"
#include "scef-adapter/engine/effects.h"
#include "scef-adapter/engine/engine_types.h"
#include "scef-adapter/engine/events.h"
#include "scef-adapter/engine/groups.h"
#include "scef-adapter/engine/idempotency_keys.h"
#include "scef-adapter/engine/message_table.h"
#include "scef-adapter/engine/quota_clock.h"
#include "scef-adapter/engine/scope_quotas.h"
#include "scef-adapter/engine/usage_ledger.h"

namespace scef::adapter {

/// The bridge for the devices of one shard, as a pure state machine: events and the turn in,
/// records and effects out. Owned and called by one thread. It reads no clock, opens nothing, waits
/// for nothing; `docs/life-of-a-message.md` walks through it.
class Engine {
public:
    Engine(ShardId shard, std::shared_ptr<const Config> config);

    // ---- Start: hot records first, then recent finals (for duplicates only, 247 s) and
    // Idempotency-Keys (24 h), then `start` once.
    void restore(queueing::RecordKind kind, ByteView key, ByteView value, Turn& turn);
    void restore_final(ByteView value, Turn& turn);
    void restore_idempotency(ByteView key, ByteView value) {
        if (!idempotency_.restore(key, value)) on_corrupt_record();
    }
    void on_corrupt_record() { ++counters_.corrupt_records; }
    /// Resumes what the records tell of: in-flight messages become IN_DOUBT, timers start.
    Effects start(Turn turn);
    Effects handle(Event event, Turn turn);
    /// When `TimePassed` is due; `never` if nothing waits.
    Instant next_deadline() const;

    // ---- Queries, between turns.
    DeviceView find_device(const ExternalId& id) const;
    DeviceView find_device(queueing::DeviceIndex index) const;
    MessageView find_message(const MessageId& id) const;
    /// Which LwM2M server (index in `Config::lwm2m_servers`) a virtual endpoint in use belongs to.
    std::optional<std::size_t> server_of(queueing::EndpointIndex endpoint) const;
    /// In order of creation, from that index on; `busy` ones have an open message.
    std::vector<DeviceView> devices(queueing::DeviceIndex from, std::size_t limit) const;
    std::vector<DeviceView> busy_devices(queueing::DeviceIndex from, std::size_t limit) const;
    std::vector<MessageView> messages_of(const Device& device) const;
    bool is_reachable(const Device& device, Instant now, WallTime wall) const;
    const EngineCounters& counters() const { return counters_; }
    EngineGauges gauges(WallTime wall, Instant now = {}) const;  // `now`: for who is awake
    quota::QuotaTime quota_time(const Turn& turn) const { return quota_clock_.time(turn); }
    const ScopeQuotas& scope_quotas() const { return scope_quotas_; }
    const Groups& groups() const { return groups_; }
    const Config& config() const { return *config_; }
    ShardId shard() const { return shard_; }

private:
    friend class Announcer;  // parts of it
    friend class ConfigurationSwitch;
    friend class Replacement;
    friend class Wake;
    friend class QuotaGate;
    friend class Intake;
    friend class FanOut;
    using Message = queueing::Message;
    using Uplink = queueing::Uplink;
    using Via = queueing::Via;
    using DownlinkEvent = queueing::DownlinkEvent;
    using DownlinkAction = queueing::DownlinkAction;
    using ServerEvent = queueing::ServerEvent;
    using ServerExchange = queueing::ServerExchange;
    using UplinkEvent = queueing::UplinkEvent;
    using Settles = queueing::Settles;

    using Facts = inside::Facts;
    using TimerKind = inside::TimerKind;
    using Timer = inside::Timer;
    using Purpose = inside::Purpose;
    using Operation = inside::Operation;
    using Hold = inside::Hold;

    // ---- downlink_corridor.cpp
    void on_server_datagram(const ServerDatagram& event);
    void on_server_request(Device& device, const ServerDatagram& event, coap::Message request);
    void repeat_outcome(const ServerDatagram& event, const coap::Message& request,
                        const queueing::RequestHistory::Outcome& outcome);
    void refuse(const ServerDatagram& event, const coap::Message& request, coap::Code code,
                std::optional<Duration> max_age = std::nullopt, std::size_t frame_max = 0);
    std::optional<inside::Refusal> admit(Device& device, std::size_t octets, queueing::Priority,
                                         const inside::Room& leaves = {});
    void on_opaque_datagram(Device& device, const ServerDatagram& event);
    Result<Message> compose(Device& device, const EnqueueMessage& event);
    Message* open_request(Device& device, const coap::Message& response, const Via& via);
    Message& enqueue(Device& device, Message message);

    // ---- same_question.cpp: D2
    bool answer_same_question(Device& device, const ServerDatagram& event,
                              const ServerExchange& asker, const coap::Message& frame,
                              WallTime expires_at);
    bool attach(Device& device, const ServerDatagram& event, const ServerExchange& asker,
                const coap::Message& frame, WallTime expires_at);
    bool serve_kept_answer(Device& device, const ServerDatagram& event, const ServerExchange& asker,
                           const coap::Message& frame);
    void note_change(Device& device, const Message& message);
    void keep_answer(Device& device, queueing::EndpointIndex endpoint, const coap::Message& request,
                     coap::Message answer, Duration life);
    void forget_kept_answer(Device& device, KeptAnswer one);
    void forget_old_answers(Device& device);
    bool restore_kept_answer(ByteView key, ByteView value);

    // ---- delivery.cpp: when and how a message goes to the SCEF
    void pump(Device& device);
    Message* bootstrap_head(Device& device);
    void pump_later(Device& device, Instant when);
    std::optional<Hold> holding(Device& device, const Message& message);
    std::optional<Hold> holding_of_device(const Device& device, const Message& message) const;
    std::optional<Hold> window_hold(const Device& device, const Message& message) const;
    Window window_of(const Device& device) const;
    void learn_in_passing(Device& device, std::string_view path, const coap::Message& told);
    void submit(Device& device, Message& message);
    void begin_attempt(Device& device, Message& message);
    void number_frame(Device& device, Message& message);
    std::uint16_t next_device_message_id(Device& device);
    void on_delivery_answer(Message&, const nidd::T8Answer&, const std::string& configuration_id);
    void withdraw_orphan(Device& device, const nidd::T8Answer& answer, const Operation& operation);
    void on_reconciled(Device& device, const nidd::T8Answer& answer, OperationId id,
                       const Operation& operation);
    void judge_pending(Device& device, const std::vector<nidd::NiddDownlinkDataTransfer>& pending,
                       OperationId id);
    void on_withdrawn(Message& message, const nidd::T8Answer& answer);
    int on_delivery_status(Device& device,
                           const nidd::NiddDownlinkDataDeliveryStatusNotification& status);
    bool apply_early_status(Device& device, Message& message);
    void apply_status(Message& message,
                      const nidd::NiddDownlinkDataDeliveryStatusNotification& status);
    void apply(Message& message, DownlinkEvent event, const Facts& facts);
    void perform(DownlinkAction action, Device& device, Message& message, const Facts& facts);
    void conclude(DownlinkAction action, Device& device, Message& message, const Facts& facts);
    void note_leg(Device& device, Message& message, const Facts& facts);
    void back_off(Message& message, const Facts& facts);
    void enter_queue(Device& device, Message& message);
    void leave_queue(Device& device, Message& message);
    void reconcile(Device& device, Message& message);
    void withdraw(Device& device, Message& message);
    void free_slot(Device& device, Message& message);
    void throttle_device(Device& device, const Facts& facts);
    void throttle_scef(std::size_t scef, Duration pause);
    void finish(Device& device, Message& message, queueing::MessageState state,
                queueing::Reason reason, std::string_view detail = {});
    void close(Device& device, Message& message);
    void close_if_over(Device& device, Message& message);
    void cancel_waiting(Device& device, Message& message, queueing::Reason reason);
    void cancel_buffered(Device& device, Message& message, queueing::Reason reason);

    // ---- device_tokens.cpp
    void choose_device_token(Device& device, Message& message);
    void remember_spent(Device& device, const coap::Token& token);
    bool is_spent(const SpentToken& spent) const;
    void remember_dead(Device& device, const coap::Token& token);
    void flush_transfer(Device& device, const Message& lost);  // block_transfers.cpp: D23

    // ---- server_leg.cpp: CoAP with whoever asked
    void tell(Device& device, Message& message, ServerEvent event, coap::Message response);
    void tell(Device& device, Message& message, ServerExchange& exchange, ServerEvent event,
              const coap::Message& response);
    void perform(queueing::ServerAction action, Device& device, Message& message,
                 ServerExchange& exchange, coap::Message response);
    void answer_once(ServerExchange& exchange, Bytes octets);
    void begin_responding(Device& device, Message& message, ServerExchange& exchange);
    void expect_answer(Device& device, const Message& message, ServerExchange& exchange);
    void custody_due(Device& device, Message& message);
    void limit_due(Device& device, Message& message);
    void response_copy_due(Device& device, Message& message, Instant due);
    void tell_reset(Device& device, Message& message);
    bool expires_silently(const Device& device, queueing::EndpointIndex asked_at) const;
    void signal(Device& device, Message& message, coap::Code code);
    void signal_expiry(Device& device, Message& message);
    void keep_late_answer(Device& device, Message& message, const ServerExchange& exchange,
                          coap::Message answer);
    void forget_observation(Device& device, const coap::Token& token, bool by_server);
    void send_to_server(queueing::EndpointIndex endpoint, const SocketAddress& peer, Bytes octets);
    std::uint16_t next_server_message_id(Device& device);
    void forward_answer(Device& device, Message& message, const coap::Message& answer);
    void update_observation(Device& device, const coap::Message& request,
                            const queueing::ServerExchange& server, const coap::Message& answer);

    // ---- server_words.cpp: what a server says that is no request
    void on_server_empty(Device& device, const ServerDatagram& event, const coap::Message& message);
    void on_response_settled(Device& device, Message& message, queueing::EndpointIndex endpoint,
                             const coap::Message& empty);
    void on_server_response(Device& device, const ServerDatagram& event, coap::Message response);

    // ---- uplink_corridor.cpp
    void on_notification(const ScefNotification& event);
    int judge_notification(Device& device, const nidd::IncomingNotification& notification);
    void on_uplink(Device& device, const nidd::NiddUplinkDataNotification& notification);
    void on_uplink_frame(Device& device, ByteView octets, const Via& via);
    void on_device_request(Device& device, coap::Message request, std::uint64_t content,
                           const Via& via);
    void on_device_response(Device& device, const coap::Message& response, std::uint64_t content,
                            const Via& via);
    bool on_late_answer(Device& device, const coap::Message& response, std::uint64_t content,
                        const Via& via);
    void on_device_empty(Device& device, const coap::Message& message, const Via& via);
    void repeat_answer(Device& device, ByteView answer, const Via& via);
    bool leaves(const Device& device, ByteView octets, const Via& via) const;
    void end_retry_waits(Device& device, bool stays);
    void on_opaque_uplink(Device& device, ByteView octets, const Via& via);
    bool accept_registration(Device& device, coap::Message& request);
    void rewrite_binding(const VirtualEndpoint& endpoint, coap::Message& request) const;
    void refuse_uplink(Device& device, const coap::Message& request, std::uint64_t content,
                       const Via& via, coap::Code code);
    bool on_dead_notification(Device& device, const coap::Message& response, const Via& via,
                              const Settles& settles);
    void forward_notification(Device& device, const Observation& observation,
                              const coap::Message& notification, std::uint64_t content,
                              const Via& via);
    Uplink& forward(Device& device, Uplink uplink, coap::Message frame);
    void transmit(Device& device, Uplink& uplink);
    void uplink_copy_due(Device& device, Uplink& uplink, Instant due);
    SocketAddress server_of(const Device& device, const Uplink& uplink) const;
    void on_server_alive(Device& device, const ServerDatagram& event);
    void apply(Device& device, Uplink& uplink, UplinkEvent event,
               const coap::Message* response = nullptr);
    void perform(queueing::UplinkAction action, Device& device, Uplink& uplink,
                 const coap::Message* response);
    void acknowledge_device(Device& device, Uplink& uplink);
    void answer_device(Device& device, const Uplink& uplink, coap::Message frame);
    void reset_device(Device& device, const Uplink& uplink);
    bool fits(const Device& device, const coap::Message& frame);

    // ---- registrations.cpp: D21, D22, U13
    void on_accepted(Device& device, const Uplink& uplink, const coap::Message& answer);
    void on_registered(Device& device, const Uplink& uplink, const coap::Message& request,
                       const coap::Message& answer);
    void on_updated(Device& device, const Uplink& uplink, const coap::Message& request);
    void schedule_lifetimes(Device& device);
    void schedule_lifetime(Device& device, const Registration& registration);
    void lifetime_due(Device& device);
    void end_registration(Device& device, queueing::EndpointIndex endpoint);
    void end_requests(Device& device, queueing::EndpointIndex endpoint, WallTime before);
    void end_observations(Device& device, queueing::EndpointIndex endpoint);
    bool is_frozen(const Device& device) const;
    void end_bootstrap(Device& device);
    void reply_to_device(Device& device, coap::Message frame, const Via& via,
                         std::optional<Settles> settles, bool is_repetition = false);
    void end_uplink(Device& device, Uplink& uplink);
    const VirtualEndpoint* endpoint_for(const Device& device, bool bootstrap) const;

    // ---- configuration_life.cpp: the NIDD configuration of each device
    std::string destination_of(const Device& device) const;
    void create_configuration(Device& device);
    void create_waiting_configurations();
    void withdraw_configuration(const Operation& operation, const nidd::T8Answer& answer);
    void retry_configuration(Device& device, Duration pause);
    void granted(Device& device, std::optional<WallTime> until);
    void on_configuration_created(Device& device, const nidd::T8Answer& answer);
    void renew_configuration(Device& device);
    void on_configuration_renewed(Device& device, const nidd::T8Answer& answer);
    void configuration_due(Device& device);
    void on_configuration_status(Device& device,
                                 const nidd::NiddConfigurationStatusNotification& status);
    void lose_configuration(Device& device, NiddLink::Status status);
    void adopt_configuration(Device& device, std::string id, const nidd::NiddConfiguration& terms);
    void authorize_again(Device& device);

    // ---- configuration_audit.cpp: what the SCEF has of ours
    void on_configurations_listed(const ConfigurationsListed& event);
    void audit(Device& device, const std::vector<const nidd::NiddConfiguration*>& listed);
    void confirm_configuration(Device& device);
    void on_configuration_read(Device& device, const nidd::T8Answer& answer,
                               const std::string& configuration_id);
    void take_terms(Device& device, const nidd::NiddConfiguration& terms);
    void delete_orphan(std::size_t scef, const nidd::NiddConfiguration& configuration);

    // ---- restore.cpp
    bool restore_device(ByteView value);
    bool restore_message(ByteView value);
    bool restore_uplink(ByteView value);
    bool restore_observation(ByteView key, ByteView value);
    void resume_window(Device& device);
    void resume(Message& message);
    void remember_reply(const Message& reply, Instant forget_at);
    void resume_answers(Device& device);
    void resume_exchange(Device& device, Message& message, ServerExchange& exchange);
    void resume(Uplink& uplink);

    // ---- commands.cpp: the operator
    void on_provision(const ProvisionDevice& event);
    void on_remove(const RemoveDevice& event);
    void on_pause(const PauseDevice& event);
    void on_reachable(const DeviceReachable& event);
    void on_wake(const WakeDevice& event);
    void on_cancel(const CancelMessage& event);
    void on_purge(const PurgeMessages& event);
    void replace_spec(Device& device, DeviceSpec spec);
    Status resolve(DeviceSpec& spec, Device& device) const;
    void bind_quota(Device& device) const;
    void reply(ReplyId id, Result<CommandDone> result, Duration retry_after = {});

    // ---- quota_commands.cpp
    void on_lease_word(const LeaseWord& event);
    void on_set_quota(const SetQuota& event);
    void on_dry_run(const DryRunMessage& event);

    // ---- device_servers.cpp: which LwM2M servers a device has
    Status resolve_servers(DeviceSpec& spec) const;
    Status check_servers(const DeviceSpec& spec) const;
    bool is_used_by(const Device& device, queueing::EndpointIndex endpoint) const;
    Status may_leave(const Device& device, const DeviceSpec& wanted) const;
    void leave_servers(Device& device, const DeviceSpec& wanted);
    bool add_endpoints(Device& device);
    void complete_endpoints(Device& device);
    void bind_endpoints(Device& device) const;

    // ---- engine.cpp: turns, timers, tables
    void on_t8(const T8Completion& event);
    void on_time();
    void fire(const Timer& timer);
    void fire(const Timer& timer, Device& device, Message& message);
    void fire(const Timer& timer, Device& device, Uplink& uplink);
    void schedule(Instant due, TimerKind kind, queueing::DeviceIndex device,
                  const MessageId& id = MessageId());
    Instant instant_of(WallTime time) const;
    quota::QuotaTime quota_time() const { return quota_clock_.time(turn_->now); }
    Instant next_timer() const;
    void call_t8(Device&, Purpose, const MessageId& message, nidd::T8Request);
    MessageId make_id();
    Device* device_at(queueing::DeviceIndex index);
    Device* device_named(const ExternalId& id);
    Message* message_at(const MessageId& id);
    Uplink* uplink_at(const MessageId& id);
    Device* device_with_endpoint(queueing::EndpointIndex endpoint);
    void changed(Device& device);
    void changed(Message& message);
    void changed(Uplink& uplink);
    void usage_changed(Device& device);
    void release_idle(Device& device);
    void log(LogLine::Level level, std::string_view id, std::string text);
    void write_timeline(Message& message, std::string_view detail = {});
    void write_shard_record();
    void write_ended();
    void settle();
    void forget_dead_timers();
    Effects close_turn();

    ShardId shard_;
    std::shared_ptr<const Config> config_;
    DeviceTable devices_;
    MessageTable messages_;
    std::unordered_map<MessageId, std::unique_ptr<Uplink>> uplinks_;
    /// Our confirmable messages to servers by (endpoint, message id).
    std::map<std::pair<queueing::EndpointIndex, std::uint16_t>, MessageId> server_messages_;
    queueing::RequestHistory server_requests_, device_requests_;
    std::vector<Timer> timers_;          ///< a heap, the next one first
    std::size_t timers_checked_ = 1024;  ///< at this size dead timers are looked for
    DeviceTimers registration_timers_, configuration_timers_;  ///< of those kinds
    std::unordered_map<OperationId, Operation> operations_;
    std::vector<Instant> scef_blocked_until_;
    std::vector<std::uint32_t> scef_failures_;
    std::deque<queueing::DeviceIndex> configurations_waiting_;
    std::uint32_t configurations_open_ = 0;
    RemovedTokens removed_tokens_;
    IdempotencyKeys idempotency_;
    QuotaClock quota_clock_;
    ScopeQuotas scope_quotas_;
    UsageLedger usage_ledger_;
    Groups groups_;
    queueing::DeviceIndex next_device_ = 0;
    queueing::EndpointIndex next_endpoint_ = 0;
    OperationId next_operation_ = 1;
    MessageId last_id_;
    WallTime ids_reserved_until_{}, ids_from_{};
    std::uint64_t bytes_open_ = 0;
    EngineCounters counters_;
    // One turn.
    Turn* turn_ = nullptr;
    Effects out_;
    std::vector<MessageId> changed_messages_, changed_uplinks_;
    std::vector<queueing::DeviceIndex> changed_devices_;
    std::vector<std::unique_ptr<Message>> ended_messages_;  ///< until the turn ends
    std::vector<std::unique_ptr<Uplink>> ended_uplinks_;
};

}  // namespace scef::adapter
