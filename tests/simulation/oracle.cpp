#include "tests/simulation/oracle.h"

#include "nidd/types/t8_json.h"

namespace scef::simulation {

namespace {

/// The API promises a day; clocks that are set take an hour of it.
constexpr Duration key_life = std::chrono::hours(22);

}  // namespace

void Oracle::on_commit(const adapter::Effects& turn, Moment moment, bool is_status_turn) {
    ledger.on_batch(turn.batch, moment, is_status_turn);
    quotas.on_commit(moment.now);
    for (const queueing::RecordWrite& write : turn.batch.writes) {
        if (write.kind != queueing::RecordKind::message || !write.value) continue;
        const auto reply = queueing::message_from_record(*write.value);
        if (reply && reply->is_reply() && reply->frame.type == coap::Type::reset) {
            uplinks.on_reset({reply->device, reply->frame.message_id});
        }
    }
    // A notification may be the answer to the request that made its observation.
    for (const std::string& answer : ledger.answers()) uplinks.on_reached(answer);
    for (const adapter::Effect& effect : turn.effects) {
        if (const auto* call = std::get_if<adapter::CallT8>(&effect)) {
            on_call(*call, moment);
        } else if (const auto* datagram = std::get_if<adapter::SendDatagram>(&effect)) {
            if (const auto message = coap::parse(datagram->octets)) {
                exchanges.on_datagram(datagram->peer, datagram->endpoint, *message, moment.now);
            }
        } else if (const auto* reply = std::get_if<adapter::CommandReply>(&effect)) {
            if (reply->result && !reply->result->message.empty()) {
                ledger.on_promise(reply->result->message);
            }
        }
    }
    ledger.end_of_turn();
}

void Oracle::on_call(const adapter::CallT8& call, Moment moment) {
    using Operation = nidd::T8Request::Operation;
    const Operation operation = call.request.operation;
    if (operation == Operation::read_delivery) {  // tells what became of a PUT
        const MessageId newer = ledger.newer_of(call.request.transfer_id);
        if (!newer.empty()) posts_open_[call.operation] = newer;
    }
    const bool is_put = operation == Operation::replace_delivery;
    if (operation != Operation::create_delivery && !is_put) return;
    ++(is_put ? puts : posts);
    const auto transfer = nidd::parse_transfer(call.request.body);
    if (!transfer) return verdicts.broken("I3", "a POST whose body is no transfer");
    const auto posted =
        ledger.on_post(transfer->data, transfer->maximum_latency, call.request.not_after, moment);
    if (!posted) return;
    posts_open_[call.operation] = posted->id;
    air.on_post(posted->id, transfer->data, posted->may_be_seen_twice);
    if (is_put) {
        quotas.on_put(posted->device, posted->octets, posted->octets_replaced, moment);
    } else if (!posted->is_reply) {
        quotas.on_post(posted->device, posted->octets, moment);
    }
}

void Oracle::on_crash() {
    ledger.on_crash();
    exchanges.on_crash();
    posts_open_.clear();
}

void Oracle::on_told(adapter::OperationId operation, Told told) {
    const auto found = posts_open_.find(operation);
    if (found == posts_open_.end()) return;
    ledger.on_told(found->second, told);
    posts_open_.erase(found);
}

void Oracle::on_enqueued(const std::string& scope, const adapter::CommandDone& done,
                         Moment moment) {
    if (scope.empty()) return;
    const auto [found, is_new] = keys_.try_emplace(scope, KeyUse{done.message, moment.wall});
    if (is_new || found->second.id == done.message) return;
    if (moment.wall - found->second.at < key_life) {
        verdicts.broken("I1", "two messages of one Idempotency-Key: " + scope);
    }
    found->second = {done.message, moment.wall};
}

void Oracle::judge_gauges(const adapter::EngineGauges& gauges, const Stored& stored) {
    const auto judge = [this](const char* what, std::uint64_t said, std::uint64_t found) {
        if (said == found) return;
        verdicts.broken("I6", std::string(what) + ": the gauge says " + std::to_string(said) +
                                  ", the records " + std::to_string(found));
    };
    judge("messages", gauges.messages_open, stored.messages);
    judge("messages by their history", gauges.messages_open, ledger.open());
    judge("octets", gauges.bytes_open, ledger.bytes_open());
    judge("uplinks", gauges.uplinks_open, stored.uplinks);
    judge("devices", gauges.devices, stored.devices);
}

void Oracle::judge_rest(const adapter::EngineGauges& gauges) {
    const auto judge = [this](const char* what, std::uint64_t open) {
        if (open == 0) return;
        verdicts.broken("I9", std::to_string(open) + what + " never come to their end");
    };
    judge(" messages", gauges.messages_open);
    judge(" uplinks", gauges.uplinks_open);
}

}  // namespace scef::simulation
