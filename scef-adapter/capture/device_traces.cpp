#include "scef-adapter/capture/device_traces.h"

#include <algorithm>

#include "lwm2m-core/coap/summary.h"
#include "lwm2m-core/vocabulary/log_fields.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "queueing/message.h"

namespace scef::adapter {

using queueing::RecordKind;

namespace {

std::string frame_text(ByteView octets) { return coap::summary(octets, coap::Payload::size); }

/// What a notification says, without its links.
class NotificationWords {
public:
    void operator()(const nidd::NiddUplinkDataNotification& uplink) {
        fields.add("kind", "uplink").add("octets", uplink.data.size());
        fields.add("frame", frame_text(uplink.data));
    }
    void operator()(const nidd::NiddDownlinkDataDeliveryStatusNotification& status) {
        fields.add("kind", "delivery_status").add("status", status.delivery_status.text);
    }
    void operator()(const nidd::NiddConfigurationStatusNotification& status) {
        fields.add("kind", "configuration_status").add("status", status.status);
    }
    void operator()(const nidd::TestNotification&) { fields.add("kind", "test"); }
    void operator()(const nidd::DeviceTriggeringDeliveryReport& report) {
        fields.add("kind", "trigger_report").add("result", report.result);
    }
    void operator()(const nidd::MonitoringNotification&) { fields.add("kind", "monitoring"); }

    LogFields fields;
};

std::string_view transport_name(nidd::T8Answer::Transport transport) {
    using Transport = nidd::T8Answer::Transport;
    if (transport == Transport::expired) return "expired";
    return transport == Transport::not_sent ? "not_sent" : "ambiguous";
}

}  // namespace

// ---- Which devices

Status DeviceTraces::start(const Device& device, Duration duration, const Turn& now) {
    forget_over(now.now);
    const std::string& id = device.spec.external_id.text();
    if (!traced_.contains(id) && traced_.size() == devices_max) {
        return fail(Errc::unavailable,
                    "too many devices are traced at once; end another trace first");
    }
    Traced& traced = traced_[id];
    traced.index = device.index;
    traced.capability = device.nidd.capability;
    traced.endpoints.clear();
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        traced.endpoints.push_back(endpoint.index);
    }
    traced.until = now.now + std::min(duration, duration_max);
    write(traced, "started",
          LogFields().add("until", to_rfc3339(now.wall + (traced.until - now.now))).text());
    traced.state = state_of(device);
    write(traced, "state", traced.state);
    return {};
}

bool DeviceTraces::stop(const ExternalId& device) {
    if (!traced_.contains(device.text())) return false;
    end(device.text());
    return true;
}

void DeviceTraces::end(const std::string& name) {
    const auto found = traced_.find(name);
    write(found->second, "ended", "");
    std::erase_if(calls_, [&](const auto& call) { return call.second == found->second.index; });
    traced_.erase(found);
}

void DeviceTraces::forget_over(Instant now) {
    std::vector<std::string> over;
    for (const auto& [name, traced] : traced_) {
        if (now >= traced.until) over.push_back(name);
    }
    for (const std::string& name : over) end(name);
}

DeviceTraces::Traced* DeviceTraces::traced_at(queueing::DeviceIndex index) {
    const auto found = std::find_if(traced_.begin(), traced_.end(),
                                    [&](const auto& entry) { return entry.second.index == index; });
    return found == traced_.end() ? nullptr : &found->second;
}

void DeviceTraces::write(const Traced& traced, std::string_view what, const std::string& fields) {
    const auto entry = std::find_if(traced_.begin(), traced_.end(), [&](const auto& candidate) {
        return &candidate.second == &traced;
    });
    std::string text = LogFields().add("device", entry->first).add("event", what).text();
    if (!fields.empty()) (text += ' ') += fields;
    write_({LogLine::Level::info, "DEVICE_TRACE", std::move(text)});
}

// ---- What passes

void DeviceTraces::on_datagram(queueing::EndpointIndex endpoint, bool from_device,
                               const SocketAddress& peer, ByteView octets, const Turn& now) {
    forget_over(now.now);
    for (const auto& [name, traced] : traced_) {
        const auto& own = traced.endpoints;
        if (std::find(own.begin(), own.end(), endpoint) == own.end()) continue;
        write(traced, from_device ? "to_server" : "from_server",
              LogFields()
                  .add("peer", peer.text())
                  .add("octets", octets.size())
                  .add("frame", frame_text(octets))
                  .text());
    }
}

