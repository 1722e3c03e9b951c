#include "scef-adapter/admin/quota_resource.h"

#include "scef-adapter/admin/quota_choice.h"
#include "scef-adapter/admin/quota_json.h"

namespace scef::adapter {
namespace {

void answer_with(const ApiCallPtr& call, const Engine& engine, const Turn& turn,
                 const ExternalId& id) {
    const DeviceView device = engine.find_device(id);
    if (device == nullptr) return call->answer_error({Errc::not_found, "no such device"});
    call->answer(200, quota_document(*device, engine.quota_time(turn)));
}

}  // namespace

std::vector<Route> QuotaResource::routes() {
    return {
        {"GET",
         "/api/v1/quotas/{+scope}",
         Role::read,
         false,
         {},
         [this](const ApiCallPtr& call) { show(call); }},
        {"PUT",
         "/api/v1/quotas/{+scope}",
         Role::admin,
         true,
         {},
         [this](const ApiCallPtr& call) { set(call); }},
    };
}

void QuotaResource::show(const ApiCallPtr& call) {
    const std::string& name = call->path.find("scope")->second;
    const auto scope = quota_scope_named(name, *config_.get());
    if (!scope) return call->answer_error(scope.error());
    if (scope->kind != QuotaScope::Kind::device) return answer_shared(call, name);
    shards_.query(scope->device.shard(shards_.shards()),
                  [call, id = scope->device](const Engine& engine, const Turn& turn) {
                      answer_with(call, engine, turn, id);
                  });
}

/// Only its owner knows what all shards use of it.
void QuotaResource::answer_shared(const ApiCallPtr& call, const std::string& scope) {
    shards_.query(owner_of_scope(scope, shards_.shards()),
                  [call, scope](const Engine& engine, const Turn& turn) {
                      const auto time = engine.quota_time(turn);
                      call->answer(200, quota_document(engine.scope_quotas().view(scope, time)));
                  });
}

void QuotaResource::set(const ApiCallPtr& call) {
    const std::string& name = call->path.find("scope")->second;
    const auto scope = quota_scope_named(name, *config_.get());
    if (!scope) return call->answer_error(scope.error());
    auto quota = quota_from_body(*config_.get(), call->body);
    if (!quota) return call->answer_error(quota.error());
    if (scope->kind != QuotaScope::Kind::device) {
        return set_shared(call, {0, name, std::move(*quota)});
    }
    set_device(call, scope->device, {0, device_scope(scope->device), std::move(*quota)});
}

void QuotaResource::set_device(const ApiCallPtr& call, const ExternalId& device, SetQuota change) {
    shards_.change(
        device.shard(shards_.shards()), call->audit_note(),
        [change = std::move(change)](ReplyId reply) {
            SetQuota event = change;
            event.reply = reply;
            return event;
        },
        [call, device](const Engine& engine, const Turn& turn, const CommandReply& reply) {
            if (!reply.result) return call->answer_error(reply.result.error());
            answer_with(call, engine, turn, device);
        });
}

void QuotaResource::set_shared(const ApiCallPtr& call, SetQuota change) {
    const std::string scope = change.scope;
    changes_.run(std::move(change), call->audit_note(), [this, call, scope](const Status& done) {
        if (!done) return call->answer_error(done.error());
        answer_shared(call, scope);
    });
}

}  // namespace scef::adapter
