#include "simulators/scef-simulator/scef.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/external_id.h"
#include "simulators/scef-simulator/random_id.h"
#include "simulators/scef-simulator/rds.h"
#include "simulators/scef-simulator/t8_members.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Frame;
using nlohmann::json;

constexpr const char* unknown_subscriber = "unknown-subscriber";
constexpr const char* too_large = "too-large";
constexpr const char* over_rate = "rate-exceeded";
constexpr const char* not_provisioned = "the subscriber is not provisioned";

}  // namespace

Scef::Scef(const Settings& settings)
    : maximum_packet_size_(settings.maximum_packet_size),
      rules_(settings.configurations),
      first_profile_(first_profile(settings)),
      subscribers_(settings),
      network_(settings, effects_),
      admission_(rules_, subscribers_, configurations_, network_) {}

tl::expected<ConfigurationId, Refusal> Scef::create(ConfigurationRequest request,
                                                    const std::string& scs_as_id,
                                                    const std::string& base, const Turn& turn) {
    Configuration& wanted = request.configuration;
    wanted.ue = subscribers_.ue_of(wanted.identity);
    wanted.scs_as_id = scs_as_id;
    wanted.maximum_packet_size = maximum_packet_size_;
    if (!wanted.supported_features.empty()) {
        wanted.supported_features =
            common_features(wanted.supported_features, rules_.supported_features);
    }
    if (auto refusal = admission_.refusal_of(request, turn))
        return tl::unexpected(std::move(*refusal));
    wanted.id = random_id(turn.random);
    wanted.self = base + "/" + wanted.id;
    wanted.duration = granted(wanted.duration, turn);
    const Configuration& configuration = configurations_.add(std::move(wanted));
    if (configuration.test_notification_requested &&
        !admission_.refusal_of(configuration, Feature::notification_test_event)) {
        notify(Notification::Kind::test, configuration, dump(test_body(configuration.self)));
    }
    for (Transfer& transfer : request.transfers) {
        Delivery delivery = delivery_of(configuration, std::move(transfer), turn);
        delivery.answered = true;
        network_.enqueue(std::move(delivery), turn);
    }
    tell_finished();
    return configuration.id;
}

void Scef::patch(Configuration& configuration, const ConfigurationPatch& patch, const Turn& turn) {
    if (patch.changes_duration) {
        configurations_.set_duration(configuration, granted(patch.duration, turn));
    }
    if (patch.changes_reliable_data_service) {
        configuration.reliable_data_service = patch.reliable_data_service;
    }
    if (patch.pdn_establishment_option) {
        configuration.pdn_establishment_option = *patch.pdn_establishment_option;
    }
    if (patch.rds_ports) configuration.rds_ports = *patch.rds_ports;
    if (patch.notification_destination) {
        configuration.notification_destination = *patch.notification_destination;
    }
}

/// The SCEF may end a configuration earlier than asked (TS 23.682 5.13.2).
std::optional<WallTime> Scef::granted(std::optional<WallTime> duration, const Turn& turn) const {
    if (!rules_.duration_max) return duration;
    const WallTime longest = turn.wall + *rules_.duration_max;
    return duration ? std::min(*duration, longest) : longest;
}

void Scef::remove(const ConfigurationId& id, const Turn& turn) {
    const Configuration* configuration = std::as_const(configurations_).find(id);
    if (configuration == nullptr) return;
    network_.drop_configuration(configuration->ue, id, /*tell=*/false, turn);
    tell_finished();
    configurations_.remove(id);
}

DeliveryId Scef::submit(const Configuration& configuration, Transfer transfer, const Turn& turn) {
    Delivery delivery = delivery_of(configuration, std::move(transfer), turn);
    DeliveryId id = delivery.id;
    network_.enqueue(std::move(delivery), turn);
    tell_finished();
    return id;
}

