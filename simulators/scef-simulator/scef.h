#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/admission.h"
#include "simulators/scef-simulator/configuration.h"
#include "simulators/scef-simulator/core_network.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/refusal.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/subscribers.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {

/// The whole simulated operator: NIDD configurations joined with the core network. A pure state
/// machine: it is given every event with the two times and a random source, and says by effects
/// what is to be done outside. One caller at a time.
class Scef {
public:
    explicit Scef(const Settings& settings);
    Scef(const Scef&) = delete;
    Scef& operator=(const Scef&) = delete;

    /// TS 29.122 4.4.5.2. `base` is the absolute URI of the SCS/AS's configurations. A transfer
    /// that rides in the configuration is a resource at once and ends by notification.
    tl::expected<ConfigurationId, Refusal> create(ConfigurationRequest request,
                                                  const std::string& scs_as_id,
                                                  const std::string& base, const Turn& turn);
    void patch(Configuration& configuration, const ConfigurationPatch& patch, const Turn& turn);
    void remove(const ConfigurationId& id, const Turn& turn);
    Configurations& configurations() { return configurations_; }
    const Configurations& configurations() const { return configurations_; }

    /// The checks that come before.
    Admission& admission() { return admission_; }

    /// For a transfer that passed the checks. The answer comes as a `DeliveryAnswer`, perhaps
    /// already in the effects of this call.
    DeliveryId submit(const Configuration& configuration, Transfer transfer, const Turn& turn);
    CoreNetwork::Change replace(const Configuration& configuration, const DeliveryId& id,
                                Transfer transfer, const Turn& turn);
    CoreNetwork::Change cancel(const DeliveryId& id, const Turn& turn);

    void on_frame(const modem_link::Frame& frame, const Turn& turn);
    void on_notification_ended(const Notification& notification, NotificationOutcome outcome,
                               const Turn& turn);

    /// An uplink without a modem. `not_found` if no configuration takes it, `quota_exceeded` if it
    /// is over the UE's rate, `forbidden` for a subscriber that `strict` does not know.
    Status inject_uplink(const std::string& external_id, Bytes data,
                         const std::optional<modem_link::RdsPort>& rds, const Turn& turn,
                         bool is_exception = false);

    Status set_state(const std::string& external_id, UeState state,
                     std::optional<UeState> sleep_mode, const Turn& turn);

    /// What the UE is; of one that never attached, what it would be.
    UeProfile profile_of(const std::string& ue) const;

    /// Changes what the UE is. `forbidden` as above.
    Status set_profile(const std::string& external_id, const UeProfile& profile, const Turn& turn);

    /// The HSS withdraws or gives back the authorisation for NIDD (TS 23.682 5.13.8): without it
    /// all configurations of the UE end.
    void set_authorized(const std::string& external_id, bool is_authorized, const Turn& turn);
    void set_scs_as_authorized(const std::string& scs_as_id, bool is_authorized) {
        subscribers_.set_scs_as_authorized(scs_as_id, is_authorized);
    }
    const Subscribers& subscribers() const { return subscribers_; }

    /// Tells a status of a buffered delivery that did not come about by itself. False if there is
    /// no such delivery.
    bool force_status(const DeliveryId& id, const std::string& status, const Turn& turn);

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
    Delivery delivery_of(const Configuration& configuration, Transfer transfer,
                         const Turn& turn) const;
    std::optional<WallTime> granted(std::optional<WallTime> duration, const Turn& turn) const;
    void terminate(const ConfigurationId& id, const char* status, const Turn& turn);
    void on_arrived(const modem_link::Frame& frame, const Turn& turn);
    void on_uplink(const modem_link::Frame& frame, const Turn& turn);

    /// Why an uplink is refused to the modem; empty: it went to the SCS/AS.
    const char* notify_uplink(const modem_link::Frame& frame, bool has_modem, const Turn& turn);
    void refuse(const std::string& ue, std::uint32_t sequence, const std::string& reason);
    void notify(Notification::Kind kind, const Configuration& configuration, std::string body,
                std::optional<std::uint32_t> sequence = std::nullopt);
    void tell_finished();

    std::uint32_t maximum_packet_size_;
    ConfigurationSettings rules_;
    UeProfile first_profile_;
    Subscribers subscribers_;
    Effects effects_;
    CoreNetwork network_;
    Configurations configurations_;
    Admission admission_;
    std::uint64_t uplinks_discarded_ = 0;
};

}  // namespace scef::scef_simulator
