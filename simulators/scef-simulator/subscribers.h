#pragma once

#include <map>
#include <set>
#include <string>

#include "simulators/scef-simulator/identity.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// The key of a UE: its External Identifier in canonical form, else the text as it is.
std::string canonical_ue(const std::string& text);

/// What the HSS and the agreements with SCS/ASs say: who is known, and who may use NIDD.
class Subscribers {
public:
    explicit Subscribers(const Settings& settings);

    /// False only with `strict`.
    bool knows(const std::string& ue) const;

    /// The key of the UE; an MSISDN that nobody was given stands for itself.
    std::string ue_of(const Identity& identity) const;

    bool is_authorized(const std::string& ue) const { return !barred_.contains(ue); }
    void set_authorized(const std::string& ue, bool is_authorized);

    bool is_authorized_scs_as(const std::string& scs_as_id) const;
    void set_scs_as_authorized(const std::string& scs_as_id, bool is_authorized);

private:
    bool strict_;
    std::set<std::string> provisioned_;
    std::map<std::string, std::string> by_msisdn_;
    std::set<std::string> barred_;
    bool all_scs_as_;
    std::set<std::string> scs_as_;
    std::set<std::string> barred_scs_as_;
};

}  // namespace scef::scef_simulator
