#include "lwm2m-core/client/bootstrap.h"

#include <algorithm>

#include "lwm2m-core/client/device_clock.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/server_account.h"
#include "lwm2m-core/coap/transmission.h"

namespace scef::client {
namespace {

using std::chrono::seconds;
namespace codes = coap::codes;
namespace options = coap::options;

/// Resources of the Security object.
constexpr std::uint16_t is_bootstrap_server = 1, short_server_id = 10, hold_off_time = 11,
                        account_timeout = 12;

Duration seconds_at(const ObjectModel& model, const Path& path) {
    constexpr std::int64_t most = 100LL * 366 * 24 * 3600;
    return seconds(std::clamp<std::int64_t>(integer_at(model, path), 0, most));
}

bool is_whole(const Instance& instance) {
    return std::all_of(instance.resources.begin(), instance.resources.end(),
                       [](const Resource& resource) {
                           return !resource.definition->mandatory || resource.is_present();
                       });
}

}  // namespace

std::string_view name_of(BootstrapState state) {
    switch (state) {
        case BootstrapState::idle:
            return "idle";
        case BootstrapState::planned:
            return "planned";
        case BootstrapState::requesting:
            return "requesting";
        case BootstrapState::in_progress:
            return "in-progress";
    }
    return "idle";
}

std::optional<Path> Bootstrap::account() const {
    const Object* const accounts = model_.object(ids::security);
    if (accounts == nullptr) return std::nullopt;
    for (const Instance& instance : accounts->instances) {
        const Path path(ids::security, instance.id);
        if (boolean_at(model_, path.child(is_bootstrap_server))) return path;
    }
    return std::nullopt;
}

bool Bootstrap::has_account() const { return account().has_value(); }

void Bootstrap::start(Instant now) {
    const auto path = account();
    state_ = BootstrapState::planned;
    failures_ = 0;
    due_ = now + (path ? seconds_at(model_, path->child(hold_off_time)) : Duration{});
}

bool Bootstrap::take_due(Instant now) {
    if (now < due_) return false;
    due_ = never;
    state_ = BootstrapState::requesting;
    return true;
}

coap::Message Bootstrap::request() const {
    coap::Message message;
    message.code = codes::post;
    message.add_text(options::uri_path, "bs");
    message.add_text(options::uri_query, "ep=" + endpoint_);
    message.add_text(options::uri_query, "pct=11542");
    return message;
}

void Bootstrap::retry(Turn& turn) {
    constexpr Duration pause_min = seconds(30), pause_max = std::chrono::minutes(10);
    const Duration pause = std::min(pause_max, pause_min * (1U << std::min(failures_, 5U)));
    ++failures_;
    const auto jitter = static_cast<double>(pause.count()) * 0.25 * turn.random.fraction();
    state_ = BootstrapState::planned;
    due_ = turn.now + pause + Duration(static_cast<Duration::rep>(jitter));
}

void Bootstrap::on_settled(const Settled& settled, Turn& turn) {
    const bool accepted = settled.response && settled.response->code == codes::changed;
    if (state_ != BootstrapState::requesting && state_ != BootstrapState::in_progress) return;
    if (!accepted) return retry(turn);
    on_command(turn.now);
}

void Bootstrap::on_command(Instant now) {
    state_ = BootstrapState::in_progress;
    due_ = now + coap::exchange_lifetime;  // unless it finishes, it is asked again then
}

bool Bootstrap::is_consistent() const {
    const Object* const servers = model_.object(ids::server);
    const Object* const accounts = model_.object(ids::security);
    if (servers == nullptr || accounts == nullptr || servers->instances.empty()) return false;
    const auto has_security = [&](std::int64_t short_id) {
        return std::any_of(accounts->instances.begin(), accounts->instances.end(),
                           [&](const Instance& instance) {
                               const Path path(ids::security, instance.id);
                               return !boolean_at(model_, path.child(is_bootstrap_server)) &&
                                      integer_at(model_, path.child(short_server_id)) == short_id;
                           });
    };
    return std::all_of(servers->instances.begin(), servers->instances.end(),
                       [&](const Instance& instance) {
                           const Path path(ids::server, instance.id);
                           const std::int64_t short_id =
                               integer_at(model_, path.child(server_ids::short_server_id));
                           return is_whole(instance) && short_id >= 1 && short_id <= 65534 &&
                                  has_security(short_id);
                       });
}

void Bootstrap::on_finished(Turn& turn) {
    ++finished_;
    state_ = BootstrapState::idle;
    due_ = never;
    failures_ = 0;
    for (const Instance& instance : model_.object(ids::server)->instances) {
        (void)model_.set(Path(ids::server, instance.id, server_ids::last_bootstrapped),
                         unix_seconds(turn.wall));
    }
    const auto path = account();
    const Duration timeout = path ? seconds_at(model_, path->child(account_timeout)) : Duration{};
    purge_due_ = timeout == Duration{} ? never : turn.now + timeout;
}

void Bootstrap::cancel() {
    state_ = BootstrapState::idle;
    due_ = never;
}

void Bootstrap::purge_account(Instant now) {
    if (now < purge_due_) return;
    purge_due_ = never;
    if (const auto path = account()) model_.erase_instance(*path);
}

}  // namespace scef::client
