#include "tests/simulation/scef_model.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/t8_json.h"
#include "tests/simulation/describe.h"
#include "tests/simulation/oracle.h"

namespace scef::simulation {

using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

namespace {

constexpr Duration request_timeout = std::chrono::seconds(60);  ///< of the adapter's T8 client

nidd::T8Answer http(int status, std::string body = {}, std::string location = {}) {
    nidd::T8Answer answer;
    answer.transport = Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.location = std::move(location);
    return answer;
}

std::string status_body(const char* status) {
    return std::string(R"({"deliveryStatus":")") + status + R"("})";
}

const char* one_of(std::span<const char* const> list, Random& random) {
    return list[random.below(list.size())];
}

}  // namespace

void ScefModel::attach(DeviceModel& device) {
    const std::string id = device.external_id();
    devices_[id] = &device;
    device.on_wake = [this, id] { deliver_held(id); };
    device.transmit = [this, id](Bytes data) {
        if (!devices_.at(id)->covered || stage_.fault(Fault::frame_lost, stage_.weather.radio_lost))
            return;
        const int copies = stage_.fault(Fault::frame_doubled, stage_.weather.radio_doubled) ? 2 : 1;
        for (int i = 0; i < copies; ++i) {
            stage_.after(stage_.between(20ms, 400ms), [this, id, data] { uplink(id, data); });
        }
    };
}

std::string ScefModel::link(const std::string& configuration, const std::string& transfer) const {
    const std::string base = "/3gpp-nidd/v1/dm/configurations/" + configuration;
    return transfer.empty() ? base : base + "/downlink-data-deliveries/" + transfer;
}

const std::string* ScefModel::configuration_of(const std::string& external_id) const {
    const auto found = newest_.find(external_id);
    return found == newest_.end() ? nullptr : &found->second;
}

/// Mostly at once; held while the network works on it; or longer than anyone waits.
Duration ScefModel::draw_reply_time() {
    if (!stage_.chance(stage_.weather.delivery_answers / 2)) return stage_.between(1ms, 80ms);
    return stage_.between(100ms, 75s);
}

void ScefModel::finish(nidd::T8Answer answer, Told told, const AnswerT8& done) {
    Duration delay = draw_reply_time();
    if (delay > request_timeout) {
        delay = request_timeout;
        answer = {};
        answer.transport = Transport::ambiguous;
        if (told != Told::nothing) told = Told::doubtful;
    }
    stage_.after(delay, [answer = std::move(answer), told, done] { done(answer, told); });
}

void ScefModel::call(const adapter::CallT8& call, const AnswerT8& done) {
    const nidd::T8Request& request = call.request;
    if (request.operation == Operation::create_delivery) return post(call, done);
    if (request.operation == Operation::replace_delivery) return put(call, done);
    if (auto trouble = side_trouble(request)) {
        return finish(std::move(*trouble), Told::nothing, done);
    }
    if (request.operation == Operation::read_delivery) return read(request, done);
    finish(answer(request), Told::nothing, done);
}

/// The calls beside the deliveries fail, too; some have been carried out all the same.
std::optional<nidd::T8Answer> ScefModel::side_trouble(const nidd::T8Request& request) {
    if (!stage_.fault(Fault::t8_side_answer, stage_.weather.side_answers)) return std::nullopt;
    static constexpr int statuses[] = {500, 500, 502, 503, 503, 429, 408, 403, 400, 404, 409};
    nidd::T8Answer refusal;
    switch (stage_.random.below(4)) {
        case 0:
            refusal.transport = Transport::not_sent;
            return refusal;
        case 1:
            refusal.transport = Transport::ambiguous;
            if (stage_.chance(500)) answer(request);
            return refusal;
        default:
            refusal = http(statuses[stage_.random.below(std::size(statuses))]);
            if (refusal.status == 404 && request.operation != Operation::delete_delivery) {
                refusal.status = 503;
            }
            return refusal;
    }
}

nidd::T8Answer ScefModel::answer(const nidd::T8Request& request) {
    if (request.operation == Operation::create_configuration) return create(request);
    const auto found = configurations_.find(request.configuration_id);
    if (found == configurations_.end()) return http(404);
    switch (request.operation) {
        case Operation::patch_configuration:
            return http(204);
        case Operation::delete_configuration:
            forget_configuration(found->second.external_id);
            return http(204);
        case Operation::list_deliveries:
            return list(request);
        case Operation::delete_delivery:
            return remove(request);
        default:
            return http(405);
    }
}

nidd::T8Answer ScefModel::create(const nidd::T8Request& request) {
    auto wanted = nidd::parse_configuration(request.body);
    if (!wanted) return http(400);
    const std::string id = "c" + std::to_string(next_++);
    const auto& destination = wanted->notification_destination;
    const auto capability = nidd::Capability::parse(destination.substr(destination.rfind('/') + 1));
    if (!capability) return http(400);
    configurations_[id] = {wanted->external_id, *capability};
    newest_[wanted->external_id] = id;
    wanted->self = link(id);
    wanted->maximum_packet_size = 8 * 200;
    return http(201, nidd::to_json(*wanted), link(id));
}

nidd::T8Answer ScefModel::list(const nidd::T8Request& request) {
    std::string body = "[";
    for (const auto& [id, transfer] : transfers_) {
        if (transfer.configuration != request.configuration_id) continue;
        nidd::NiddDownlinkDataTransfer entry;
        entry.self = link(request.configuration_id, id);
        entry.external_id = transfer.external_id;
        entry.data = transfer.data;
        body += (body.size() > 1 ? "," : "") + nidd::to_json(entry);
    }
    return http(200, body + "]");
}

/// A race with the device that wakes: gone already, or on its way.
nidd::T8Answer ScefModel::remove(const nidd::T8Request& request) {
    const auto found = transfers_.find(request.transfer_id);
    if (found == transfers_.end()) return http(404);
    if (stage_.chance(stage_.weather.side_answers)) {
        if (stage_.chance(500)) end_transfer(request.transfer_id);
        return http(409);
    }
    transfers_.erase(found);
    return http(204);
}

void ScefModel::post(const adapter::CallT8& call, const AnswerT8& done) {
    const auto transfer = nidd::parse_transfer(call.request.body);
    if (!transfer) return finish(http(400), Told::refused, done);
    if (!configurations_.contains(call.request.configuration_id)) {
        return finish(http(404), Told::not_taken, done);
    }
    if (stage_.fault(Fault::t8_answer, stage_.weather.delivery_answers)) {
        return post_unusually(call, *transfer, done);
    }
    post_plainly(call, *transfer, done);
}

void ScefModel::post_plainly(const adapter::CallT8& call,
                             const nidd::NiddDownlinkDataTransfer& transfer, const AnswerT8& done) {
    if (devices_.at(transfer.external_id)->is_listening()) {
        on_air(transfer.external_id, transfer.data);
        return finish(http(200, status_body(one_of(success_statuses(), stage_.random))),
                      Told::delivered, done);
    }
    stage_.coverage.count(Fault::device_asleep);
    const std::string id = take(call.request, transfer);
    const char* status = stage_.chance(100) ? one_of(pending_statuses(), stage_.random)
                                            : "BUFFERING_TEMPORARILY_NOT_REACHABLE";
    finish(http(201, status_body(status), link(call.request.configuration_id, id)), Told::buffered,
           done);
    if (stage_.fault(Fault::t8_status_before_answer, stage_.weather.statuses)) end_transfer(id);
}

const T8AnswerKind& ScefModel::draw_answer(std::span<const T8AnswerKind> kinds,
                                           std::size_t octets) {
    unsigned total = 0;
    for (const T8AnswerKind& kind : kinds) total += kind.weight;
    while (true) {
        auto left = static_cast<unsigned>(stage_.random.below(total));
        for (const T8AnswerKind& kind : kinds) {
            if (left >= kind.weight) {
                left -= kind.weight;
                continue;
            }
            const bool too_large =
                std::string_view(kind.body).find("TOO_LARGE") != std::string_view::npos ||
                kind.status == 413;
            if (too_large && octets < 100) break;  // it would refuse everything from then on
            return kind;
        }
    }
}

nidd::T8Answer ScefModel::unusual(const T8AnswerKind& kind, const std::string& link) {
    nidd::T8Answer answer;
    answer.transport = kind.transport;
    answer.status = kind.status;
    answer.body = kind.body;
    answer.location = link;
    if (kind.retransmission_time) {
        answer.body = R"({"problemDetail":{"cause":"TEMPORARILY_NOT_REACHABLE"},)"
                      R"("requestedRetransmissionTime":")" +
                      to_rfc3339(stage_.wall() + stage_.between(1s, 300s)) + R"("})";
    }
    if (kind.status == 429 || kind.status == 503) {
        if (stage_.chance(500)) answer.retry_after = stage_.between(1s, 90s);
    }
    return answer;
}

