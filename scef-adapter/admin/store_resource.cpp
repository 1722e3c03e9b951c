#include "scef-adapter/admin/store_resource.h"

namespace scef::adapter {

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
    backups_.make(wall_(), [call](const Result<std::string>& path) {
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
