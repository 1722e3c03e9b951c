#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "simulators/scef-simulator/delivery.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/ue_profile.h"
#include "simulators/scef-simulator/ue_record.h"

namespace scef::scef_simulator {

/// The deliveries of all UEs, and the ways in which their POSTs and their lives end. Pure; what is
/// to be told goes to the effects.
class Deliveries {
public:
    explicit Deliveries(Effects& effects) : effects_(effects) {}

    void add(UeRecord& record, Delivery delivery);
    Delivery& at(const DeliveryId& id) { return by_id_.at(id); }
    const Delivery& at(const DeliveryId& id) const { return by_id_.at(id); }

    bool contains(const DeliveryId& id) const { return by_id_.contains(id); }

    /// A delivery that is a resource; nullptr for one that is not there or whose POST is open.
    const Delivery* resource(const DeliveryId& id) const;

    /// Answers the POST of an open delivery 201, or only changes the status of another.
    void accept(Delivery& delivery, std::string status);

    /// The final status: 200 to an open POST, a notification for a resource.
    void finish(UeRecord& record, const DeliveryId& id, std::string status);

    /// Answers the POST of an open delivery with an error.
    void refuse(UeRecord& record, const DeliveryId& id, int status, std::string cause,
                std::string detail);

    /// `refuse` with 500 for an open POST, `finish` for a resource.
    void fail(UeRecord& record, const DeliveryId& id, const char* status, const char* cause,
              std::string detail, std::optional<WallTime> again);

    /// Buffered data with SEND_TRIGGER are to be looked at anew, as those of a new POST (TS 23.682
    /// 5.13.5).
    void on_pdn_connection_lost(const UeRecord& record);

    void remove(UeRecord& record, const DeliveryId& id);
    void clear() { by_id_.clear(); }

    /// The next one to be sent: neither under way nor heard. Nullptr if there is none.
    Delivery* next_of(const UeRecord& record);

    /// What was taken and not sent yet, and so counts against rates and quota beforehand.
    struct Backlog {
        std::size_t messages = 0;
        std::size_t octets = 0;
    };
    Backlog backlog_of(const UeRecord& record, const DeliveryId& without) const;
    std::size_t buffered_octets(const UeRecord& record) const;

    /// Makes room in the buffer for `wanted`: the least important ones go if they are less
    /// important than it, the youngest first. False, and nothing went, if that is not enough.
    bool make_room(UeRecord& record, const Delivery& wanted);

private:
    std::vector<const Delivery*> buffered(const UeRecord& record) const;

    Effects& effects_;
    std::unordered_map<DeliveryId, Delivery> by_id_;
};

}  // namespace scef::scef_simulator
