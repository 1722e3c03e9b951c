#include "scef-adapter/engine/same_question.h"

#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"

/// D2: a server that asks the same again with another message id or token. While the first is open,
/// it is attached to it; an answer that came too late for the first is its answer at once. Neither
/// costs a frame (docs/exchanges.md).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::RecordKind;
using queueing::RecordReader;
using queueing::RecordWriter;
using queueing::ServerExchange;

namespace {

constexpr std::size_t attached_max = 8;
constexpr std::size_t kept_answers_max = 8;
constexpr std::uint8_t kept_answer_version = 1;

/// All that makes a question but who asks it when.
std::uint64_t question_of(const coap::Message& request) {
    coap::Message question = request;
    question.type = coap::Type::confirmable;
    question.message_id = 0;
    question.token = {};
    return stable_hash(coap::serialize(question));
}

bool is_same_question(const coap::Message& a, const coap::Message& b) {
    return a.code == b.code && a.options == b.options && a.payload == b.payload;
}

/// Its slot was freed (D19): it only waits for a late answer, and asking anew is worth a frame.
bool was_given_up(const queueing::Message& message) {
    return message.device_leg == DeviceLeg::awaiting_answer && !message.holds_slot;
}

Bytes kept_answer_key(queueing::DeviceIndex device, const KeptAnswer& kept) {
    return RecordWriter().number(device).number(kept.endpoint).number(kept.question).take();
}

}  // namespace

bool may_be_asked_again(const coap::Message& request) {
    namespace options = coap::options;
    if (!lwm2m::is_idempotent(request.code)) return false;
    const auto excludes = {options::block1,   options::block2,       options::observe,
                           options::oscore,   options::q_block1,     options::q_block2,
                           options::if_match, options::if_none_match};
    return std::none_of(excludes.begin(), excludes.end(),
                        [&](std::uint16_t number) { return request.find(number) != nullptr; });
}

/// `frame` is the request as the device would see it. True if it is dealt with.
bool Engine::answer_same_question(Device& device, const ServerDatagram& event,
                                  const ServerExchange& asker, const coap::Message& frame,
                                  WallTime expires_at) {
    if (!may_be_asked_again(frame) || !device.activity) return false;
    return serve_kept_answer(device, event, asker, frame) ||
           attach(device, event, asker, frame, expires_at);
}

bool Engine::attach(Device& device, const ServerDatagram& event, const ServerExchange& asker,
                    const coap::Message& frame, WallTime expires_at) {
    for (const MessageId& id : device.activity->messages) {
        Message* message = message_at(id);
        if (message == nullptr || message->kind != MessageKind::request ||
            message->server.endpoint != asker.endpoint ||
            message->server.state == queueing::ServerLeg::none ||
            message->device_leg == DeviceLeg::done ||
            message->device_leg == DeviceLeg::expired_in_flight || message->cancel_requested ||
            !message->superseded_by.empty() || was_given_up(*message) ||
            message->id < device.activity->newest_change ||
            message->attached.size() >= attached_max || !is_same_question(message->frame, frame)) {
            continue;
        }
        ++counters_.questions_attached;
        message->attached.push_back(asker);
        message->expires_at = std::max(message->expires_at, expires_at);
        server_requests_.set_message(
            queueing::RequestHistory::key(event.endpoint, event.peer, asker.message_id,
                                          asker.datagram_hash),
            id);
        write_timeline(*message, "asked again");
        expect_answer(device, *message, message->attached.back());
        return true;
    }
    return false;
}

bool Engine::serve_kept_answer(Device& device, const ServerDatagram& event,
                               const ServerExchange& asker, const coap::Message& frame) {
    auto& kept = device.activity->kept_answers;
    const std::uint64_t question = question_of(frame);
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptAnswer& answer) {
        return answer.endpoint == asker.endpoint && answer.question == question &&
               answer.forget_at > turn_->wall;
    });
    if (found == kept.end()) return false;
    auto answer = coap::parse(found->answer);
    forget_kept_answer(device, *found);
    if (!answer) return false;
    ++counters_.late_answers_served;
    answer->token = asker.token;
    answer->type = asker.confirmable ? coap::Type::acknowledgement : coap::Type::non_confirmable;
    answer->message_id = asker.confirmable ? asker.message_id : next_server_message_id(device);
    Bytes octets = coap::serialize(*answer);
    server_requests_.set_answer(
        queueing::RequestHistory::key(event.endpoint, event.peer, asker.message_id,
                                      asker.datagram_hash),
        octets);
    send_to_server(asker.endpoint, asker.peer, std::move(octets));
    return true;
}

bool may_change(const queueing::Message& message) {
    if (message.kind != MessageKind::request) return !message.is_reply();
    return message.frame.code != coap::codes::get && message.frame.code != coap::codes::fetch;
}

/// After it, an answer to what was asked before is no answer any more.
void Engine::note_change(Device& device, const Message& message) {
    if (!may_change(message)) return;
    DeviceActivity& active = device.active();
    active.newest_change = std::max(active.newest_change, message.id);
    while (!active.kept_answers.empty()) {
        forget_kept_answer(device, active.kept_answers.front());
    }
}

void Engine::keep_answer(Device& device, queueing::EndpointIndex endpoint,
                         const coap::Message& request, coap::Message answer, Duration life) {
    auto& kept = device.active().kept_answers;
    const std::uint64_t question = question_of(request);
    while (true) {
        const auto older = std::find_if(kept.begin(), kept.end(), [&](const KeptAnswer& one) {
            return one.endpoint == endpoint && one.question == question;
        });
        if (older != kept.end()) {
            forget_kept_answer(device, *older);
        } else if (kept.size() >= kept_answers_max) {
            forget_kept_answer(device, kept.front());
        } else {
            break;
        }
    }
    answer.token = {};
    KeptAnswer one{endpoint, question, coap::serialize(answer), turn_->wall + life};
    out_.batch.put(RecordKind::kept_answer, kept_answer_key(device.index, one),
                   RecordWriter(kept_answer_version).octets(one.answer).time(one.forget_at).take());
    schedule(instant_of(one.forget_at), TimerKind::pump, device.index);
    kept.push_back(std::move(one));
}

/// By value: the reference may be to the very element that goes.
void Engine::forget_kept_answer(Device& device, KeptAnswer one) {
    out_.batch.erase(RecordKind::kept_answer, kept_answer_key(device.index, one));
    std::erase_if(device.active().kept_answers, [&](const KeptAnswer& kept) {
        return kept.endpoint == one.endpoint && kept.question == one.question;
    });
}

void Engine::forget_old_answers(Device& device) {
    const std::vector<KeptAnswer> kept = device.activity->kept_answers;
    for (const KeptAnswer& one : kept) {
        if (one.forget_at <= turn_->wall) forget_kept_answer(device, one);
    }
}

bool Engine::restore_kept_answer(ByteView key, ByteView value) {
    RecordReader name(key);
    Device* device = device_at(name.number<queueing::DeviceIndex>());
    KeptAnswer one;
    one.endpoint = name.number<queueing::EndpointIndex>();
    one.question = name.number<std::uint64_t>();
    RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == kept_answer_version;
    const ByteView answer = reader.octets();
    one.answer.assign(answer.begin(), answer.end());
    one.forget_at = reader.time();
    if (!known || !name.ok() || !reader.ok() || device == nullptr) return false;
    device->active().kept_answers.push_back(std::move(one));
    return true;
}

}  // namespace scef::adapter
