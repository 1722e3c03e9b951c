#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/engine/announcer.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/uplink_rules.h"
#include "scef-adapter/engine/wake.h"

/// From the SCEF's notification to the engine: judged, deduplicated, told apart, and requests taken
/// to their server (docs/life-of-a-message.md, "Uplink").
namespace scef::adapter {

using queueing::RequestHistory;
using queueing::UplinkKind;

namespace {

constexpr Duration opaque_deduplication = std::chrono::seconds(5);  // an HTTP retry
constexpr Duration register_deduplication = std::chrono::seconds(60);
constexpr nidd::Capability nobodys{};

/// With 404, by what the notification is about.
nidd::Unknown what_is_unknown(const nidd::IncomingNotification& notification) {
    const bool is_of_transfer =
        std::holds_alternative<nidd::NiddDownlinkDataDeliveryStatusNotification>(notification.body);
    return is_of_transfer ? nidd::Unknown::transfer : nidd::Unknown::configuration;
}

/// Of a request on its way to `server`: it alone chose the path of the device's Update and
/// De-register.
lwm2m::Operation operation_of(const coap::Message& request, const VirtualEndpoint* server) {
    const bool is_registered = server != nullptr && server->registration;
    return lwm2m::classify_uplink(request,
                                  is_registered ? server->registration->location : std::string());
}

/// D26: a first Block2 request may ask for more than a frame to the device holds; the server then
/// answers in blocks that fit (RFC 7959 2.4 lets it choose smaller ones).
void shrink_block(const Device& device, coap::Message& request) {
    constexpr std::size_t response_overhead = 4 + coap::Token::size_max + 16;
    auto block = coap::Block::from(request, coap::options::block2);
    if (!block || block->number > 0 || request.find(coap::options::oscore) != nullptr) return;
    const std::size_t octets_max = device.frame_octets_max();
    while (block->size_exponent > 0 && block->size() + response_overhead > octets_max) {
        --block->size_exponent;
    }
    request.remove(coap::options::block2);
    request.add_uint(coap::options::block2, block->value());
}

}  // namespace

void Engine::on_notification(const ScefNotification& event) {
    const nidd::Capability& capability = event.notification.capability;
    Device* device = device_at(capability.device);
    // Who guesses a device that is not there is to wait for a comparison, too.
    const bool same = capability.proves(device != nullptr ? device->nidd.capability : nobodys);
    const bool proven = same && device != nullptr;
    const int status = proven ? judge_notification(*device, event.notification) : 404;
    if (proven) {
        ScefCounters& counters = counters_.scefs[device->scef];
        auto& counts =
            status == 204 ? counters.notifications_accepted : counters.notifications_refused;
        ++counts[event.notification.body.index()];
    }
    const nidd::Unknown unknown =
        proven ? what_is_unknown(event.notification) : nidd::Unknown::capability;
    out_.effects.emplace_back(NotificationReply{event.reply, {status, std::nullopt, unknown}});
}

int Engine::judge_notification(Device& device, const nidd::IncomingNotification& notification) {
    // While there is no configuration of ours the id is not known yet: the capability is proof
    // enough.
    const auto is_ours = [&](const std::string& link) {
        if (device.nidd.configuration_id.empty()) return true;
        return nidd::configuration_id_of(link) == device.nidd.configuration_id;
    };
    const auto names_device = [&](const std::string& external_id) {
        if (external_id.empty()) return true;  // by MSISDN: the capability names the device
        const auto id = ExternalId::parse(external_id);
        return id && *id == device.spec.external_id;
    };
    if (const auto* uplink = std::get_if<nidd::NiddUplinkDataNotification>(&notification.body)) {
        if (!is_ours(uplink->nidd_configuration) || !names_device(uplink->external_id)) return 404;
        on_uplink(device, *uplink);
        return 204;
    }
    if (const auto* status =
            std::get_if<nidd::NiddDownlinkDataDeliveryStatusNotification>(&notification.body)) {
        return on_delivery_status(device, *status);
    }
    if (const auto* status =
            std::get_if<nidd::NiddConfigurationStatusNotification>(&notification.body)) {
        if (!is_ours(status->nidd_configuration) || !names_device(status->external_id)) return 404;
        on_configuration_status(device, *status);
        return 204;
    }
    if (const auto* report =
            std::get_if<nidd::DeviceTriggeringDeliveryReport>(&notification.body)) {
        Wake(*this, device).on_trigger_report(*report);
    } else if (const auto* monitoring =
                   std::get_if<nidd::MonitoringNotification>(&notification.body)) {
        Wake(*this, device).on_monitoring(*monitoring);
    } else {
        ++counters_.test_notifications;
    }
    return 204;
}

void Engine::on_uplink(Device& device, const nidd::NiddUplinkDataNotification& notification) {
    ++counters_.uplinks;
    counters_.scefs[device.scef].uplink_bytes += notification.data.size();
    QuotaGate(*this, device).charge_uplink(notification.data.size());
    device.last_uplink = whole_milliseconds(turn_->wall);
    changed(device);
    if (std::exchange(device.parked, false)) changed(device);  // D22: it is back
    Via via;
    const bool names_ports = notification.rds_port.has_value();
    if (names_ports) {
        const VirtualEndpoint* named = device.endpoint_of_ports(*notification.rds_port);
        if (named != nullptr) via = named->index;
    }
    const bool is_leaving = leaves(device, notification.data, via);
    const bool closes = is_leaving || device.profile->release_assistance;
    const Duration timer =
        effective_reachability(device.profile->reachability, device.power).active_timer;
    // The network may have named a later end than its active timer.
    device.reachable_until =
        closes ? turn_->now
               : std::max(device.reachable_until, whole_milliseconds(turn_->now + timer));
    if (names_ports && !via) {
        ++counters_.uplink_unknown_ports;
        log(LogLine::Level::warning, "RDS_PORTS_UNKNOWN",
            LogFields()
                .add("device", device.spec.external_id.text())
                .add("port_ue", notification.rds_port->port_ue)
                .add("port_scef", notification.rds_port->port_scef)
                .text());
    } else {
        on_uplink_frame(device, notification.data, via);
    }
    end_retry_waits(device, !is_leaving);
    pump(device);
}

/// D18: the device is there, so waiting for a retry ends; one that is leaving hears replies only.
void Engine::end_retry_waits(Device& device, bool stays) {
    if (!device.activity) return;
    for (const MessageId& id : device.activity->messages) {
        Message* message = message_at(id);
        if (message != nullptr && message->queued_here && (stays || message->is_reply()) &&
            message->retry_at > turn_->wall) {
            message->retry_at = turn_->wall;
            changed(*message);
        }
    }
}

/// D18: a De-register opens no window; the device waits for its answer only. Unless it stays
/// registered at another server.
bool Engine::leaves(const Device& device, ByteView octets, const Via& via) const {
    if (device.spec.opaque) return false;
    const VirtualEndpoint* from = via ? device.endpoint_of(*via) : endpoint_for(device, false);
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (&endpoint != from && endpoint.registration) return false;
    }
    const auto frame = coap::parse(octets);
    return frame && frame->code.is_request() &&
           operation_of(*frame, from) == lwm2m::Operation::deregister;
}

