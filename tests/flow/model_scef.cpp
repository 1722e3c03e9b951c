#include "tests/flow/model_scef.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/t8_json.h"

namespace scef::flow {

nidd::T8Answer http(int status, std::string body, std::string location) {
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.location = std::move(location);
    return answer;
}

nidd::T8Answer no_answer(nidd::T8Answer::Transport transport) {
    nidd::T8Answer answer;
    answer.transport = transport;
    return answer;
}

void ModelScef::attach(ModelDevice& device) {
    devices_[device.external_id()] = &device;
    connected[device.external_id()] = true;
    device.transmit = [this, id = device.external_id()](Bytes data,
                                                        std::optional<nidd::RdsPort> ports) {
        uplink(id, std::move(data), ports);
    };
}

std::string ModelScef::link(const std::string& configuration, const std::string& transfer) const {
    const std::string base = "/3gpp-nidd/v1/dm/configurations/" + configuration;
    return transfer.empty() ? base : base + "/downlink-data-deliveries/" + transfer;
}

void ModelScef::call(const nidd::T8Request& request, std::function<void(nidd::T8Answer)> done) {
    using Operation = nidd::T8Request::Operation;
    const bool is_delivery = request.operation == Operation::create_delivery ||
                             request.operation == Operation::replace_delivery;
    if (!is_delivery || connection_takes == Duration{}) return serve(request, std::move(done));
    bus_.after(connection_takes, [this, request, done = std::move(done)] {
        if (bus_.now() < request.not_after) return serve(request, done);
        done(no_answer(nidd::T8Answer::Transport::expired));
    });
}

void ModelScef::serve(const nidd::T8Request& request, std::function<void(nidd::T8Answer)> done) {
    const bool is_read = request.operation == nidd::T8Request::Operation::read_delivery;
    Duration delay = is_read ? read_takes : Duration{};
    nidd::T8Answer result = answer(request, delay);
    const bool denies_it = result.status == 404 || result.status == 410;
    if (denies_it && request.transfer_id.empty()) {
        configurations_.erase(request.configuration_id);  // it keeps its word
    }
    bus_.after(delay, [result = std::move(result), done = std::move(done)] { done(result); });
}

nidd::T8Answer ModelScef::answer(const nidd::T8Request& request, Duration& delay) {
    using Operation = nidd::T8Request::Operation;
    ++calls[request.operation];
    if (auto& waiting = scripted_[request.operation]; !waiting.empty()) {
        nidd::T8Answer next = std::move(waiting.front());
        waiting.pop_front();
        return next;
    }
    if (request.operation == Operation::create_configuration) return create(request);
    if (request.operation == Operation::create_trigger) {
        triggers.push_back(request.body);
        return http(trigger_status, "{}", "/3gpp-device-triggering/v1/dm/transactions/1");
    }
    if (request.operation == Operation::create_subscription) {
        subscriptions.push_back(request.body);
        return http(subscription_status, subscription_body,
                    "/3gpp-monitoring-event/v1/dm/subscriptions/1");
    }
    if (!configurations_.contains(request.configuration_id)) return http(404);
    switch (request.operation) {
        case Operation::patch_configuration:
            ++renewals;
            if (patch_fails) return http(503);
            if (const auto patch = nidd::parse_configuration(request.body);
                patch && !patch->rds_ports.empty()) {
                configurations_[request.configuration_id].ports = patch->rds_ports;
            }
            if (!grants) return http(204);
            {
                nidd::NiddConfiguration body;
                body.external_id = configurations_[request.configuration_id].external_id;
                body.notification_destination = "http://x/";
                body.duration = bus_.wall() + *grants;
                return http(200, nidd::to_json(body));
            }
        case Operation::read_configuration:
            for (const auto& one : list()) {
                if (one.self == link(request.configuration_id)) return http(200, to_json(one));
            }
            return http(404);
        case Operation::delete_configuration:
            configurations_.erase(request.configuration_id);
            return http(204);
        case Operation::create_delivery:
            return post(request, delay);
        case Operation::replace_delivery:
            return replace(request, delay);
        case Operation::read_delivery:
            return read(request);
        case Operation::list_deliveries:
            return list_transfers(request);
        case Operation::delete_delivery:
            ++withdrawals;
            if (delete_is_too_late) return http(409);
            return http(transfers_.erase(request.transfer_id) > 0 ? 204 : 404);
        default:
            return http(405);
    }
}

nidd::T8Answer ModelScef::list_transfers(const nidd::T8Request& request) const {
    if (list_fails) return http(503);
    std::string list = "[";
    for (const auto& [id, transfer] : transfers_) {
        if (transfer.configuration != request.configuration_id) continue;
        nidd::NiddDownlinkDataTransfer entry;
        entry.self = link(request.configuration_id, id);
        entry.external_id = transfer.external_id;
        entry.data = transfer.data;
        entry.rds_port = transfer.ports;
        list += (list.size() > 1 ? "," : "") + nidd::to_json(entry);
    }
    return http(200, list + "]");
}

nidd::T8Answer ModelScef::create(const nidd::T8Request& request) {
    ++creations;
    if (refuses_configurations) return http(403, R"({"cause":"NOT_AUTHORIZED"})");
    auto wanted = nidd::parse_configuration(request.body);
    if (!wanted) return http(400);
    const std::string id = "c" + std::to_string(next_++);
    const auto& destination = wanted->notification_destination;
    const auto capability = nidd::Capability::parse(destination.substr(destination.rfind('/') + 1));
    if (!capability) return http(400);
    if (refuses_duplicates &&
        std::any_of(configurations_.begin(), configurations_.end(), [&](const auto& known) {
            return known.second.external_id == wanted->external_id;
        })) {
        return http(409);
    }
    configurations_[id] = {wanted->external_id, destination, *capability, wanted->rds_ports};
    if (std::exchange(creates_without_word, false)) {
        return no_answer(nidd::T8Answer::Transport::ambiguous);
    }
    wanted->self = link(id);
    if (grants) wanted->duration = bus_.wall() + *grants;
    if (packet_bits > 0) wanted->maximum_packet_size = packet_bits;
    nidd::T8Answer created = http(201, nidd::to_json(*wanted), link(id));
    if (changes_creation) changes_creation(created);
    return created;
}

nidd::T8Answer ModelScef::post(const nidd::T8Request& request, Duration& delay) {
    ++posts;
    const auto transfer = nidd::parse_transfer(request.body);
    if (!transfer) return http(400);
    posted.push_back(*transfer);
    const auto& known = configurations_[request.configuration_id].ports;
    if (transfer->rds_port &&
        std::find(known.begin(), known.end(), *transfer->rds_port) == known.end()) {
        return http(403, R"({"cause":"RDS_PORT_UNKNOWN"})");
    }
    if (faults_.empty()) return accept(request.configuration_id, *transfer);
    const Fault fault = faults_.front();
    faults_.pop_front();
    delay = fault.delay;
    nidd::T8Answer answer = faulty(fault, request.configuration_id, *transfer);
    if (fault.change) fault.change(answer);
    return answer;
}

nidd::T8Answer ModelScef::faulty(const Fault& fault, const std::string& configuration,
                                 const nidd::NiddDownlinkDataTransfer& transfer) {
    nidd::T8Answer taken;
    if (fault.takes_it) taken = accept(configuration, transfer);
    if (fault.without_location) {
        taken.location.clear();
        taken.body = R"({"deliveryStatus":"BUFFERING"})";
        return taken;
    }
    const bool answers = fault.transport == nidd::T8Answer::Transport::answered;
    return answers && fault.status == 0 ? taken : wrong(fault);
}

nidd::T8Answer ModelScef::wrong(const Fault& fault) const {
    if (fault.transport != nidd::T8Answer::Transport::answered) {
        nidd::T8Answer answer = no_answer(fault.transport);
        answer.retry_after = fault.retry_after;
        return answer;
    }
    nidd::T8Answer answer = http(fault.status, fault.body);
    if (!fault.cause.empty()) answer.body = R"({"cause":")" + fault.cause + R"("})";
    answer.retry_after = fault.retry_after;
    if (fault.retransmit_in) {
        answer.body = R"({"problemDetail":{"cause":"TEMPORARILY_NOT_REACHABLE"},)"
                      R"("requestedRetransmissionTime":")" +
                      to_rfc3339(bus_.wall() + *fault.retransmit_in) + R"("})";
    }
    return answer;
}