Delivery Scef::delivery_of(const Configuration& configuration, Transfer transfer,
                           const Turn& turn) const {
    Delivery delivery;
    delivery.id = random_id(turn.random);
    delivery.configuration = configuration.id;
    delivery.self = configuration.self + "/downlink-data-deliveries/" + delivery.id;
    delivery.ue = configuration.ue;
    delivery.acknowledged_by_ue = transfer.reliable_data_service.value_or(
        configuration.reliable_data_service.value_or(false));
    delivery.pdn_establishment_option = transfer.pdn_establishment_option.empty()
                                            ? configuration.pdn_establishment_option
                                            : transfer.pdn_establishment_option;
    delivery.transfer = std::move(transfer);
    return delivery;
}

CoreNetwork::Change Scef::replace(const Configuration& configuration, const DeliveryId& id,
                                  Transfer transfer, const Turn& turn) {
    const std::string option = transfer.pdn_establishment_option.empty()
                                   ? configuration.pdn_establishment_option
                                   : transfer.pdn_establishment_option;
    const CoreNetwork::Change change = network_.replace(id, std::move(transfer), option, turn);
    tell_finished();
    return change;
}

CoreNetwork::Change Scef::cancel(const DeliveryId& id, const Turn& turn) {
    const CoreNetwork::Change change = network_.cancel(id, turn);
    tell_finished();
    return change;
}

void Scef::on_frame(const Frame& frame, const Turn& turn) {
    const Result<ExternalId> id = ExternalId::parse(frame.external_id);
    if (!id || !subscribers_.knows(id->text())) {
        if (frame.kind == modem_link::Kind::attach || frame.kind == modem_link::Kind::uplink) {
            refuse(canonical_ue(frame.external_id), frame.sequence, unknown_subscriber);
        }
        return;
    }
    Frame known = frame;
    known.external_id = id->text();
    switch (known.kind) {
        case modem_link::Kind::attach:
            network_.attach(known.external_id,
                            ue_state_of(known.state).value_or(UeState::connected),
                            known.power_saving, turn);
            break;
        case modem_link::Kind::update:
            if (known.power_saving &&
                !network_.update(known.external_id, *known.power_saving, turn)) {
                refuse(known.external_id, 0, "unknown-ue");
            }
            break;
        case modem_link::Kind::detach:
            network_.detach(known.external_id, turn);
            break;
        case modem_link::Kind::uplink:
        case modem_link::Kind::ack:
            if (network_.send_uplink(known, turn)) on_arrived(known, turn);
            break;
        case modem_link::Kind::attached:
        case modem_link::Kind::state:
        case modem_link::Kind::downlink:
        case modem_link::Kind::refused:
        case modem_link::Kind::trigger:
            break;  // only the network says these
    }
    tell_finished();
}

void Scef::on_arrived(const Frame& frame, const Turn& turn) {
    if (frame.kind == modem_link::Kind::uplink) return on_uplink(frame, turn);
    network_.on_ack(frame.external_id, frame.sequence, turn);
}

void Scef::on_notification_ended(const Notification& notification, NotificationOutcome outcome,
                                 const Turn& turn) {
    if (!notification.uplink_sequence) return;
    const std::uint32_t sequence = *notification.uplink_sequence;
    if (outcome == NotificationOutcome::refused || outcome == NotificationOutcome::unreachable) {
        const char* reason =
            outcome == NotificationOutcome::refused ? "refused-by-scs-as" : "scs-as-unreachable";
        network_.record(notification.ue, turn).uplinks.settle(sequence, reason);
        return refuse(notification.ue, sequence, reason);
    }
    network_.record(notification.ue, turn).uplinks.settle(sequence, "");
    effects_.emplace_back(ToModem{{modem_link::Kind::ack, notification.ue, sequence, "", "", {}}});
    effects_.emplace_back(
        Record{"uplink-ack", notification.ue, dump(json{{"sequence", sequence}})});
}

