#include "simulators/scef-simulator/subscribers.h"

#include "lwm2m-core/vocabulary/external_id.h"

namespace scef::scef_simulator {

std::string canonical_ue(const std::string& text) {
    const Result<ExternalId> id = ExternalId::parse(text);
    return id ? id->text() : text;
}

Subscribers::Subscribers(const Settings& settings)
    : strict_(settings.strict),
      all_scs_as_(settings.configurations.scs_as.empty()),
      scs_as_(settings.configurations.scs_as.begin(), settings.configurations.scs_as.end()) {
    for (const ProvisionedUe& ue : settings.ues) {
        provisioned_.insert(canonical_ue(ue.external_id));
        if (!ue.msisdn.empty()) by_msisdn_.emplace(ue.msisdn, canonical_ue(ue.external_id));
    }
}

bool Subscribers::knows(const std::string& ue) const {
    return !strict_ || provisioned_.contains(ue);
}

std::string Subscribers::ue_of(const Identity& identity) const {
    if (identity.kind == Identity::Kind::external_id) return canonical_ue(identity.text);
    if (identity.kind == Identity::Kind::external_group_id) return identity.text;
    const auto known = by_msisdn_.find(identity.text);
    return known == by_msisdn_.end() ? identity.text : known->second;
}

void Subscribers::set_authorized(const std::string& ue, bool is_authorized) {
    if (is_authorized) {
        barred_.erase(ue);
    } else {
        barred_.insert(ue);
    }
}

bool Subscribers::is_authorized_scs_as(const std::string& scs_as_id) const {
    return (all_scs_as_ || scs_as_.contains(scs_as_id)) && !barred_scs_as_.contains(scs_as_id);
}

void Subscribers::set_scs_as_authorized(const std::string& scs_as_id, bool is_authorized) {
    if (is_authorized) {
        scs_as_.insert(scs_as_id);
        barred_scs_as_.erase(scs_as_id);
    } else {
        barred_scs_as_.insert(scs_as_id);
    }
}

}  // namespace scef::scef_simulator
