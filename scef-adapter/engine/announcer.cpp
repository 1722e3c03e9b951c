#include "scef-adapter/engine/announcer.h"

#include <utility>

namespace scef::adapter {

using queueing::MessageState;

template <typename What>
void Announcer::put(What what) {
    FeedEvent event;
    event.id = engine_.make_id();
    event.device = device_.spec.external_id.text();
    event.at = engine_.turn_->wall;
    event.what = std::move(what);
    engine_.out_.batch.put(queueing::RecordKind::feed_event,
                           {event.id.octets().begin(), event.id.octets().end()}, to_record(event));
}

void Announcer::on_outcome(const queueing::Message& message, MessageState was,
                           std::string_view detail) {
    const bool is_told_already = was == message.state;
    if (is_told_already || message.is_reply() || !queueing::is_told(message.ack, message.state)) {
        return;
    }
    MessageOutcome outcome;
    outcome.message = message.id;
    outcome.correlation_id = message.correlation_id;
    outcome.state = message.state;
    outcome.level = message.level;
    outcome.reason = message.reason;
    outcome.attempts = message.attempts;
    outcome.created_at = message.created_at;
    outcome.detail = detail;
    outcome.is_late = was == MessageState::unconfirmed;
    outcome.is_of_api = message.server.state == queueing::ServerLeg::none;
    outcome.response_code = message.response_code;
    if (outcome.is_of_api) outcome.response_payload = message.response_payload;
    put(std::move(outcome));
}

void Announcer::on_registration(const VirtualEndpoint& endpoint, RegistrationChange::Kind kind,
                                std::string_view endpoint_name) {
    put(RegistrationChange{kind, endpoint.server_name, std::string(endpoint_name)});
}

void Announcer::on_configuration(NiddLink::Status was) {
    if (device_.nidd.status == was) return;
    put(ConfigurationChange{device_.nidd.status, device_.nidd.last_cause});
}

void Announcer::on_opaque_uplink(ByteView octets) {
    put(OpaqueUplink{{octets.begin(), octets.end()}});
}

}  // namespace scef::adapter
