#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "simulators/scef-simulator/delivery.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/ue.h"
#include "simulators/scef-simulator/uplink_ledger.h"

namespace scef::scef_simulator {

/// Frames of one UE that went over the air, each counted once however often the link repeated it.
struct AirCounters {
    std::uint64_t downlink = 0;
    std::uint64_t uplink = 0;
};

/// One UE as the core network sees it.
struct UeRecord {
    explicit UeRecord(const Timers& timers) : ue(timers) {}

    /// The frame that waits for its hop acknowledgement.
    struct Flight {
        DeliveryId delivery;
        unsigned repeats = 0;
        Instant next = never;
    };

    Ue ue;
    bool has_modem = false;
    UeState told = UeState::detached;  ///< the state that the modem heard last
    std::uint32_t last_sequence = 0;
    std::deque<DeliveryId> queue;  ///< in the order of the POSTs, the one in flight included
    std::optional<Flight> flight;
    UplinkLedger uplinks;
    AirCounters counters;
    Instant armed = never;
};

/// The UEs and the deliveries on their way to them: reachability, buffering, the hop to the modem
/// with its repetitions. Pure; every call may append to the effects given at construction.
/// Deliveries of one UE leave in the order in which they came, one in flight at a time.
class CoreNetwork {
public:
    CoreNetwork(const Settings& settings, Effects& effects);

    void attach(const std::string& id, UeState state, const Turn& turn);
    void detach(const std::string& id, const Turn& turn);

    /// Control API; makes the UE known if it is not.
    void set_state(const std::string& id, UeState state, std::optional<UeState> sleep_mode,
                   const Turn& turn);

    /// The UE answered an SMS: it is connected and hears what waits for it.
    void wake(const std::string& id, const Turn& turn);

    /// The UE sent something: it is connected at once and hears what waits for it.
    void on_uplink_heard(const std::string& id, bool from_modem, const Turn& turn);

    /// The modem acknowledged downlink frame `sequence`. Late ones count, unknown ones do not.
    void on_ack(const std::string& id, std::uint32_t sequence, const Turn& turn);

    void enqueue(Delivery delivery, const Turn& turn);

    enum class Change : std::uint8_t { done, absent, sending };

    /// Takes a buffered delivery back. `sending`: its frame is on the link now.
    Change cancel(const DeliveryId& id, const Turn& turn);

    /// Replaces what is buffered, in its place in the queue; the latency counts from now.
    Change replace(const DeliveryId& id, Transfer transfer, const std::string& option,
                   const Turn& turn);

    /// A buffered delivery; nullptr for one that is not there or whose POST is still open.
    const Delivery* buffered(const DeliveryId& id) const;
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

    UeRecord& record(const std::string& id, const Turn& turn);
    const UeRecord* find(const std::string& id) const;
    const std::map<std::string, UeRecord>& ues() const { return ues_; }

private:
    using Place = std::map<std::string, UeRecord>::iterator;

    Place place(const std::string& id, const Turn& turn);
    static bool can_hear(const UeRecord& record);
    void settle(Place ue, const Turn& turn);
    void expire(UeRecord& record, const Turn& turn);
    void transmit(Place ue, const Turn& turn);
    void repeat(Place ue, const Turn& turn);
    void send(Place ue, const Delivery& delivery, bool repeated);
    void answer_waiting(UeRecord& record, const Turn& turn);
    bool answer_unreachable(UeRecord& record, Delivery& delivery, const Turn& turn);
    void finish(UeRecord& record, const DeliveryId& id, std::string status);
    void remove(UeRecord& record, const DeliveryId& id);
    void refuse(Delivery& delivery, int status, std::string cause, std::string detail,
                std::optional<WallTime> again);
    void tell_state(Place ue);
    void arm(Place ue);
    void start_latency(Delivery& delivery, const Turn& turn) const;

    Timers timers_;
    LinkTimers link_;
    std::size_t buffered_max_;
    Duration buffer_time_default_;
    Effects& effects_;
    std::map<std::string, UeRecord> ues_;
    std::unordered_map<DeliveryId, Delivery> deliveries_;
    std::set<std::pair<Instant, std::string>> deadlines_;
};

}  // namespace scef::scef_simulator