void DeviceTraces::on_notification(const nidd::IncomingNotification& notification,
                                   const Turn& now) {
    forget_over(now.now);
    for (const auto& [name, traced] : traced_) {
        if (!notification.capability.proves(traced.capability)) continue;
        NotificationWords words;
        std::visit(words, notification.body);
        write(traced, "notification", words.fields.text());
    }
}

void DeviceTraces::on_call(const CallT8& call, const Turn& now) {
    forget_over(now.now);
    const Traced* traced = call.device ? traced_at(*call.device) : nullptr;
    if (traced == nullptr) return;
    calls_[call.operation] = traced->index;
    using Operation = nidd::T8Request::Operation;
    LogFields fields;
    fields.add("call", call.operation).add("operation", name_of(call.request.operation));
    const bool has_frame = call.request.operation == Operation::create_delivery ||
                           call.request.operation == Operation::replace_delivery;
    if (!call.request.transfer_id.empty()) fields.add("transfer", call.request.transfer_id);
    if (const auto transfer = has_frame ? nidd::parse_transfer(call.request.body)
                                        : fail(Errc::not_found, "no frame")) {
        fields.add("octets", transfer->data.size()).add("frame", frame_text(transfer->data));
    }
    write(*traced, "t8_call", fields.text());
}

void DeviceTraces::on_answer(OperationId operation, const nidd::T8Answer& answer) {
    const auto call = calls_.find(operation);
    if (call == calls_.end()) return;
    const Traced* traced = traced_at(call->second);
    calls_.erase(call);
    if (traced == nullptr) return;
    LogFields fields;
    fields.add("call", operation);
    if (answer.transport == nidd::T8Answer::Transport::answered) {
        fields.add("status", answer.status);
    } else {
        fields.add("transport", transport_name(answer.transport)).add("error", answer.error);
    }
    write(*traced, "t8_answer", fields.text());
}

// ---- What becomes of it

std::string DeviceTraces::state_of(const Device& device) {
    LogFields fields;
    fields.add("configuration", scef::adapter::name_of(device.nidd.status));
    if (!device.nidd.last_cause.empty()) fields.add("cause", device.nidd.last_cause);
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (endpoint.registration) fields.add("registered", endpoint.server_name);
    }
    if (device.paused) fields.add("paused", "true");
    if (device.parked) fields.add("parked", "true");
    return fields.text();
}

void DeviceTraces::on_message(const queueing::Message& message, bool is_final) {
    Traced* traced = traced_at(message.device);
    if (traced == nullptr) return;
    LogFields fields;
    fields.add("message", message.id.text()).add("state", name_of(message.state));
    fields.add("level", name_of(message.level)).add("reason", name_of(message.reason));
    fields.add("attempts", message.attempts);
    if (!message.transfer_id.empty()) fields.add("transfer", message.transfer_id);
    if (std::string& last = traced->messages[message.id]; last != fields.text()) {
        last = fields.text();
        write(*traced, "message", last);
    }
    if (is_final) traced->messages.erase(message.id);
}

void DeviceTraces::on_turn(const Engine& engine, const queueing::Batch& batch, const Turn& now) {
    forget_over(now.now);
    for (const queueing::RecordWrite& record : batch.writes) {
        const bool is_final = record.kind == RecordKind::final_message;
        if (!record.value || (record.kind != RecordKind::message && !is_final)) continue;
        if (const auto message = queueing::message_from_record(*record.value)) {
            on_message(*message, is_final);
        }
    }
    std::vector<std::string> removed;
    for (auto& [name, traced] : traced_) {
        const DeviceView device = engine.find_device(traced.index);
        if (!device || device->spec.external_id.text() != name) {
            removed.push_back(name);
            continue;
        }
        std::string state = state_of(*device);
        if (state == traced.state) continue;
        traced.state = std::move(state);
        write(traced, "state", traced.state);
    }
    for (const std::string& name : removed) end(name);
}

}  // namespace scef::adapter
