#include "simulators/scef-simulator/deliveries.h"

#include <algorithm>
#include <utility>

namespace scef::scef_simulator {
namespace {

/// A transfer without priority stands in the middle of those with one.
std::int64_t priority_of(const Delivery& delivery) {
    return delivery.transfer.priority.value_or(0);
}

}  // namespace

void Deliveries::add(UeRecord& record, Delivery delivery) {
    record.queue.push_back(delivery.id);
    DeliveryId id = delivery.id;
    by_id_.emplace(std::move(id), std::move(delivery));
}

const Delivery* Deliveries::resource(const DeliveryId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() || !found->second.answered ? nullptr : &found->second;
}

void Deliveries::accept(Delivery& delivery, std::string status) {
    delivery.status = std::move(status);
    if (delivery.answered) return;
    delivery.answered = true;
    effects_.emplace_back(DeliveryAnswer{delivery.id, 201, delivery, "", "", std::nullopt});
}

void Deliveries::finish(UeRecord& record, const DeliveryId& id, std::string status) {
    Delivery& delivery = by_id_.at(id);
    delivery.status = std::move(status);
    if (delivery.answered) {
        effects_.emplace_back(DeliveryFinished{delivery});
    } else {
        effects_.emplace_back(DeliveryAnswer{id, 200, delivery, "", "", std::nullopt});
    }
    remove(record, id);
}

void Deliveries::refuse(UeRecord& record, const DeliveryId& id, int status, std::string cause,
                        std::string detail) {
    const Delivery& delivery = by_id_.at(id);
    effects_.emplace_back(DeliveryAnswer{id, status, delivery, std::move(cause), std::move(detail),
                                         delivery.requested_retransmission_time});
    remove(record, id);
}

void Deliveries::fail(UeRecord& record, const DeliveryId& id, const char* status, const char* cause,
                      std::string detail, std::optional<WallTime> again) {
    Delivery& delivery = by_id_.at(id);
    delivery.requested_retransmission_time = again;
    if (delivery.answered) return finish(record, id, status);
    refuse(record, id, 500, cause, std::move(detail));
}

void Deliveries::on_pdn_connection_lost(const UeRecord& record) {
    for (const DeliveryId& queued : record.queue) {
        Delivery& delivery = by_id_.at(queued);
        const bool triggers = delivery.pdn_establishment_option == "SEND_TRIGGER";
        if (triggers && delivery.answered && !delivery.awaits_ue_until) delivery.status = "SENDING";
    }
}

void Deliveries::remove(UeRecord& record, const DeliveryId& id) {
    const DeliveryId removed = id;
    if (record.is_flying(removed)) record.flight.reset();
    std::erase(record.queue, removed);
    by_id_.erase(removed);
}

Delivery* Deliveries::next_of(const UeRecord& record) {
    if (record.flight) return nullptr;
    for (const DeliveryId& queued : record.queue) {
        Delivery& delivery = by_id_.at(queued);
        if (!delivery.awaits_ue_until) return &delivery;
    }
    return nullptr;
}

Deliveries::Backlog Deliveries::backlog_of(const UeRecord& record,
                                           const DeliveryId& without) const {
    Backlog backlog;
    for (const DeliveryId& queued : record.queue) {
        const Delivery& delivery = by_id_.at(queued);
        if (delivery.sequence || queued == without) continue;
        backlog.messages += 1;
        backlog.octets += delivery.transfer.data.size();
    }
    return backlog;
}

std::size_t Deliveries::buffered_octets(const UeRecord& record) const {
    std::size_t octets = 0;
    for (const Delivery* delivery : buffered(record)) octets += delivery->transfer.data.size();
    return octets;
}

bool Deliveries::make_room(UeRecord& record, const Delivery& wanted) {
    const BufferLimits& limits = record.profile.buffer;
    std::vector<const Delivery*> kept = buffered(record);
    std::erase(kept, &wanted);
    std::size_t octets = wanted.transfer.data.size();
    for (const Delivery* delivery : kept) octets += delivery->transfer.data.size();
    std::stable_sort(kept.begin(), kept.end(), [](const Delivery* left, const Delivery* right) {
        return priority_of(*left) > priority_of(*right);
    });
    std::vector<DeliveryId> evicted;
    while (kept.size() >= limits.count_max ||
           (limits.octets_max > 0 && octets > limits.octets_max)) {
        if (kept.empty() || priority_of(*kept.back()) >= priority_of(wanted)) return false;
        evicted.push_back(kept.back()->id);
        octets -= kept.back()->transfer.data.size();
        kept.pop_back();
    }
    for (const DeliveryId& id : evicted) finish(record, id, "FAILURE");
    return true;
}

/// What takes room: a resource that is neither being sent nor waiting for the UE's acknowledgement.
std::vector<const Delivery*> Deliveries::buffered(const UeRecord& record) const {
    std::vector<const Delivery*> found;
    for (const DeliveryId& queued : record.queue) {
        const Delivery& delivery = by_id_.at(queued);
        if (delivery.answered && delivery.status != "SENDING" && !delivery.awaits_ue_until &&
            !record.is_flying(queued)) {
            found.push_back(&delivery);
        }
    }
    return found;
}

}  // namespace scef::scef_simulator