void ScefModel::post_unusually(const adapter::CallT8& call,
                               const nidd::NiddDownlinkDataTransfer& transfer,
                               const AnswerT8& done) {
    const T8AnswerKind& kind = draw_answer(unusual_t8_answers(), transfer.data.size());
    ++stage_.coverage.t8_answers[static_cast<std::size_t>(&kind - unusual_t8_answers().data())];
    std::string id = "t0";
    const bool takes = kind.takes == T8AnswerKind::Takes::yes ||
                       (kind.takes == T8AnswerKind::Takes::perhaps && stage_.chance(500));
    if (takes) {
        const bool heard = devices_.at(transfer.external_id)->is_listening();
        if (heard && kind.told != Told::buffered) on_air(transfer.external_id, transfer.data);
        if (!heard || kind.told == Told::buffered) id = take(call.request, transfer);
        if (!heard && kind.told == Told::delivered) transfers_.erase(id);
        if (heard && kind.told == Told::buffered) end_transfer(id);
    }
    std::string location;
    if (kind.link == T8AnswerKind::Link::right) {
        location = link(call.request.configuration_id, id);
    } else if (kind.link == T8AnswerKind::Link::other_configuration) {
        location = link("c0", id);
    }
    finish(unusual(kind, location), kind.told, done);
}

}  // namespace scef::simulation
