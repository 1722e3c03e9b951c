#include "simulators/scef-simulator/admission.h"

#include "simulators/scef-simulator/rds.h"

namespace scef::scef_simulator {

Admission::Admission(const ConfigurationSettings& rules, const Subscribers& subscribers,
                     const Configurations& configurations, CoreNetwork& network)
    : rules_(rules),
      subscribers_(subscribers),
      configurations_(configurations),
      network_(network) {}

std::optional<Refusal> Admission::refusal_of_scs_as(const std::string& scs_as_id) const {
    if (subscribers_.is_authorized_scs_as(scs_as_id)) return std::nullopt;
    return Refusal{401, "the SCS/AS is not authorized", "", {}};
}

std::optional<Refusal> Admission::refusal_of(const ConfigurationRequest& request,
                                             const Turn& turn) {
    const Configuration& wanted = request.configuration;
    if (wanted.identity.kind == Identity::Kind::external_group_id) {
        return Refusal{403,
                       "group message delivery is not supported: give externalId or msisdn",
                       "",
                       {{"/externalGroupId", "one UE is expected"}}};
    }
    if (!subscribers_.knows(wanted.ue)) {
        return Refusal{403, "the subscriber is not provisioned", "", {}};
    }
    if (!subscribers_.is_authorized(wanted.ue)) {
        return Refusal{403, "the subscriber is not authorized for NIDD", "", {}};
    }
    if (rules_.duplicates_refused && configurations_.has(wanted.scs_as_id, wanted.ue)) {
        return Refusal{403, "the SCS/AS has a NIDD configuration for this UE already", "", {}};
    }
    for (const Transfer& transfer : request.transfers) {
        if (auto refusal = refusal_of(wanted, transfer, "", turn)) return refusal;
    }
    return std::nullopt;
}

std::optional<Refusal> Admission::refusal_of(const Configuration& configuration,
                                             const Transfer& transfer, const DeliveryId& instead_of,
                                             const Turn& turn) {
    if (transfer.identity != configuration.identity) {
        return Refusal{400,
                       "the body is not as TS 29.122 has it",
                       "",
                       {{std::string("/") + member_of(transfer.identity.kind),
                         "it is not the identity of the NIDD configuration"}}};
    }
    if (const auto octets_max = configuration.maximum_packet_size / 8;
        transfer.data.size() > octets_max) {
        return Refusal{403,
                       "at most " + std::to_string(octets_max) + " octets go at once",
                       "DATA_TOO_LARGE",
                       {}};
    }
    if (has_feature(configuration.supported_features, Feature::rds_port_verification) &&
        !knows_ports(configuration, transfer.rds_port)) {
        return Refusal{
            403, "the ports are not in rdsPorts of the NIDD configuration", "RDS_PORT_UNKNOWN", {}};
    }
    switch (network_.admit(configuration.ue, transfer.data.size(), instead_of, turn)) {
        case UeRateControl::Verdict::quota_exceeded:
            return Refusal{403, "the octets agreed for this UE are used up", "QUOTA_EXCEEDED", {}};
        case UeRateControl::Verdict::rate_exceeded:
            return Refusal{403,
                           "the rate control of this UE lets no more messages through",
                           "RATE_EXCEEDED",
                           {}};
        case UeRateControl::Verdict::fits:
            break;
    }
    return std::nullopt;
}

std::optional<Refusal> Admission::refusal_of(const Configuration& configuration,
                                             Feature feature) const {
    if (!rules_.enforce_features || has_feature(configuration.supported_features, feature)) {
        return std::nullopt;
    }
    return Refusal{
        403, std::string("the feature ") + name_of(feature) + " was not negotiated", "", {}};
}

}  // namespace scef::scef_simulator