Status Scef::inject_uplink(const std::string& external_id, Bytes data,
                           const std::optional<modem_link::RdsPort>& rds, const Turn& turn,
                           bool is_exception) {
    const std::string ue = canonical_ue(external_id);
    if (!subscribers_.knows(ue)) return fail(Errc::forbidden, not_provisioned);
    effects_.emplace_back(
        Record{"uplink", ue,
               dump(json{{"octets", data.size()}, {"data", to_hex(data)}, {"injected", true}})});
    Frame frame;
    frame.kind = modem_link::Kind::uplink;
    frame.external_id = ue;
    frame.data = std::move(data);
    frame.rds = rds;
    frame.exception = is_exception;
    const std::string_view refusal = notify_uplink(frame, /*has_modem=*/false, turn);
    network_.on_uplink_heard(ue, /*from_modem=*/false, frame.release, turn);
    tell_finished();
    if (refusal == over_rate) return fail(Errc::quota_exceeded, "the UE is over its uplink rate");
    if (refusal == too_large) return fail(Errc::too_large, "more octets than the SCEF takes");
    if (refusal.empty()) return {};
    return fail(Errc::not_found, "no NIDD configuration takes this uplink");
}

Status Scef::set_state(const std::string& external_id, UeState state,
                       std::optional<UeState> sleep_mode, const Turn& turn) {
    const std::string ue = canonical_ue(external_id);
    if (!subscribers_.knows(ue)) return fail(Errc::forbidden, not_provisioned);
    network_.set_state(ue, state, sleep_mode, turn);
    tell_finished();
    return {};
}

UeProfile Scef::profile_of(const std::string& ue) const {
    const UeRecord* record = network_.find(ue);
    return record == nullptr ? first_profile_ : record->profile;
}

Status Scef::set_profile(const std::string& external_id, const UeProfile& profile,
                         const Turn& turn) {
    const std::string ue = canonical_ue(external_id);
    if (!subscribers_.knows(ue)) return fail(Errc::forbidden, not_provisioned);
    network_.set_profile(ue, profile, turn);
    tell_finished();
    return {};
}

void Scef::set_authorized(const std::string& external_id, bool is_authorized, const Turn& turn) {
    const std::string ue = canonical_ue(external_id);
    subscribers_.set_authorized(ue, is_authorized);
    if (is_authorized) return;
    for (const ConfigurationId& id : configurations_.of_ue(ue)) {
        terminate(id, "TERMINATED_UE_NOT_AUTHORIZED", turn);
    }
}

bool Scef::force_status(const DeliveryId& id, const std::string& status, const Turn& turn) {
    const bool is_there = network_.force_status(id, status, turn);
    tell_finished();
    return is_there;
}

void Scef::wake(const std::string& ue, const Turn& turn) {
    network_.wake(ue, turn);
    tell_finished();
}

void Scef::forget(const Turn& turn) {
    network_.drop_deliveries(turn);
    configurations_.clear();
    effects_.emplace_back(Record{"state-deleted", "", "{}"});
}

void Scef::advance(const Turn& turn) {
    network_.advance(turn);
    for (const Frame& frame : network_.take_arrived(turn)) on_arrived(frame, turn);
    tell_finished();
    for (const ConfigurationId& id : configurations_.ended(turn.wall)) {
        terminate(id, "TERMINATED", turn);
    }
}

/// The SCEF ends a configuration by itself; its buffered data fail first.
void Scef::terminate(const ConfigurationId& id, const char* status, const Turn& turn) {
    const Configuration configuration = *std::as_const(configurations_).find(id);
    network_.drop_configuration(configuration.ue, id, /*tell=*/true, turn);
    tell_finished();
    notify(Notification::Kind::configuration_status, configuration,
           dump(configuration_status_body(configuration, status)));
    configurations_.remove(id);
}

Instant Scef::deadline(const Turn& turn) const {
    const std::optional<WallTime> end = configurations_.next_end();
    if (!end) return network_.deadline();
    return std::min(network_.deadline(), turn.now + (*end - turn.wall));
}

