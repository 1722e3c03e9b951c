#include "scef-adapter/engine/usage_ledger.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace scef::adapter {
namespace {

using Subject = Charge::Subject;

Charge charge_of(const queueing::Message& message, std::uint64_t octets, std::uint64_t counted) {
    Charge charge;
    charge.direction = Direction::downlink;
    charge.octets = static_cast<std::uint32_t>(octets);
    charge.octets_counted = static_cast<std::uint32_t>(counted);
    charge.attempt = message.attempts;
    charge.subject = Subject::message;
    charge.subject_id = message.id;
    return charge;
}

}  // namespace

void UsageLedger::add(const Device& device, Charge charge) {
    if (!is_kept_) return;
    charge.external_id = device.spec.external_id.text();
    charges_.push_back(std::move(charge));
}

void UsageLedger::sent(const Device& device, const queueing::Message& message, std::uint64_t octets,
                       std::uint64_t counted) {
    add(device, charge_of(message, octets, counted));
}

void UsageLedger::sent_more(const Device& device, const queueing::Message& message,
                            std::uint64_t octets, std::uint64_t counted) {
    Charge charge = charge_of(message, octets, counted);
    charge.is_frame = false;
    add(device, std::move(charge));
}

void UsageLedger::received(const Device& device, std::uint64_t octets, std::uint64_t counted) {
    Charge charge;
    charge.direction = Direction::uplink;
    charge.octets = static_cast<std::uint32_t>(octets);
    charge.octets_counted = static_cast<std::uint32_t>(counted);
    add(device, std::move(charge));
}

void UsageLedger::received_is_about(Subject subject, const MessageId& id) {
    if (id.empty()) return;
    const auto frame = std::find_if(charges_.rbegin(), charges_.rend(), [](const Charge& charge) {
        return charge.direction == Direction::uplink;
    });
    if (frame == charges_.rend() || frame->subject != Subject::none) return;
    frame->subject = subject;
    frame->subject_id = id;
}

void UsageLedger::write(queueing::Batch& batch, const Turn& turn) {
    const auto millisecond = std::chrono::floor<std::chrono::milliseconds>(turn.wall);
    for (Charge& charge : charges_) {
        const bool follows = !last_id_.empty() && last_id_.created_at() == millisecond;
        last_id_ = follows ? last_id_.next() : MessageId::make(batch.shard, turn);
        charge.id = last_id_;
        batch.put(queueing::RecordKind::charge, charge_key(charge.id), to_record(charge));
    }
    charges_.clear();
}

}  // namespace scef::adapter
