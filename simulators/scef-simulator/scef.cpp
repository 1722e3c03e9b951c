#include "simulators/scef-simulator/scef.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/external_id.h"
#include "simulators/scef-simulator/random_id.h"
#include "simulators/scef-simulator/rds.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Frame;
using nlohmann::json;

constexpr const char* unknown_subscriber = "unknown-subscriber";

/// The key of a UE: its External Identifier in canonical form, else the text as it is.
std::string canonical(const std::string& text) {
    const Result<ExternalId> id = ExternalId::parse(text);
    return id ? id->text() : text;
}

}  // namespace

const char* name_of(NotificationOutcome outcome) {
    switch (outcome) {
        case NotificationOutcome::taken:
            return "taken";
        case NotificationOutcome::refused:
            return "refused";
        case NotificationOutcome::unreachable:
            return "unreachable";
        case NotificationOutcome::dropped:
            return "dropped";
    }
    return "unreachable";
}

const char* name_of(Notification::Kind kind) {
    switch (kind) {
        case Notification::Kind::uplink:
            return "uplink";
        case Notification::Kind::delivery_status:
            return "delivery-status";
        case Notification::Kind::configuration_status:
            return "configuration-status";
        case Notification::Kind::trigger_report:
            return "trigger-report";
        case Notification::Kind::monitoring:
            return "monitoring";
        case Notification::Kind::test:
            return "test";
    }
    return "test";
}

Scef::Scef(const Settings& settings)
    : strict_(settings.strict),
      maximum_packet_size_(settings.maximum_packet_size),
      network_(settings, effects_) {
    for (const ProvisionedUe& ue : settings.ues) {
        provisioned_.insert(canonical(ue.external_id));
        if (!ue.msisdn.empty()) by_msisdn_.emplace(ue.msisdn, canonical(ue.external_id));
    }
}

Result<ConfigurationId> Scef::create(ConfigurationRequest request, const std::string& scs_as_id,
                                     const std::string& base, const Turn& turn) {
    Configuration& wanted = request.configuration;
    wanted.ue = key_of(wanted.identity);
    if (!is_known_subscriber(wanted.ue)) {
        return fail(Errc::forbidden, "the subscriber is not provisioned");
    }
    wanted.id = random_id(turn.random);
    wanted.scs_as_id = scs_as_id;
    wanted.self = base + "/" + wanted.id;
    wanted.maximum_packet_size = maximum_packet_size_;
    const Configuration& configuration = configurations_.add(std::move(wanted));
    if (configuration.test_notification_requested) {
        notify(Notification::Kind::test, configuration, dump(test_body(configuration)));
    }
    for (Transfer& transfer : request.transfers) {
        submit(configuration, std::move(transfer), turn);
    }
    return configuration.id;
}