/// What is buffered is exchanged at once, even if the answer takes its time.
nidd::T8Answer ModelScef::replace(const nidd::T8Request& request, Duration& delay) {
    ++puts;
    const auto wanted = nidd::parse_transfer(request.body);
    if (!wanted) return http(400);
    std::optional<Fault> fault;
    if (!put_faults_.empty()) {
        fault = put_faults_.front();
        put_faults_.pop_front();
        delay = fault->delay;
    }
    const auto found = transfers_.find(request.transfer_id);
    if (found != transfers_.end() && (!fault || fault->takes_it)) {
        found->second.data = wanted->data;
        found->second.ports = wanted->rds_port;
        found->second.expires_at =
            bus_.wall() + std::chrono::seconds(wanted->maximum_latency.value_or(0));
    }
    const bool only_slow =
        fault && fault->status == 0 && fault->transport == nidd::T8Answer::Transport::answered;
    if (fault && !only_slow) return wrong(*fault);
    return http(found == transfers_.end() ? 404 : 204);
}

nidd::T8Answer ModelScef::read(const nidd::T8Request& request) {
    ++reads;
    if (read_fails) return http(503);
    const auto found = transfers_.find(request.transfer_id);
    if (found == transfers_.end()) return http(404);
    nidd::NiddDownlinkDataTransfer body;
    body.self = link(request.configuration_id, found->first);
    body.external_id = found->second.external_id;
    body.data = found->second.data;
    body.rds_port = found->second.ports;
    return http(200, nidd::to_json(body));
}

