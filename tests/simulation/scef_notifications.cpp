#include <iterator>

#include "tests/simulation/oracle.h"
#include "tests/simulation/scef_model.h"

/// The SCEF's other half: what it holds, delivers and tells.
namespace scef::simulation {

namespace {

const char* one_of(std::span<const char* const> list, Random& random) {
    return list[random.below(list.size())];
}

constexpr int times_told = 40;

}  // namespace

std::string ScefModel::take(const nidd::T8Request& request,
                            const nidd::NiddDownlinkDataTransfer& transfer) {
    const std::string id = "t" + std::to_string(next_++);
    transfers_[id] = {request.configuration_id, transfer.external_id, transfer.data};
    end_at(id, transfers_[id], std::chrono::seconds(transfer.maximum_latency.value_or(0)));
    if (stage_.chance(stage_.weather.statuses)) {  // news of no consequence
        stage_.after(stage_.between(10ms, 20s), [this, id] {
            const auto found = transfers_.find(id);
            if (found == transfers_.end()) return;
            tell_status(id, found->second, one_of(pending_statuses(), stage_.random));
        });
    }
    return id;
}

void ScefModel::end_at(const std::string& id, Transfer& transfer, Duration latency) {
    transfer.ends_at = stage_.now + latency;
    stage_.after(latency, [this, id] { time_out(id); });
}

void ScefModel::time_out(const std::string& id) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end() || found->second.ends_at > stage_.now) return;
    const Transfer transfer = found->second;
    transfers_.erase(found);
    if (stage_.fault(Fault::t8_status_missing, stage_.weather.statuses)) return;
    tell_status(id, transfer, "FAILURE_TIMEOUT");
}

void ScefModel::on_air(const std::string& external_id, const Bytes& data) {
    DeviceModel* device = devices_.at(external_id);
    oracle_.air.on_air(data);
    if (stage_.fault(Fault::frame_lost, stage_.weather.radio_lost)) return;
    const int copies = stage_.fault(Fault::frame_doubled, stage_.weather.radio_doubled) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        stage_.after(stage_.between(10ms, 600ms), [device, data] { device->receive(data); });
    }
}

void ScefModel::deliver_held(const std::string& external_id) {
    std::vector<std::string> held;
    for (const auto& [id, transfer] : transfers_) {
        if (transfer.external_id == external_id) held.push_back(id);
    }
    for (const std::string& id : held) end_transfer(id);
}

/// It goes on the air, or does not; and its status says so, or does not.
void ScefModel::end_transfer(const std::string& id) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    const Transfer transfer = found->second;
    transfers_.erase(found);
    const unsigned wrong = stage_.weather.statuses;
    const bool fails = stage_.chance(wrong);
    if (!fails || stage_.fault(Fault::t8_status_contradicts, wrong)) {
        on_air(transfer.external_id, transfer.data);
    }
    if (stage_.fault(Fault::t8_status_missing, wrong / 2)) return;
    tell_status(id, transfer,
                one_of(fails ? failure_statuses() : success_statuses(), stage_.random));
    if (stage_.fault(Fault::t8_status_doubled, wrong)) {
        const char* again = stage_.chance(500) ? one_of(success_statuses(), stage_.random)
                                               : one_of(failure_statuses(), stage_.random);
        stage_.after(stage_.between(1ms, 100s),
                     [this, id, transfer, again] { tell_status(id, transfer, again); });
    }
}

void ScefModel::tell_status(const std::string& id, const Transfer& transfer,
                            const std::string& status) {
    nidd::NiddDownlinkDataDeliveryStatusNotification body;
    body.nidd_downlink_data_transfer = link(transfer.configuration, id);
    body.delivery_status.text = status;
    if (body.delivery_status.is_failure() && status != "FAILURE_TIMEOUT") {
        oracle_.ledger.on_failure_status(transfer.data);
        oracle_.air.on_failure_status(transfer.data);
        if (stage_.chance(300)) {
            body.requested_retransmission_time = stage_.wall() + stage_.between(1s, 200s);
        }
    }
    notify(transfer.configuration, std::move(body));
}

