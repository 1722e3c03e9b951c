#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulators/scef-simulator/deliveries.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/hop.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/ue_record.h"

namespace scef::scef_simulator {

/// The UEs and the deliveries on their way to them: reachability, buffering, the hop to the modem
/// with its repetitions. Pure; every call may append to the effects given at construction.
/// Deliveries of one UE leave in the order in which they came, one in flight at a time.
class CoreNetwork {
public:
    CoreNetwork(const Settings& settings, Effects& effects);

    void attach(const std::string& id, UeState state,
                const std::optional<modem_link::PowerSaving>& wanted, const Turn& turn);
    /// A tracking area update; false for a UE that is not registered.
    bool update(const std::string& id, const modem_link::PowerSaving& wanted, const Turn& turn);
    void detach(const std::string& id, const Turn& turn);

    /// Control API; makes the UE known if it is not.
    void set_state(const std::string& id, UeState state, std::optional<UeState> sleep_mode,
                   const Turn& turn);

    void set_profile(const std::string& id, const UeProfile& profile, const Turn& turn);

    /// A frame that the modem sent goes over the air. True if it is here at once; else it was lost,
    /// or comes by `take_arrived`.
    bool send_uplink(const modem_link::Frame& frame, const Turn& turn);
    std::vector<modem_link::Frame> take_arrived(const Turn& turn) {
        return hop_.take_arrived(turn.now);
    }

    /// The UE answered an SMS: with a PDN connection it is connected and hears what waits for it.
    void wake(const std::string& id, const Turn& turn);

    /// The UE sent something: it is connected at once and hears what waits for it. Then, as it
    /// assists, its connection is released before it is idle for long (TS 23.401 5.3.4B.2).
    void on_uplink_heard(const std::string& id, bool from_modem,
                         modem_link::ReleaseAssistance release, const Turn& turn);

    /// The modem acknowledged downlink frame `sequence`. Late ones count, unknown ones do not.
    void on_ack(const std::string& id, std::uint32_t sequence, const Turn& turn);

    /// Whether rates and quota of the UE let the SCEF take a frame of so many octets; `instead_of`
    /// is the delivery whose place it takes, if any.
    UeRateControl::Verdict admit(const std::string& id, std::size_t octets,
                                 const DeliveryId& instead_of, const Turn& turn);

    /// Counts an uplink frame against the rates of the UE; false: it is over the limit.
    bool take_uplink(const std::string& id, bool is_exception, const Turn& turn);

    /// One that is `answered` already came with its configuration; it is a resource from the start.
    void enqueue(Delivery delivery, const Turn& turn);

    /// Control API: what is told of a resource becomes `status`; SUCCESS… and FAILURE… end it.
    bool force_status(const DeliveryId& id, const std::string& status, const Turn& turn);

    enum class Change : std::uint8_t { done, absent, sending };

    /// Takes a buffered delivery back. `sending`: its frame is on the link now.
    Change cancel(const DeliveryId& id, const Turn& turn);

    /// Replaces what is buffered, in its place in the queue; the latency counts from now, and
    /// whether it may be buffered is looked at anew.
    Change replace(const DeliveryId& id, Transfer transfer, const std::string& option,
                   const Turn& turn);

    /// A buffered delivery; nullptr for one that is not there or whose POST is still open.
    const Delivery* buffered(const DeliveryId& id) const { return deliveries_.resource(id); }
    std::size_t buffered_octets(const UeRecord& record) const {
        return deliveries_.buffered_octets(record);
    }
    std::vector<const Delivery*> buffered_of(const std::string& ue,
                                             const ConfigurationId& configuration) const;

    /// The configuration is gone: open POSTs are answered 404, buffered ones vanish, with a final
    /// status if `tell`.
    void drop_configuration(const std::string& ue, const ConfigurationId& configuration, bool tell,
                            const Turn& turn);

    /// Forgets every delivery, without a word about the buffered ones. UEs stay attached.
    void drop_deliveries(const Turn& turn);

    void advance(const Turn& turn);
    Instant deadline() const;

    /// When a UE that cannot be sent to now will be again, if the network can know that.
    std::optional<WallTime> reachable_at(const UeRecord& record, const Turn& turn) const;

    UeRecord& record(const std::string& id, const Turn& turn);
    const UeRecord* find(const std::string& id) const;
    const std::map<std::string, UeRecord>& ues() const { return ues_; }

private:
    using Place = std::map<std::string, UeRecord>::iterator;

    Place place(const std::string& id, const Turn& turn);
    void settle(Place ue, const Turn& turn);
    void give_up_hopeless(UeRecord& record);
    void expire(UeRecord& record, const Turn& turn);
    void answer_waiting(Place ue, const Turn& turn);
    void buffer(Place ue, Delivery& delivery, const Turn& turn);
    void release_if_done(UeRecord& record, const Turn& turn);
    void tell_state(Place ue);
    void arm(Place ue, const Turn& turn);
    Instant deadline_of(const UeRecord& record, const Delivery& delivery) const;
    bool is_being_sent(const UeRecord& record, const Delivery& delivery) const;
    void start_latency(Delivery& delivery, const Turn& turn) const;

    UeProfile first_profile_;
    double time_scale_;
    Duration buffer_time_default_;
    Duration answer_wait_;
    std::uint32_t frame_octets_max_;
    Effects& effects_;
    Deliveries deliveries_;
    Hop hop_;
    std::map<std::string, UeRecord> ues_;
    std::set<std::pair<Instant, std::string>> deadlines_;
};

}  // namespace scef::scef_simulator
