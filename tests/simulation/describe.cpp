#include "tests/simulation/describe.h"

#include "lwm2m-core/coap/codec.h"
#include "nidd/types/t8_json.h"

namespace scef::simulation {
namespace {

std::string text_of(const nidd::Notification& body) {
    if (const auto* uplink = std::get_if<nidd::NiddUplinkDataNotification>(&body)) {
        return "uplink of " + uplink->external_id + ": " + describe(uplink->data);
    }
    if (const auto* status = std::get_if<nidd::NiddDownlinkDataDeliveryStatusNotification>(&body)) {
        return "status " + status->delivery_status.text + " of " +
               status->nidd_downlink_data_transfer.substr(
                   status->nidd_downlink_data_transfer.rfind('/') + 1);
    }
    if (const auto* status = std::get_if<nidd::NiddConfigurationStatusNotification>(&body)) {
        return "configuration " + status->status;
    }
    return "test";
}

std::string text_of(const nidd::T8Request& request) {
    std::string text(nidd::name_of(request.operation));
    text += ' ' + request.configuration_id + ' ' + request.transfer_id;
    if (request.operation != nidd::T8Request::Operation::create_delivery &&
        request.operation != nidd::T8Request::Operation::replace_delivery) {
        return text;
    }
    const auto transfer = nidd::parse_transfer(request.body);
    if (!transfer) return text + " unreadable";
    return text + transfer->external_id + ", " +
           std::to_string(transfer->maximum_latency.value_or(0)) +
           " s: " + describe(transfer->data);
}

std::string say(const adapter::LeaseWord& word) {
    std::string text = word.scope + ' ' + std::string(name_of(word.direction));
    if (const auto* ask = std::get_if<quota::LeaseAsk>(&word.word)) {
        return text + " ask: lease " + std::to_string(ask->serial) + ", used " +
               std::to_string(ask->used_total.messages) + ", least " +
               std::to_string(ask->least.messages);
    }
    if (const auto* grant = std::get_if<quota::LeaseGrant>(&word.word)) {
        return text + " grant: lease " + std::to_string(grant->serial) + ", " +
               std::to_string(grant->granted.messages) + " messages";
    }
    return text + " is used up";
}

}  // namespace

std::string describe(ByteView frame) {
    const auto message = coap::parse(frame);
    if (!message) return "octets " + to_hex(frame);
    static constexpr const char* types[] = {"CON", "NON", "ACK", "RST"};
    std::string text = types[static_cast<unsigned>(message->type)];
    text += ' ' + message->code.text() + " id " + std::to_string(message->message_id);
    if (!message->token.empty()) text += " token " + to_hex(message->token.view());
    if (message->code.is_request()) text += ' ' + message->path_text();
    if (const auto serial = message->query("s")) text += " question " + std::string(*serial);
    if (const auto observe = message->uint_option(coap::options::observe)) {
        text += " observe " + std::to_string(*observe);
    }
    if (!message->payload.empty()) text += " '" + std::string(as_text(message->payload)) + "'";
    return text;
}

std::string describe(const nidd::T8Answer& answer) {
    if (answer.transport == nidd::T8Answer::Transport::not_sent) return "not sent";
    if (answer.transport == nidd::T8Answer::Transport::expired) return "expired, not sent";
    if (answer.transport == nidd::T8Answer::Transport::ambiguous) return "no answer";
    return std::to_string(answer.status) + ' ' + answer.location + ' ' + answer.body;
}

std::string describe(const adapter::Event& event) {
    if (const auto* word = std::get_if<adapter::LeaseWord>(&event)) return say(*word);
    if (const auto* datagram = std::get_if<adapter::ServerDatagram>(&event)) {
        return "from " + datagram->peer.text() + " to endpoint " +
               std::to_string(datagram->endpoint) + ": " + describe(datagram->octets);
    }
    if (const auto* notification = std::get_if<adapter::ScefNotification>(&event)) {
        return "notification " + std::to_string(notification->reply) + ": " +
               text_of(notification->notification.body);
    }
    if (const auto* answer = std::get_if<adapter::T8Completion>(&event)) {
        return "answer to call " + std::to_string(answer->operation) + ": " +
               describe(answer->answer);
    }
    if (std::holds_alternative<adapter::TimePassed>(event)) return "time";
    if (const auto* cancel = std::get_if<adapter::CancelMessage>(&event)) {
        return "cancel " + cancel->id.text();
    }
    if (const auto* enqueue = std::get_if<adapter::EnqueueMessage>(&event)) {
        return "enqueue for " + enqueue->external_id.text() + ": " + describe(enqueue->payload);
    }
    if (const auto* pause = std::get_if<adapter::PauseDevice>(&event)) {
        return (pause->paused ? "pause " : "resume ") + pause->external_id.text();
    }
    if (const auto* purge = std::get_if<adapter::PurgeMessages>(&event)) {
        return "purge " + purge->external_id.text();
    }
    if (const auto* remove = std::get_if<adapter::RemoveDevice>(&event)) {
        return "remove " + remove->external_id.text();
    }
    if (const auto* provision = std::get_if<adapter::ProvisionDevice>(&event)) {
        return "provision " + provision->spec.external_id.text() + " as " + provision->spec.profile;
    }
    return "another event";
}

std::string describe(const adapter::Effect& effect) {
    if (const auto* datagram = std::get_if<adapter::SendDatagram>(&effect)) {
        return "to " + datagram->peer.text() + " from endpoint " +
               std::to_string(datagram->endpoint) + ": " + describe(datagram->octets);
    }
    if (const auto* call = std::get_if<adapter::CallT8>(&effect)) {
        return "call " + std::to_string(call->operation) + ": " + text_of(call->request);
    }
    if (const auto* reply = std::get_if<adapter::NotificationReply>(&effect)) {
        return "verdict " + std::to_string(reply->verdict.status) + " on notification " +
               std::to_string(reply->reply);
    }
    if (const auto* reply = std::get_if<adapter::CommandReply>(&effect)) {
        return reply->result ? "done " + reply->result->message.text()
                             : "refused: " + reply->result.error().message;
    }
    if (std::holds_alternative<adapter::ListConfigurations>(effect)) {
        return "the list of configurations is asked for";
    }
    if (const auto* word = std::get_if<adapter::SendLeaseWord>(&effect)) return say(word->word);
    if (std::holds_alternative<adapter::SendGroupWord>(effect)) return "a word about a group";
    const auto& line = std::get<adapter::LogLine>(effect);
    return "log " + std::string(line.id) + ' ' + line.text;
}

}  // namespace scef::simulation