void Engine::on_uplink_frame(Device& device, ByteView octets, const Via& via) {
    if (octets.empty()) {  // U12: the device is there, and says nothing
        ++counters_.uplink_malformed;
        return;
    }
    if (device.spec.opaque || !coap::looks_like_coap(octets))
        return on_opaque_uplink(device, octets, via);
    auto frame = coap::parse(octets);
    if (!frame) {
        ++counters_.uplink_malformed;
        if (frame.error().rejection == coap::Rejection::reset &&
            !QuotaGate(*this, device).is_short()) {
            reply_to_device(device, coap::make_reset(frame.error().message_id), via, std::nullopt);
        }
        return;
    }
    CoapCounters::count(counters_.coap.uplink, *frame);
    if (frame->code.is_empty()) return on_device_empty(device, *frame, via);
    const std::uint64_t content = stable_hash(octets);
    if (frame->type == coap::Type::confirmable || frame->type == coap::Type::non_confirmable) {
        const auto key = device_request_key(device.index, via, frame->message_id, content);
        if (const auto outcome = device_requests_.find(key, turn_->now)) {
            ++counters_.uplink_duplicates;
            usage_ledger_.received_is_about(Charge::Subject::uplink, outcome->message);
            return repeat_answer(device, outcome->answer, via);
        }
        const bool is_register = frame->code.is_request() &&
                                 lwm2m::classify_uplink(*frame) == lwm2m::Operation::register_;
        device_requests_.add(
            key, turn_->now + (is_register ? register_deduplication : coap::exchange_lifetime));
    }
    if (frame->code.is_request()) {
        return on_device_request(device, std::move(*frame), content, via);
    }
    on_device_response(device, *frame, content, via);
}

/// U1, U2: the answer once more if there is one and it does not wait already; otherwise nothing.
void Engine::repeat_answer(Device& device, ByteView answer, const Via& via) {
    if (answer.empty()) return;
    for (const MessageId& id : device.active().messages) {
        const Message* message = message_at(id);
        if (message != nullptr && message->is_reply() && message->via == via &&
            std::ranges::equal(message->octets(), answer)) {
            return;
        }
    }
    if (auto frame = coap::parse(answer)) {
        reply_to_device(device, std::move(*frame), via, std::nullopt, true);
    }
}

// ---- Requests of the device

/// Where an uplink without RDS ports goes: to a bootstrap server, else to the first LwM2M server.
const VirtualEndpoint* Engine::endpoint_for(const Device& device, bool bootstrap) const {
    if (!bootstrap) return device.endpoint_of_server(device.spec.server);
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (config_->lwm2m_servers[endpoint.server].bootstrap == bootstrap) return &endpoint;
    }
    return nullptr;
}