void Scef::patch(Configuration& configuration, const ConfigurationPatch& patch,
                 const Turn& /*turn*/) {
    if (patch.changes_duration) configurations_.set_duration(configuration, patch.duration);
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

void Scef::remove(const ConfigurationId& id, const Turn& turn) {
    const Configuration* configuration = std::as_const(configurations_).find(id);
    if (configuration == nullptr) return;
    network_.drop_configuration(configuration->ue, id, /*tell=*/false, turn);
    tell_finished();
    configurations_.remove(id);
}

DeliveryId Scef::submit(const Configuration& configuration, Transfer transfer, const Turn& turn) {
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
    DeliveryId id = delivery.id;
    network_.enqueue(std::move(delivery), turn);
    tell_finished();
    return id;
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
    if (!id || !is_known_subscriber(id->text())) {
        if (frame.kind == modem_link::Kind::attach || frame.kind == modem_link::Kind::uplink) {
            refuse(canonical(frame.external_id), frame.sequence, unknown_subscriber);
        }
        return;
    }
    switch (frame.kind) {
        case modem_link::Kind::attach:
            network_.attach(id->text(), ue_state_of(frame.state).value_or(UeState::connected),
                            turn);
            break;
        case modem_link::Kind::detach:
            network_.detach(id->text(), turn);
            break;
        case modem_link::Kind::uplink:
            on_uplink(frame, turn);
            break;
        case modem_link::Kind::ack:
            network_.on_ack(id->text(), frame.sequence, turn);
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
                           const std::optional<modem_link::RdsPort>& rds, const Turn& turn) {
    const std::string ue = canonical(external_id);
    if (!is_known_subscriber(ue)) {
        return fail(Errc::forbidden, "the subscriber is not provisioned");
    }
    effects_.emplace_back(
        Record{"uplink", ue,
               dump(json{{"octets", data.size()}, {"data", to_hex(data)}, {"injected", true}})});
    const bool is_taken = notify_uplink(ue, data, rds, std::nullopt);
    network_.on_uplink_heard(ue, /*from_modem=*/false, turn);
    tell_finished();
    if (!is_taken) return fail(Errc::not_found, "no NIDD configuration takes this uplink");
    return {};
}

Status Scef::set_state(const std::string& external_id, UeState state,
                       std::optional<UeState> sleep_mode, const Turn& turn) {
    const std::string ue = canonical(external_id);
    if (!is_known_subscriber(ue)) {
        return fail(Errc::forbidden, "the subscriber is not provisioned");
    }
    network_.set_state(ue, state, sleep_mode, turn);
    tell_finished();
    return {};
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
    tell_finished();
    for (const ConfigurationId& id : configurations_.ended(turn.wall)) {
        const Configuration configuration = *std::as_const(configurations_).find(id);
        network_.drop_configuration(configuration.ue, id, /*tell=*/true, turn);
        tell_finished();
        notify(Notification::Kind::configuration_status, configuration,
               dump(configuration_status_body(configuration, "TERMINATED")));
        configurations_.remove(id);
    }
}

Instant Scef::deadline(const Turn& turn) const {
    const std::optional<WallTime> end = configurations_.next_end();
    if (!end) return network_.deadline();
    return std::min(network_.deadline(), turn.now + (*end - turn.wall));
}

Effects Scef::take_effects() { return std::exchange(effects_, {}); }

bool Scef::is_known_subscriber(const std::string& key) const {
    return !strict_ || provisioned_.contains(key);
}

std::string Scef::key_of(const Identity& identity) const {
    if (identity.kind == Identity::Kind::external_id) return canonical(identity.text);
    if (identity.kind == Identity::Kind::external_group_id) return identity.text;
    const auto known = by_msisdn_.find(identity.text);
    return known == by_msisdn_.end() ? identity.text : known->second;
}

std::optional<std::string> Scef::ue_of(const Identity& identity) const {
    std::string key = key_of(identity);
    if (!is_known_subscriber(key)) return std::nullopt;
    return key;
}

void Scef::on_uplink(const Frame& frame, const Turn& turn) {
    const std::string ue = canonical(frame.external_id);
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
    if (!notify_uplink(ue, frame.data, frame.rds, frame.sequence)) {
        network_.record(ue, turn).uplinks.settle(frame.sequence, "no-configuration");
        refuse(ue, frame.sequence, "no-configuration");
    }
    network_.on_uplink_heard(ue, /*from_modem=*/true, turn);
}

/// TS 23.682 5.13.4: data without a T8 destination are discarded.
bool Scef::notify_uplink(const std::string& ue, ByteView data,
                         const std::optional<modem_link::RdsPort>& rds,
                         std::optional<std::uint32_t> sequence) {
    const Configuration* configuration = configurations_.for_ue(ue);
    if (configuration == nullptr) {
        uplinks_discarded_ += 1;
        return false;
    }
    notify(Notification::Kind::uplink, *configuration, dump(uplink_body(*configuration, data, rds)),
           sequence);
    return true;
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
