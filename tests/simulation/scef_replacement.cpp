#include "nidd/types/t8_json.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/scef_model.h"

/// PUT and GET of one delivery: what is buffered is exchanged, or not, or nobody knows.
namespace scef::simulation {
namespace {

nidd::T8Answer http(int status, std::string body = {}) {
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

}  // namespace

void ScefModel::put(const adapter::CallT8& call, const AnswerT8& done) {
    const std::string& id = call.request.transfer_id;
    const auto wanted = nidd::parse_transfer(call.request.body);
    if (!wanted) return finish(http(400), Told::not_taken, done);
    const auto found = transfers_.find(id);
    if (found == transfers_.end() || found->second.configuration != call.request.configuration_id) {
        return finish(http(404), Told::not_taken, done);
    }
    Transfer& held = found->second;
    const Duration latency = std::chrono::seconds(wanted->maximum_latency.value_or(0));
    const bool is_unusual = stage_.fault(Fault::t8_put_answer, 2 * stage_.weather.delivery_answers);
    if (is_unusual) return put_unusually(held, id, wanted->data, latency, done);
    exchange(held, id, wanted->data, latency);
    finish(stage_.chance(500) ? http(204) : http(200, call.request.body), Told::buffered, done);
    if (stage_.fault(Fault::t8_status_before_answer, stage_.weather.statuses)) end_transfer(id);
}

void ScefModel::put_unusually(Transfer& held, const std::string& id, const Bytes& data,
                              Duration latency, const AnswerT8& done) {
    const T8AnswerKind& kind = draw_answer(unusual_put_answers(), data.size());
    ++stage_.coverage.put_answers[static_cast<std::size_t>(&kind - unusual_put_answers().data())];
    const bool takes = kind.takes == T8AnswerKind::Takes::yes ||
                       (kind.takes == T8AnswerKind::Takes::perhaps && stage_.chance(500));
    if (takes) exchange(held, id, data, latency);
    // Delivered in the meantime, or being sent: the one that is there.
    const bool is_sent = kind.status == 404 || kind.status == 410 ||
                         (kind.status == 409 && stage_.chance(500)) ||
                         (kind.told == Told::doubtful && stage_.chance(200));
    if (kind.told == Told::delivered) {
        on_air(held.external_id, held.data);
        transfers_.erase(id);
    } else if (is_sent) {
        end_transfer(id);
    }
    finish(unusual(kind, {}), kind.told, done);
}

void ScefModel::exchange(Transfer& held, const std::string& id, const Bytes& data,
                         Duration latency) {
    held.data = data;
    end_at(id, held, latency);
}

void ScefModel::read(const nidd::T8Request& request, const AnswerT8& done) {
    const auto found = transfers_.find(request.transfer_id);
    if (found == transfers_.end() || found->second.configuration != request.configuration_id) {
        return finish(http(404), Told::nothing, done);
    }
    nidd::NiddDownlinkDataTransfer body;
    body.self = link(request.configuration_id, request.transfer_id);
    body.external_id = found->second.external_id;
    body.data = found->second.data;
    const bool is_put = oracle_.ledger.is_of_newer(request.transfer_id, body.data);
    finish(http(200, nidd::to_json(body)), is_put ? Told::buffered : Told::not_taken, done);
}

}  // namespace scef::simulation