nidd::T8Answer ModelScef::accept(const std::string& configuration,
                                 const nidd::NiddDownlinkDataTransfer& transfer) {
    nidd::NiddDownlinkDataTransfer body = transfer;
    if (connected[transfer.external_id]) {
        on_air(transfer.external_id, transfer.data, transfer.rds_port);
        body.delivery_status = nidd::DeliveryStatus{"SUCCESS_NEXT_HOP_ACKNOWLEDGED"};
        return http(200, R"({"deliveryStatus":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})");
    }
    const std::string id = "t" + std::to_string(next_++);
    transfers_[id] = {configuration, transfer.external_id, transfer.data,
                      bus_.wall() + std::chrono::seconds(transfer.maximum_latency.value_or(0)),
                      transfer.rds_port};
    return http(201, R"({"deliveryStatus":"BUFFERING_TEMPORARILY_NOT_REACHABLE"})",
                link(configuration, id));
}

void ModelScef::on_air(const std::string& external_id, const Bytes& data,
                       std::optional<nidd::RdsPort> ports) {
    bus_.after(
        {}, [this, external_id, data, ports] { devices_.at(external_id)->receive(data, ports); });
}

std::vector<nidd::RdsPort> ModelScef::ports_of(const std::string& external_id) const {
    for (const auto& [id, configuration] : configurations_) {
        if (configuration.external_id == external_id) return configuration.ports;
    }
    return {};
}

