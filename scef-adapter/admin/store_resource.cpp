#include "scef-adapter/admin/store_resource.h"

namespace scef::adapter {
namespace {

/// A backup is of no shard; its entry of the audit log has to be in one.
constexpr ShardId home = 0;

}  // namespace

std::vector<Route> StoreResource::routes() {
    return {
        {"POST",
         "/api/v1/store/backups",
         Role::admin,
         false,
         {},
         [this](const ApiCallPtr& call) { make(call); }},
        {"GET", "/api/v1/store/backups", Role::admin, false, {}, [this](const ApiCallPtr& call) {
             list(call);
         }}};
}

void StoreResource::make(const ApiCallPtr& call) {
    // In the audit log before there is a copy of everything, and so in the copy, too.
    const auto announce = [this, call](const std::string& path, std::function<void()> begin) {
        shards_.note(home, call->audit_note({{"path", path}}), std::move(begin));
    };
    backups_.make(wall_(), announce, [call](const Result<std::string>& path) {
        if (!path) return call->answer_error(path.error());
        call->answer(201, {{"path", *path}});
    });
}

void StoreResource::list(const ApiCallPtr& call) const {
    const auto paths = backups_.list();
    if (!paths) return call->answer_error(paths.error());
    call->answer(200, {{"backups", *paths}});
}

}  // namespace scef::adapter
