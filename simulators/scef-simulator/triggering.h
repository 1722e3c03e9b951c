#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/trigger.h"

namespace scef::scef_simulator {

/// Device triggering (TS 29.122 4.4.6): the SMS centre. An SMS is at the UE after a delay, is
/// repeated until the modem acknowledges it, waits for a UE that cannot be paged and is given up
/// when its validity period is over. It carries the SCEF's own triggers too. Pure, one caller at a
/// time; it looks at UEs through `Scef`.
class Triggering {
public:
    explicit Triggering(const Settings& settings);

    /// `forbidden` for a subscriber that `strict` does not know.
    Result<std::string> create(TriggerRequest request, const std::string& scs_as_id,
                               const std::string& base, const Scef& scef, const Turn& turn);
    const Trigger* find(const std::string& scs_as_id, const std::string& id) const;
    std::vector<const Trigger*> of_scs_as(const std::string& scs_as_id) const;

    /// The SMS is another one from now on, sent anew even if the earlier one had ended.
    void replace(const std::string& id, TriggerRequest request, const Turn& turn);

    /// Takes it back and forgets it. What it was, with the result TERMINATE if it was pending.
    Trigger recall(const std::string& id);
    void forget();

    /// NIDD data wait for a PDN connection of this UE (SEND_TRIGGER): one SMS that says so, without
    /// a payload and to `pdn_port`, goes to it, until the connection is there or the time is over.
    void ask_for_pdn_connection(const std::string& ue, Instant until, const Turn& turn);

    /// True if an acknowledgement of the modem was for a trigger.
    bool on_ack(const std::string& ue, std::uint32_t sequence, Scef& scef, const Turn& turn);

    /// The UE may hear now.
    void on_ue(const std::string& ue, Scef& scef, const Turn& turn);

    void advance(Scef& scef, const Turn& turn);
    Instant deadline() const;
    Effects take_effects();

private:
    void attempt(Trigger& trigger, Scef& scef, const Turn& turn);
    bool can_page(const Trigger& trigger, const Scef& scef) const;
    void send(Trigger& trigger, Scef& scef, const Turn& turn);
    void start(Trigger& trigger, const Turn& turn);
    Trigger* pdn_trigger_of(const std::string& ue);
    void end(Trigger& trigger, const char* result);
    void arm(Trigger& trigger, Instant due);

    Duration delay_;
    Duration retry_;
    bool reaches_psm_;
    std::uint16_t pdn_port_;
    LinkTimers link_;
    std::map<std::string, Trigger> triggers_;
    std::map<std::string, std::set<std::string>> pending_;  ///< by UE
    std::set<std::pair<Instant, std::string>> deadlines_;
    std::deque<std::string> ended_;
    Effects effects_;
};

}  // namespace scef::scef_simulator
