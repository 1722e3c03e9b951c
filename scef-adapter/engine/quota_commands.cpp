#include <utility>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/quota_scope.h"

/// Quotas of shared scopes between shards, and what an operator asks of quotas (docs/quotas.md).
namespace scef::adapter {

/// Each device that waits is looked at once, as long as the lease has something left; those that go
/// on waiting stand behind the others.
void Engine::on_lease_word(const LeaseWord& event) {
    scope_quotas_.on_word(event, quota_time());
    for (std::size_t left = scope_quotas_.waiting(event.scope); left > 0; --left) {
        const auto index = scope_quotas_.next_ready(event.scope, quota_time());
        if (!index) break;
        if (Device* device = device_at(*index)) pump(*device);
    }
    scope_quotas_.ask_again(event.scope, quota_time());
}

void Engine::on_set_quota(const SetQuota& event) {
    const auto scope = quota_scope_named(event.scope, *config_);
    if (!scope) return reply(event.reply, tl::unexpected<Error>(scope.error()));
    if (scope->kind != QuotaScope::Kind::device) {
        if (auto set = scope_quotas_.set(event.scope, event.quota, quota_time(), out_.batch);
            !set) {
            return reply(event.reply, tl::unexpected<Error>(std::move(set.error())));
        }
        for (const queueing::DeviceIndex index : scope_quotas_.take_waiting(event.scope)) {
            if (Device* device = device_at(index)) pump(*device);
        }
        return reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
    }
    Device* device = device_named(scope->device);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    DeviceSpec spec = device->spec;
    spec.quota = event.quota.empty() ? DeviceSpec().quota : event.quota;
    if (const auto found = find_quota(*config_, spec.quota); !found) {
        return reply(event.reply, tl::unexpected<Error>(found.error()));
    }
    if (spec != device->spec) replace_spec(*device, std::move(spec));
    reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void Engine::on_dry_run(const DryRunMessage& event) {
    Device* device = device_named(event.message.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    auto message = compose(*device, event.message);
    if (!message) return reply(event.reply, tl::unexpected<Error>(std::move(message.error())));
    message->handed_over_by =
        turn_->wall + (message->send_now ? Duration{} : device->profile->hold_max);
    (void)device->active();
    CommandDone done;
    done.dry_run = QuotaGate(*this, *device).dry_run(*message, event.message.priority);
    reply(event.reply, std::move(done));
}

}  // namespace scef::adapter
