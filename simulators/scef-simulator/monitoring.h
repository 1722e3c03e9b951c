#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/subscription.h"

namespace scef::scef_simulator {

/// Monitoring events (TS 29.122 4.4.2): watches UEs for SCS/ASs and reports when one can be
/// reached, can be reached again after a downlink had failed, or is lost. Pure, one caller at a
/// time.
class Monitoring {
public:
    /// A subscription that was made, by its id; or, for a single report of what is so already, that
    /// report and no subscription.
    using Created = std::variant<std::string, nlohmann::json>;

    /// `forbidden` for a subscriber that `strict` does not know.
    Result<Created> create(SubscriptionRequest request, const std::string& scs_as_id,
                           const std::string& base, const Scef& scef, const Turn& turn);
    const Subscription* find(const std::string& scs_as_id, const std::string& id) const;
    std::vector<const Subscription*> of_scs_as(const std::string& scs_as_id) const;
    void replace(const std::string& id, SubscriptionRequest request);
    void remove(const std::string& id);
    void forget();

    /// The UE may have changed.
    void on_ue(const std::string& ue, const Scef& scef, const Turn& turn);

    /// A downlink found the UE not reachable.
    void on_downlink_failed(const std::string& ue);

    /// Ends what is over and reports UEs that were silent for too long.
    void advance(const Scef& scef, const Turn& turn);
    Instant deadline(const Turn& turn) const;
    Effects take_effects();

private:
    void look(Subscription& subscription, const UeRecord& record, const Turn& turn);
    void report(Subscription& subscription, const UeRecord& record, const Turn& turn, bool is_idle,
                std::optional<int> loss_reason = std::nullopt);
    void arm_end(const Subscription& subscription);
    void watch_silence(Subscription& subscription, Instant lost_at);

    std::map<std::string, Subscription> subscriptions_;
    std::map<std::string, std::set<std::string>> by_ue_;
    std::set<std::pair<WallTime, std::string>> ends_;
    std::set<std::pair<Instant, std::string>> silences_;
    Effects effects_;
};

}  // namespace scef::scef_simulator
