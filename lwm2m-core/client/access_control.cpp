#include "lwm2m-core/client/access_control.h"

#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

constexpr std::uint16_t object_id = 0, instance_id = 1, acl = 2, owner_id = 3;

std::optional<std::int64_t> number(const Instance& list, std::uint16_t resource,
                                   std::uint16_t id = 0) {
    const Value* const value = list.resource(resource)->value(id);
    const auto* const found = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

bool is_list_of(const Instance& list, const Path& path) {
    const std::uint16_t wanted = path.depth() == 1 ? AccessControl::whole_object : path.instance();
    return number(list, object_id) == path.object() && number(list, instance_id) == wanted;
}

}  // namespace

bool AccessControl::is_enforced() const {
    const Object* const servers = model_.object(ids::server);
    const Object* const lists = model_.object(ids::access_control);
    return lists != nullptr && servers != nullptr && servers->instances.size() > 1;
}

const Instance* AccessControl::find(const Path& path) const {
    const Object* const lists = model_.object(ids::access_control);
    if (lists == nullptr) return nullptr;
    for (const Instance& list : lists->instances) {
        if (is_list_of(list, path)) return &list;
    }
    return nullptr;
}

Instance* AccessControl::find(const Path& path) {
    Object* const lists = model_.object(ids::access_control);
    if (lists == nullptr) return nullptr;
    for (Instance& list : lists->instances) {
        if (is_list_of(list, path)) return &list;
    }
    return nullptr;
}

/// A list may be read by all and is written by its owner alone (Core TS 8.1).
bool AccessControl::allows_to_own_list(std::uint16_t server, const Path& path, Right right) const {
    if (right == Right::read) return true;
    const Path owner = Path(ids::access_control, path.instance(), owner_id);
    return right == Right::write && integer_at(model_, owner, maker) == server;
}

bool AccessControl::allows(std::uint16_t server, const Path& path, Right right) const {
    if (!is_enforced()) return true;
    const bool is_object = path.depth() < 2;
    if (path.object() == ids::access_control && !is_object) {
        return allows_to_own_list(server, path, right);
    }
    const Instance* const list = find(path.prefix(is_object ? 1 : 2));
    if (list == nullptr) return false;
    auto rights = number(*list, acl, server);
    if (!rights && number(*list, owner_id) == server) return true;
    if (!rights) rights = number(*list, acl, 0);
    return rights && (*rights & static_cast<std::int64_t>(right)) != 0;
}

void AccessControl::grant(const Path& path, std::uint16_t owner, std::uint8_t everyone) {
    Object* const lists = model_.object(ids::access_control);
    if (lists == nullptr) return;
    Instance* list = find(path);
    if (list == nullptr) {
        std::uint16_t id = 0;
        while (lists->instance(id) != nullptr) ++id;
        list = &model_.add_instance(ids::access_control, id);
    }
    const std::uint16_t instance = path.depth() == 1 ? whole_object : path.instance();
    list->set(object_id, std::int64_t{path.object()});
    list->set(instance_id, std::int64_t{instance});
    list->resource(acl)->values.clear();
    if (everyone != 0) list->resource(acl)->set(0, std::int64_t{everyone});
    list->set(owner_id, std::int64_t{owner});
}

void AccessControl::grant_to(const Path& path, std::uint16_t server, std::uint8_t rights) {
    Instance* const list = find(path);
    if (list != nullptr) list->resource(acl)->set(server, std::int64_t{rights});
}

void AccessControl::on_created(const Path& instance, std::uint16_t owner) {
    if (is_enforced()) grant(instance, owner, 0);
}

void AccessControl::on_removed(const Path& instance) {
    const Instance* const list = find(instance);
    if (list != nullptr) model_.erase_instance(Path(ids::access_control, list->id));
}

}  // namespace scef::client