Effects Scef::take_effects() { return std::exchange(effects_, {}); }

std::optional<std::string> Scef::ue_of(const Identity& identity) const {
    std::string key = subscribers_.ue_of(identity);
    if (!subscribers_.knows(key)) return std::nullopt;
    return key;
}

void Scef::on_uplink(const Frame& frame, const Turn& turn) {
    const std::string& ue = frame.external_id;
    const UplinkLedger::Entry* before =
        network_.record(ue, turn).uplinks.repeated_or_new(frame.sequence);
    if (before != nullptr) {
        if (!before->settled) return;
        if (!before->refusal.empty()) return refuse(ue, frame.sequence, before->refusal);
        effects_.emplace_back(ToModem{{modem_link::Kind::ack, ue, frame.sequence, "", "", {}}});
        return;
    }
    json detail{
        {"sequence", frame.sequence}, {"octets", frame.data.size()}, {"data", to_hex(frame.data)}};
    if (frame.rds) detail["rdsPort"] = to_json(*frame.rds);
    effects_.emplace_back(Record{"uplink", ue, dump(detail)});
    const char* refusal = notify_uplink(frame, /*has_modem=*/true, turn);
    if (*refusal != '\0') {
        network_.record(ue, turn).uplinks.settle(frame.sequence, refusal);
        refuse(ue, frame.sequence, refusal);
    }
    network_.on_uplink_heard(ue, /*from_modem=*/true, frame.release, turn);
}

/// TS 23.682 5.13.4: data over the rate, or without a T8 destination, are discarded.
const char* Scef::notify_uplink(const Frame& frame, bool has_modem, const Turn& turn) {
    if (frame.data.size() > maximum_packet_size_ / 8) return too_large;
    if (!network_.take_uplink(frame.external_id, frame.exception, turn)) return over_rate;
    const Configuration* configuration = configurations_.for_ue(frame.external_id, frame.rds);
    if (configuration == nullptr) {
        uplinks_discarded_ += 1;
        return "no-configuration";
    }
    if (has_feature(configuration->supported_features, Feature::rds_port_verification) &&
        !knows_ports(*configuration, frame.rds)) {
        notify(Notification::Kind::configuration_status, *configuration,
               dump(port_unknown_body(*configuration, *frame.rds)));
        return "rds-port-unknown";
    }
    notify(Notification::Kind::uplink, *configuration,
           dump(uplink_body(*configuration, frame.data, frame.rds)),
           has_modem ? std::optional(frame.sequence) : std::nullopt);
    return "";
}

void Scef::refuse(const std::string& ue, std::uint32_t sequence, const std::string& reason) {
    effects_.emplace_back(
        Record{"refused", ue, dump(json{{"sequence", sequence}, {"reason", reason}})});
    effects_.emplace_back(ToModem{{modem_link::Kind::refused, ue, sequence, "", reason, {}}});
}

void Scef::notify(Notification::Kind kind, const Configuration& configuration, std::string body,
                  std::optional<std::uint32_t> sequence) {
    effects_.emplace_back(Notification{
        kind, configuration.ue, configuration.notification_destination, std::move(body), sequence});
}

/// Turns what the core network finished into notifications, while its configuration is still there.
void Scef::tell_finished() {
    Effects told;
    told.reserve(effects_.size());
    for (Effect& effect : effects_) {
        const auto* finished = std::get_if<DeliveryFinished>(&effect);
        if (finished == nullptr) {
            told.push_back(std::move(effect));
            continue;
        }
        const Configuration* configuration =
            std::as_const(configurations_).find(finished->delivery.configuration);
        if (configuration == nullptr) continue;
        told.push_back(Notification{Notification::Kind::delivery_status, configuration->ue,
                                    configuration->notification_destination,
                                    dump(delivery_status_body(finished->delivery)), std::nullopt});
    }
    effects_ = std::move(told);
}

}  // namespace scef::scef_simulator
