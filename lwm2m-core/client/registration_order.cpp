#include "lwm2m-core/client/registration_order.h"

#include <algorithm>
#include <utility>

namespace scef::client {

using Step = Registration::Step;
using Verdict = Registration::Verdict;

void RegistrationOrder::begin(Instant now) {
    std::vector<std::pair<std::int64_t, Session*>> ordered;
    for (const auto& session : sessions_) {
        if (!session->is_bound()) continue;
        const ServerAccount account = session->account();
        session->registration().forget();
        session->registration().reset_attempts();
        if (account.priority_order) {
            ordered.emplace_back(*account.priority_order, session.get());
        } else {
            session->registration().plan(Step::register_, now + account.initial_delay);
        }
    }
    std::ranges::stable_sort(ordered, {}, [](const auto& entry) { return entry.first; });
    waiting_.clear();
    for (const auto& [order, session] : ordered) waiting_.push_back(session);
    plan_next(now);
}

void RegistrationOrder::plan_next(Instant now) {
    if (waiting_.empty()) return;
    Session& next = *waiting_.front();
    next.registration().plan(Step::register_, now + next.account().initial_delay);
}

void RegistrationOrder::on_verdict(const Session& session, Verdict verdict, Instant now) {
    const bool is_awaited = !waiting_.empty() && waiting_.front() == &session;
    if (verdict == Verdict::none || !is_awaited) return;
    if (verdict == Verdict::exhausted && session.account().failure_block) return;
    waiting_.erase(waiting_.begin());
    plan_next(now);
}

}  // namespace scef::client
