#include "nidd/client/scef_gate.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

namespace scef::nidd {
namespace {

using Operation = T8Request::Operation;

constexpr Duration pause_least = std::chrono::seconds(1);

/// Deletions make the SCEF's life easier, lists and the read of a delivery settle doubts.
bool is_sheddable(Operation operation) {
    switch (operation) {
        case Operation::delete_configuration:
        case Operation::delete_delivery:
        case Operation::delete_trigger:
        case Operation::delete_subscription:
        case Operation::list_configurations:
        case Operation::list_deliveries:
        case Operation::list_rds_ports:
        case Operation::read_delivery:
            return false;
        default:
            return true;
    }
}

/// Whether a call's end tells that the SCEF is down: no answer, one of a gateway before it, or a
/// 5xx without a body. A 503 tells of load, which is the shedder's.
bool is_failure(const T8Answer& answer) {
    if (answer.transport != T8Answer::Transport::answered) return true;
    if (answer.status == 502 || answer.status == 504) return true;
    return answer.status >= 500 && answer.status != 503 && answer.body.empty();
}

/// Up to half as long again, so that those who were held back do not return together.
Duration spread(Duration wait, Random& random) {
    const auto half = static_cast<std::uint64_t>(wait.count() / 2);
    return wait + Duration(static_cast<Duration::rep>(random.below(half + 1)));
}

}  // namespace

ScefGate::ScefGate(boost::asio::io_context& context, std::unique_ptr<T8Client> client,
                   const ScefGateOptions& options, Random& random, Now now)
    : context_(context),
      random_(random),
      now_(std::move(now)),
      retry_after_max_(options.retry_after_max),
      breaker_(options.breaker),
      shedder_(options.shedding),
      pacer_(options.creations_per_second),
      turn_(context),
      client_(std::move(client)) {}

ScefGate::~ScefGate() = default;

Instant ScefGate::steady_now() {
    return Instant(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

void ScefGate::submit(T8Request request, Done done) {
    const Instant now = now_();
    if (request.operation != Operation::create_configuration) {
        pass(std::move(request), std::move(done), now);
        return;
    }
    waiting_.push_back({std::move(request), std::move(done)});
    release(now);
}

/// Lets go whose turn it is; all of them if the breaker would answer them anyway.
void ScefGate::release(Instant now) {
    while (!waiting_.empty() && (pacer_.is_ready(now) || !breaker_.is_passable(now))) {
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        if (breaker_.is_passable(now)) pacer_.take(now);
        pass(std::move(next.request), std::move(next.done), now);
    }
    meter_.on_waiting(waiting_.size());
    arm();
}

void ScefGate::arm() {
    if (turn_armed_ || waiting_.empty()) return;
    turn_armed_ = true;
    turn_.expires_after(std::max(pacer_.next() - now_(), Duration{}));
    turn_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code&) {
        if (alive.expired()) return;
        turn_armed_ = false;
        release(now_());
    });
}

void ScefGate::pass(T8Request request, Done done, Instant now) {
    const Operation operation = request.operation;
    if (!breaker_.is_passable(now)) {
        meter_.on_blocked();
        hold_back(operation, std::move(done), std::max(breaker_.wait(now), pause_least));
        return;
    }
    if (is_sheddable(operation) && !shedder_.admit(now, random_)) {
        meter_.on_shed();
        hold_back(operation, std::move(done), shed_wait(now));
        return;
    }
    const Passed passed{operation, *breaker_.admit(now), now};
    meter_.on_state(breaker_.state());
    client_->submit(std::move(request), [this, passed, done = std::move(done)](T8Answer answer) {
        on_answer(passed, answer);
        done(std::move(answer));
    });
}

void ScefGate::on_answer(const Passed& passed, const T8Answer& answer) {
    const Instant now = now_();
    meter_.on_ended(passed.operation, answer, now - passed.since);
    if (answer.transport == T8Answer::Transport::expired) return;  // tells nothing of the SCEF
    meter_.on_failed(is_failure(answer) ? now : Instant{});
    if (is_failure(answer)) {
        if (breaker_.on_failure(passed.epoch, now, random_)) meter_.on_opened();
    } else {
        breaker_.on_success();
    }
    meter_.on_state(breaker_.state());
    if (answer.transport != T8Answer::Transport::answered) return;
    const bool accepted = answer.status != 429 && answer.status != 503;
    shedder_.on_answer(now, accepted);
    if (!accepted && answer.retry_after) {
        asked_until_ =
            std::max(asked_until_, now + std::min(*answer.retry_after, retry_after_max_));
    }
}

Duration ScefGate::shed_wait(Instant now) { return std::max(asked_until_ - now, pause_least); }

void ScefGate::hold_back(Operation operation, Done done, Duration wait) {
    meter_.on_held_back(operation);
    T8Answer answer;
    answer.retry_after = spread(wait, random_);
    answer.error = "held back to spare the SCEF";
    boost::asio::post(context_, [alive = std::weak_ptr(alive_), done = std::move(done),
                                 answer = std::move(answer)]() mutable {
        if (!alive.expired()) done(std::move(answer));
    });
}

}  // namespace scef::nidd