void ScefModel::uplink(const std::string& external_id, Bytes data) {
    const std::string* id = configuration_of(external_id);
    if (id == nullptr) return;
    ++stage_.coverage.uplinks;
    nidd::NiddUplinkDataNotification body;
    body.nidd_configuration = link(*id);
    body.external_id = external_id;
    body.data = std::move(data);
    notify(*id, std::move(body));
}

void ScefModel::notify(const std::string& configuration, nidd::Notification body) {
    const auto found = configurations_.find(configuration);
    if (found == configurations_.end()) return;
    const std::uint64_t number = next_++;
    untold_[number] = {{found->second.capability, std::move(body)}, found->second.external_id};
    stage_.after(stage_.between(1ms, 30ms), [this, number] { tell(number); });
}

/// Until it is answered: the adapter may be down, or die before it answers.
void ScefModel::tell(std::uint64_t number) {
    const auto found = untold_.find(number);
    if (found == untold_.end()) return;
    Untold& untold = found->second;
    if (untold.times++ >= times_told) {
        untold_.erase(found);
        return;
    }
    if (untold.times > 1) stage_.coverage.count(Fault::notification_repeated);
    const adapter::ReplyId reply = next_reply_++;
    untold.last_reply = reply;
    replies_[reply] = number;
    stage_.after(stage_.between(5s, 20s), [this, number] { tell(number); });
    entrance_.take(adapter::ScefNotification{reply, untold.notification});
}

void ScefModel::on_verdict(adapter::ReplyId reply, int status) {
    const auto told = replies_.find(reply);
    if (told == replies_.end()) return;
    const auto found = untold_.find(told->second);
    replies_.erase(told);
    if (found == untold_.end()) return;
    const auto* uplink =
        std::get_if<nidd::NiddUplinkDataNotification>(&found->second.notification.body);
    if (uplink == nullptr) {
        if (status == 204 || found->second.times > 3) untold_.erase(found);
        return;
    }
    const std::string external_id = found->second.external_id;
    const Bytes data = uplink->data;
    const std::uint32_t index = found->second.notification.capability.device;
    untold_.erase(found);
    if (status != 204) return;
    const Moment moment{stage_.now, stage_.wall()};
    const auto name = [](ByteView octets) { return std::string(as_text(octets)); };
    if (devices_.at(external_id)->is_opaque()) {
        return oracle_.uplinks.on_accepted(external_id, UplinkCheck::Kind::opaque, name(data), {},
                                           moment);
    }
    const auto frame = coap::parse(data);
    if (!frame || frame->payload.empty() || frame->type == coap::Type::acknowledgement) return;
    if (frame->code.is_request() && frame->path_text() == "/dp") {
        oracle_.uplinks.on_accepted(external_id, UplinkCheck::Kind::data, name(frame->payload),
                                    frame->token, moment);
    } else if (frame->payload[0] == 'n') {
        oracle_.uplinks.on_accepted(external_id, UplinkCheck::Kind::notification,
                                    name(frame->payload), frame->token, moment,
                                    UplinkCheck::Origin{index, frame->message_id});
    }
}

void ScefModel::forget_configuration(const std::string& external_id) {
    const auto newest = newest_.find(external_id);
    if (newest == newest_.end()) return;
    const std::string id = newest->second;
    newest_.erase(newest);
    std::erase_if(transfers_, [&](const auto& entry) { return entry.second.configuration == id; });
    configurations_.erase(id);
}

void ScefModel::terminate_configuration(const std::string& external_id, const char* status) {
    const std::string* id = configuration_of(external_id);
    if (id == nullptr) return;
    nidd::NiddConfigurationStatusNotification body;
    body.nidd_configuration = link(*id);
    body.external_id = external_id;
    body.status = status;
    notify(*id, std::move(body));
    forget_configuration(external_id);
}

void ScefModel::tell_active(const std::string& external_id) {
    const std::string* id = configuration_of(external_id);
    if (id == nullptr) return;
    nidd::NiddConfigurationStatusNotification body;
    body.nidd_configuration = link(*id);
    body.external_id = external_id;
    body.status = "ACTIVE";
    notify(*id, std::move(body));
}

}  // namespace scef::simulation