void ModelScef::deliver_buffered(const std::string& external_id) {
    for (auto it = transfers_.begin(); it != transfers_.end();) {
        if (it->second.external_id != external_id) {
            ++it;
            continue;
        }
        const bool in_time = it->second.expires_at > bus_.wall();
        if (in_time) on_air(external_id, it->second.data, it->second.ports);
        nidd::NiddDownlinkDataDeliveryStatusNotification status;
        status.nidd_downlink_data_transfer = link(it->second.configuration, it->first);
        status.delivery_status.text = in_time ? "SUCCESS_NEXT_HOP_ACKNOWLEDGED" : "FAILURE_TIMEOUT";
        notify(it->second.configuration, status);
        it = transfers_.erase(it);
    }
}

void ModelScef::tell_status(const std::string& transfer, const std::string& status,
                            std::optional<Duration> retransmit_in) {
    if (configurations_.empty()) return;
    const std::string configuration = configurations_.rbegin()->first;
    nidd::NiddDownlinkDataDeliveryStatusNotification body;
    body.nidd_downlink_data_transfer = link(configuration, transfer);
    body.delivery_status.text = status;
    if (retransmit_in) body.requested_retransmission_time = bus_.wall() + *retransmit_in;
    transfers_.erase(transfer);
    notify(configuration, body);
}

void ModelScef::tell_configuration(const std::string& status) {
    const std::string configuration = configurations_.rbegin()->first;
    nidd::NiddConfigurationStatusNotification body;
    body.nidd_configuration = link(configuration);
    body.external_id = configurations_[configuration].external_id;
    body.status = status;
    notify(configuration, body);
    if (!status.starts_with("TERMINATED")) return;
    configurations_.erase(configuration);
    std::erase_if(transfers_,
                  [&](const auto& t) { return t.second.configuration == configuration; });
}

void ModelScef::tell(const std::string& external_id, nidd::Notification body) {
    for (const auto& [id, configuration] : configurations_) {
        if (configuration.external_id == external_id) return notify(id, std::move(body));
    }
}

std::vector<nidd::NiddConfiguration> ModelScef::list() const {
    std::vector<nidd::NiddConfiguration> all;
    for (const auto& [id, configuration] : configurations_) {
        nidd::NiddConfiguration& one = all.emplace_back();
        one.self = link(id);
        one.external_id = configuration.external_id;
        one.notification_destination = configuration.destination;
        one.status = "ACTIVE";
        one.duration = bus_.wall() + grants.value_or(std::chrono::hours(24 * 30));
        if (packet_bits > 0) one.maximum_packet_size = packet_bits;
    }
    return all;
}

std::string ModelScef::add_configuration(const std::string& external_id, std::string destination) {
    const std::string id = "c" + std::to_string(next_++);
    configurations_[id] = {external_id, std::move(destination), {}, {}};
    return id;
}

void ModelScef::notify(const std::string& configuration, nidd::Notification body) {
    const auto found = configurations_.find(configuration);
    if (found == configurations_.end()) return;
    bus_.after({}, [this, capability = found->second.capability, body = std::move(body)] {
        const adapter::ReplyId reply = next_reply_++;
        untold_[reply] = {reply, {capability, body}};
        bus_.deliver(untold_[reply]);
    });
}

void ModelScef::on_verdict(adapter::ReplyId reply, int status) {
    verdicts.push_back(status);
    untold_.erase(reply);
}

void ModelScef::repeat_notifications() {
    for (const auto& [reply, event] : untold_) {
        bus_.after({}, [this, e = event] { bus_.deliver(e); });
    }
}

void ModelScef::uplink(const std::string& external_id, Bytes data,
                       std::optional<nidd::RdsPort> ports) {
    for (const auto& [id, configuration] : configurations_) {
        if (configuration.external_id != external_id) continue;
        nidd::NiddUplinkDataNotification body;
        body.nidd_configuration = link(id);
        body.external_id = external_id;
        body.data = std::move(data);
        body.rds_port = ports;
        return notify(id, std::move(body));
    }
}

}  // namespace scef::flow