void Engine::on_device_request(Device& device, coap::Message request, std::uint64_t content,
                               const Via& via) {
    const lwm2m::Operation operation =
        operation_of(request, via ? device.endpoint_of(*via) : endpoint_for(device, false));
    const bool to_bootstrap = operation == lwm2m::Operation::bootstrap_request ||
                              operation == lwm2m::Operation::bootstrap_pack_request;
    const VirtualEndpoint* endpoint =
        via ? device.endpoint_of(*via) : endpoint_for(device, to_bootstrap);
    if (endpoint == nullptr) {
        return refuse_uplink(device, request, content, via, coap::codes::not_found);
    }
    if (operation == lwm2m::Operation::register_ && !accept_registration(device, request)) {
        return refuse_uplink(device, request, content, via, coap::codes::bad_request);
    }
    // Core TS 6.4. Not later: those made until the answer comes are of the new registration.
    if (operation == lwm2m::Operation::register_) {
        end_observations(device, endpoint->index);
    }
    if (operation == lwm2m::Operation::send) learn_in_passing(device, {}, request);
    shrink_block(device, request);
    const std::string binding(request.query("b").value_or(""));
    if (operation == lwm2m::Operation::register_ || operation == lwm2m::Operation::update) {
        rewrite_binding(*endpoint, request);
    }
    Uplink uplink;
    uplink.endpoint = endpoint->index;
    uplink.via = via;
    uplink.kind = UplinkKind::request;
    uplink.operation = operation;
    uplink.device_type = request.type;
    uplink.device_message_id = request.message_id;
    uplink.device_token = request.token;
    uplink.content = content;
    uplink.binding = binding;
    uplink.expires_at =
        turn_->wall + (lwm2m::is_registration(operation) ? registration_life : data_life);
    Uplink& placed = forward(device, std::move(uplink), std::move(request));
    if (placed.device_type == coap::Type::confirmable) {
        schedule(turn_->now + inside::device_ack_hint, TimerKind::uplink_slow, device.index,
                 placed.id);
    }
}

/// An answer of our own in the server's place.
void Engine::refuse_uplink(Device& device, const coap::Message& request, std::uint64_t content,
                           const Via& via, coap::Code code) {
    if (request.type != coap::Type::confirmable) return;
    reply_to_device(device, coap::make_response(request, code), via,
                    Settles{request.message_id, content});
}

/// U10: the endpoint name is provisioned, or learned at the first Register and pinned.
bool Engine::accept_registration(Device& device, coap::Message& request) {
    const auto name = request.query("ep");
    const std::string& expected =
        device.spec.endpoint.empty() ? device.pinned_endpoint_name : device.spec.endpoint;
    if (!name) {
        if (!expected.empty()) request.add_text(coap::options::uri_query, "ep=" + expected);
        return true;
    }
    if (expected.empty()) {
        device.pinned_endpoint_name = std::string(*name);
        changed(device);
        return true;
    }
    if (*name == expected) return true;
    ++counters_.endpoint_name_mismatches;
    log(LogLine::Level::warning, "ENDPOINT_NAME_MISMATCH",
        LogFields()
            .add("device", device.spec.external_id.text())
            .add("expected", expected)
            .add("got", *name)
            .text());
    return false;
}

/// U14: servers that refuse `N`, or fall silent because of `Q`.
void Engine::rewrite_binding(const VirtualEndpoint& endpoint, coap::Message& request) const {
    const BindingRewrite rewrite = config_->lwm2m_servers[endpoint.server].binding_rewrite;
    if (rewrite == BindingRewrite::keep || request.find(coap::options::oscore) != nullptr) return;
    std::vector<std::string> queries;
    for (const coap::Option& option : request.options) {
        if (option.number == coap::options::uri_query) queries.emplace_back(option.text());
    }
    request.remove(coap::options::uri_query);
    for (std::string& query : queries) {
        if (query == "Q") continue;
        if (rewrite == BindingRewrite::udp && query.starts_with("b=")) query = "b=U";
        request.add_text(coap::options::uri_query, query);
    }
}

// ---- Opaque frames

void Engine::on_opaque_uplink(Device& device, ByteView octets, const Via& via) {
    const VirtualEndpoint* endpoint = via ? device.endpoint_of(*via) : endpoint_for(device, false);
    if (endpoint == nullptr) return;
    const std::uint64_t content = stable_hash(octets);
    const auto key = device_request_key(device.index, via, 0, content);
    if (device_requests_.find(key, turn_->now)) {
        ++counters_.uplink_duplicates;
        return;
    }
    device_requests_.add(key, turn_->now + opaque_deduplication);
    Announcer(*this, device).on_opaque_uplink(octets);
    Uplink uplink;
    uplink.id = make_id();
    uplink.device = device.index;
    uplink.endpoint = endpoint->index;
    uplink.via = via;
    uplink.kind = UplinkKind::opaque;
    uplink.created_at = turn_->wall;
    uplink.expires_at = turn_->wall + data_life;
    uplink.datagram.assign(octets.begin(), octets.end());
    const MessageId id = uplink.id;
    Uplink& placed = *(uplinks_[id] = std::make_unique<Uplink>(std::move(uplink)));
    device.active().uplinks.push_back(id);
    usage_ledger_.received_is_about(Charge::Subject::uplink, id);
    changed(placed);
    transmit(device, placed);
}

}  // namespace scef::adapter
