#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/configuration.h"
#include "simulators/scef-simulator/core_network.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {

/// How a notification ended.
enum class NotificationOutcome : std::uint8_t {
    taken,        ///< 2xx
    refused,      ///< another answer that no retry helps
    unreachable,  ///< every retry failed
    dropped,      ///< lost by a fault rule; for the modem it was taken
};

const char* name_of(NotificationOutcome outcome);

/// The whole simulated operator: NIDD configurations joined with the core network. A pure state
/// machine: it is given every event with the two times and a random source, and says by effects
/// what is to be done outside. One caller at a time.
class Scef {
public:
    explicit Scef(const Settings& settings);
    Scef(const Scef&) = delete;
    Scef& operator=(const Scef&) = delete;

    /// TS 29.122 4.4.5.2. `base` is the absolute URI of the SCS/AS's configurations. `forbidden`
    /// for a subscriber that `strict` does not know.
    Result<ConfigurationId> create(ConfigurationRequest request, const std::string& scs_as_id,
                                   const std::string& base, const Turn& turn);
    void patch(Configuration& configuration, const ConfigurationPatch& patch, const Turn& turn);
    void remove(const ConfigurationId& id, const Turn& turn);
    Configurations& configurations() { return configurations_; }

    /// TS 29.122 4.4.5.3.1. The answer comes as a `DeliveryAnswer`, perhaps already in the effects
    /// of this call.
    DeliveryId submit(const Configuration& configuration, Transfer transfer, const Turn& turn);
    CoreNetwork::Change replace(const Configuration& configuration, const DeliveryId& id,
                                Transfer transfer, const Turn& turn);
    CoreNetwork::Change cancel(const DeliveryId& id, const Turn& turn);

    void on_frame(const modem_link::Frame& frame, const Turn& turn);
    void on_notification_ended(const Notification& notification, NotificationOutcome outcome,
                               const Turn& turn);

    /// An uplink without a modem. `not_found` if no configuration takes it, `forbidden` as above.
    Status inject_uplink(const std::string& external_id, Bytes data,
                         const std::optional<modem_link::RdsPort>& rds, const Turn& turn);

    Status set_state(const std::string& external_id, UeState state,
                     std::optional<UeState> sleep_mode, const Turn& turn);

    /// For services beside NIDD: the key of whom an identity names, nothing if `strict` does not
    /// know the subscriber; a sequence number of the modem link; a UE that showed itself by
    /// something else than NIDD.
    std::optional<std::string> ue_of(const Identity& identity) const;
    std::uint32_t next_sequence(const std::string& ue, const Turn& turn) {
        return ++network_.record(ue, turn).last_sequence;
    }
    void wake(const std::string& ue, const Turn& turn);

    /// A SCEF that lost its database: no configuration, no delivery. UEs stay attached, air
    /// counters stay.
    void forget(const Turn& turn);

    const CoreNetwork& network() const { return network_; }
    std::uint64_t uplinks_without_configuration() const { return uplinks_discarded_; }

    void advance(const Turn& turn);
    Instant deadline(const Turn& turn) const;
    Effects take_effects();

private:
    bool is_known_subscriber(const std::string& key) const;
    std::string key_of(const Identity& identity) const;
    void on_uplink(const modem_link::Frame& frame, const Turn& turn);
    bool notify_uplink(const std::string& ue, ByteView data,
                       const std::optional<modem_link::RdsPort>& rds,
                       std::optional<std::uint32_t> sequence);
    void refuse(const std::string& ue, std::uint32_t sequence, const std::string& reason);
    void notify(Notification::Kind kind, const Configuration& configuration, std::string body,
                std::optional<std::uint32_t> sequence = std::nullopt);
    void tell_finished();

    bool strict_;
    std::uint32_t maximum_packet_size_;
    std::set<std::string> provisioned_;
    std::map<std::string, std::string> by_msisdn_;
    Effects effects_;
    CoreNetwork network_;
    Configurations configurations_;
    std::uint64_t uplinks_discarded_ = 0;
};

}  // namespace scef::scef_simulator
