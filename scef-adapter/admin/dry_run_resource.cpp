#include "scef-adapter/admin/dry_run_resource.h"

#include <algorithm>
#include <memory>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/admin/quota_json.h"
#include "scef-adapter/engine/effective_quota.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

Json time_or_null(const std::optional<WallTime>& time) {
    return time ? Json(to_rfc3339(*time)) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// As in the timeline: `group:north: 100 messages per hour`.
std::string detail_of(const DryRun::Wait& wait) {
    if (wait.scope.empty() || wait.detail.empty()) return wait.scope + wait.detail;
    return wait.scope + ": " + wait.detail;
}

Json waits_json(const DryRun& run) {
    Json waits = Json::array();
    for (const DryRun::Wait& wait : run.waits) {
        waits.push_back({{"reason", queueing::name_of(wait.reason)},
                         {"detail", text_or_null(detail_of(wait))},
                         {"until", time_or_null(wait.until)}});
    }
    return waits;
}

Json refusal_json(const DryRun& run) {
    if (!run.refusal) return nullptr;
    return {{"cause", cause_of(run.refusal->code)},
            {"detail", run.refusal->message},
            {"scope", text_or_null(run.refusal_scope)}};
}

Json verdict_json(const DryRun& run) {
    const bool is_known = std::all_of(run.waits.begin(), run.waits.end(),
                                      [](const auto& wait) { return wait.until.has_value(); });
    const bool may_go = is_known && !run.refusal;
    return {{"admitted", !run.refusal},
            {"refusedBy", refusal_json(run)},
            {"waits", waits_json(run)},
            {"earliestSendTime", may_go ? Json(to_rfc3339(run.earliest)) : Json(nullptr)},
            {"queueAhead", run.queue_ahead},
            {"cost",
             {{"messages", 1},
              {"octets", run.octets},
              {"octetsCounted", run.octets_counted},
              {"frames", run.frames}}},
            {"expiresAt", to_rfc3339(run.expires_at)}};
}

/// Completes a dry run with what the owners of the shared scopes know, one after the other: their
/// limits, and whether they would lease what the device's shard has not got. Then answers.
class ScopesAsked : public std::enable_shared_from_this<ScopesAsked> {
public:
    ScopesAsked(ShardAccess& shards, ApiCallPtr call, DryRun run)
        : shards_(shards), call_(std::move(call)), run_(std::move(run)) {}

    /// On the device's shard: its own limits, and which scopes there are.
    void start(const Engine& engine, const Device& device, const quota::QuotaTime& time) {
        const QuotaSides own = quota_sides(device, Direction::downlink, time);
        const std::string name = device_scope(device.spec.external_id);
        add(name, own.configured);
        add(name, own.learned);
        std::vector<std::string> scopes;
        for (const std::string& group : device.spec.groups) scopes.push_back(group_scope(group));
        scopes.push_back(scef_scope(engine.config().scefs[device.scef]));
        scopes.emplace_back(account_scope);
        for (std::string& scope : scopes) {
            const ScopeView view = engine.scope_quotas().view(scope, time);
            if (view.config != nullptr) scopes_.push_back(std::move(scope));
        }
        next();
    }

private:
    void next() {
        if (place_ == scopes_.size()) {
            Json verdict = verdict_json(run_);
            verdict["limits"] = std::move(limits_);
            return call_->answer(200, verdict);
        }
        const std::string& scope = scopes_[place_++];
        shards_.query(owner_of_scope(scope, shards_.shards()),
                      [self = shared_from_this(), &scope](const Engine& engine, const Turn& turn) {
                          self->ask(engine, turn, scope);
                          self->next();
                      });
    }

    void ask(const Engine& engine, const Turn& turn, const std::string& scope) {
        const auto time = engine.quota_time(turn);
        const ScopeView view = engine.scope_quotas().view(scope, time);
        add(scope, view.sides[static_cast<std::size_t>(Direction::downlink)].limits);
        const auto wait = std::find_if(run_.waits.begin(), run_.waits.end(),
                                       [&](const auto& one) { return one.scope == scope; });
        if (wait == run_.waits.end()) return;
        const auto hold = engine.scope_quotas().hold_by_owner(scope, time, run_.want);
        if (!hold) {
            run_.waits.erase(wait);
            return;
        }
        wait->detail = hold->limit;
        wait->until = turn.wall + (hold->until - turn.now);
        run_.earliest = std::max(run_.earliest, *wait->until);
        if (!hold->rejects || run_.refusal) return;
        run_.refusal = Error{Errc::quota_exceeded,
                             "the downlink quota of " + scope + " is used up: " + hold->limit};
        run_.refusal_scope = scope;
    }

    void add(const std::string& scope, const std::vector<quota::LimitUse>& uses) {
        for (const quota::LimitUse& use : uses) {
            Json limit = limit_json(use);
            limit["scope"] = scope;
            limits_.push_back(std::move(limit));
        }
    }

    ShardAccess& shards_;
    const ApiCallPtr call_;
    DryRun run_;
    Json limits_ = Json::array();
    std::vector<std::string> scopes_;
    std::size_t place_ = 0;
};

}  // namespace

std::vector<Route> DryRunResource::routes() {
    return {
        {"POST", "/api/v1/messages:dryRun", Role::send, true, {}, [this](const ApiCallPtr& call) {
             run(call);
         }}};
}

void DryRunResource::run(const ApiCallPtr& call) {
    auto message = message_with_device(call->body, wall_());
    if (!message) return call->answer_error(message.error());
    const ExternalId id = message->external_id;
    shards_.command(
        id.shard(shards_.shards()),
        [message = std::move(*message)](ReplyId reply) {
            return DryRunMessage{reply, message};
        },
        [this, call, id](const Engine& engine, const Turn& turn, const CommandReply& reply) {
            if (!reply.result) return call->answer_error(reply.result.error());
            const DeviceView device = engine.find_device(id);
            if (device == nullptr) {
                return call->answer_error({Errc::not_found, "the device was removed meanwhile"});
            }
            std::make_shared<ScopesAsked>(shards_, call, *reply.result->dry_run)
                ->start(engine, *device, engine.quota_time(turn));
        });
}

}  // namespace scef::adapter
