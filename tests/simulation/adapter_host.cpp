#include "tests/simulation/adapter_host.h"

#include "tests/simulation/describe.h"

namespace scef::simulation {

using queueing::RecordKind;

AdapterHost::AdapterHost(Stage& stage, Oracle& oracle,
                         std::shared_ptr<const adapter::Config> config)
    : stage_(stage), oracle_(oracle), config_(std::move(config)), random_(stage.random.next()) {}

void AdapterHost::start() {
    ++incarnation_;
    oracle_.quotas.on_start();
    journal_.forget_old(stage_.wall());
    engine_ = std::make_unique<adapter::Engine>(ShardId{0}, config_);
    Turn turn{stage_.now, stage_.wall(), random_};
    journal_.load(*engine_, turn);
    if (engine_->counters().corrupt_records > 0) {
        oracle_.verdicts.broken("I1", "a record of its own cannot be read after a restart");
    }
    judge_gauges();
    stage_.history.note(stage_.now, [] { return std::string("the adapter starts"); });
    run([this](Turn t) { return engine_->start(t); }, false);
}

bool AdapterHost::take(adapter::Event event) {
    if (!engine_) return false;
    // What is due comes first, so that each turn has one cause.
    if (engine_->next_deadline() <= stage_.now) pass_time();
    if (!engine_) return false;
    stage_.history.note(stage_.now, [&] { return "> " + describe(event); });
    bool is_status = false;
    if (const auto* notification = std::get_if<adapter::ScefNotification>(&event)) {
        is_status = std::holds_alternative<nidd::NiddDownlinkDataDeliveryStatusNotification>(
            notification->notification.body);
    }
    run([&](Turn turn) { return engine_->handle(std::move(event), turn); }, is_status);
    return true;
}

void AdapterHost::pass_time() {
    run([this](Turn turn) { return engine_->handle(adapter::TimePassed{}, turn); }, false);
}

void AdapterHost::run(const std::function<adapter::Effects(Turn)>& turn, bool is_status) {
    const Moment moment{stage_.now, stage_.wall()};
    adapter::Effects effects = turn(Turn{moment.now, moment.wall, random_});
    ++turns_;
    if (stage_.history.is_on()) {
        const std::string_view rows = rows_taken();
        if (!rows.empty())
            stage_.history.note(moment.now, [&] { return "  rows" + std::string(rows); });
    }
    waiting_.push_back({std::move(effects), moment, is_status});
    if (stage_.chance(stage_.weather.crashes)) return crash();
    if (!stage_.weather.slow_commits) {
        while (!waiting_.empty()) commit_first();
        return;
    }
    stage_.after(stage_.between(100us, 20ms), [this, of = incarnation_] {
        if (of == incarnation_ && !waiting_.empty()) commit_first();
    });
}

void AdapterHost::commit_first() {
    const Turned turned = std::move(waiting_.front());
    waiting_.pop_front();
    journal_.apply(turned.effects.batch);
    oracle_.on_commit(turned.effects, turned.moment, turned.is_status);
    release(turned.effects);
}

void AdapterHost::release(const adapter::Effects& effects) {
    for (const adapter::Effect& effect : effects.effects) {
        stage_.history.note(stage_.now, [&] { return "    " + describe(effect); });
        if (const auto* datagram = std::get_if<adapter::SendDatagram>(&effect)) {
            outside.datagram(*datagram);
        } else if (const auto* call = std::get_if<adapter::CallT8>(&effect)) {
            this->call(*call);
        } else if (const auto* word = std::get_if<adapter::SendLeaseWord>(&effect)) {
            stage_.after(stage_.between(1us, 1ms), [this, w = word->word, of = incarnation_] {
                if (of == incarnation_) take(w);
            });
        } else if (const auto* said = std::get_if<adapter::SendGroupWord>(&effect)) {
            stage_.after(stage_.between(1us, 1ms), [this, w = said->word, of = incarnation_] {
                if (of == incarnation_) take(w);
            });
        } else if (const auto* verdict = std::get_if<adapter::NotificationReply>(&effect)) {
            outside.verdict(*verdict);
        } else if (const auto* reply = std::get_if<adapter::CommandReply>(&effect)) {
            outside.reply(*reply);
        }
    }
}

/// Deliveries may wait for a connection first, and die with the adapter then.
void AdapterHost::call(const adapter::CallT8& call) {
    using Operation = nidd::T8Request::Operation;
    AnswerT8 done = [this, id = call.operation, of = incarnation_](nidd::T8Answer answer,
                                                                   Told told) {
        if (of != incarnation_) return;  // whoever asked is dead
        if (told != Told::nothing) oracle_.on_told(id, told);
        take(adapter::T8Completion{id, std::move(answer)});
    };
    const Operation operation = call.request.operation;
    const bool is_delivery =
        operation == Operation::create_delivery || operation == Operation::replace_delivery;
    if (!is_delivery || !stage_.fault(Fault::t8_post_waits, stage_.weather.delivery_answers / 4)) {
        return outside.call(call, std::move(done));
    }
    const Duration wait = stage_.chance(500) ? stage_.between(1ms, 1s) : stage_.between(1s, 50s);
    stage_.after(wait, [this, call, done = std::move(done), of = incarnation_] {
        if (of != incarnation_) return;
        if (stage_.now < call.request.not_after) return outside.call(call, done);
        stage_.coverage.count(Fault::t8_post_expired);
        nidd::T8Answer answer;
        answer.transport = nidd::T8Answer::Transport::expired;
        done(answer, Told::not_taken);
    });
}

/// Some of the waiting turns reach the disk; their effects do not leave any more.
void AdapterHost::crash() {
    const std::size_t kept = stage_.random.below(waiting_.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) {
        Turned& turned = waiting_[i];
        journal_.apply(turned.effects.batch);
        oracle_.ledger.on_batch(turned.effects.batch, turned.moment, turned.is_status);
    }
    stage_.history.note(stage_.now, [&] {
        return "the adapter dies; " + std::to_string(kept) + " of " +
               std::to_string(waiting_.size()) + " waiting turns are on the disk";
    });
    if (kept > 0) stage_.coverage.count(Fault::crash_batch_kept);
    if (kept < waiting_.size()) stage_.coverage.count(Fault::crash_batch_lost);
    ++stage_.coverage.crashes;
    waiting_.clear();
    ++incarnation_;
    engine_.reset();
    oracle_.on_crash();
    const Duration down = stage_.chance(700) ? Duration(1ms) : stage_.between(1s, 90s);
    stage_.after(down, [this] {
        if (!engine_) start();
    });
}

void AdapterHost::judge_gauges() {
    if (!engine_ || !waiting_.empty()) return;
    oracle_.judge_gauges(engine_->gauges(stage_.wall()),
                         {journal_.count(RecordKind::message), journal_.count(RecordKind::uplink),
                          journal_.count(RecordKind::device)});
}

}  // namespace scef::simulation
