#include "lwm2m-core/client/object_model.h"

#include <algorithm>

namespace scef::client {
namespace {

constexpr std::uint16_t security_object = 0;

void collect(const Path& base, const Resource& resource, Records& records) {
    for (const auto& [id, value] : resource.values) {
        const bool multiple = resource.definition->multiple;
        records.push_back(
            {multiple ? base.child(id) : base, resource.definition->type, value, multiple});
    }
}

void collect(const Path& base, const Instance& instance, Records& records) {
    for (const Resource& resource : instance.resources) {
        if (resource.definition->is_readable()) {
            collect(base.child(resource.definition->id), resource, records);
        }
    }
}

}  // namespace

Object& ObjectModel::add(const ObjectDefinition& definition) {
    objects_.push_back(Object{&definition, {}});
    return objects_.back();
}

Object* ObjectModel::object(std::uint16_t id) {
    for (Object& entry : objects_) {
        if (entry.definition->id == id) return &entry;
    }
    return nullptr;
}

const Object* ObjectModel::object(std::uint16_t id) const {
    for (const Object& entry : objects_) {
        if (entry.definition->id == id) return &entry;
    }
    return nullptr;
}

const ResourceDefinition* ObjectModel::definition(const Path& path) const {
    const Object* const found = path.depth() >= 3 ? object(path.object()) : nullptr;
    return found == nullptr ? nullptr : found->definition->resource(path.resource());
}

bool ObjectModel::exists(const Path& path) const {
    if (path.depth() == 0) return true;
    const Object* const found = object(path.object());
    if (found == nullptr || path.depth() == 1) return found != nullptr;
    const Instance* const instance = found->instance(path.instance());
    if (instance == nullptr || path.depth() == 2) return instance != nullptr;
    const Resource* const resource = instance->resource(path.resource());
    if (resource == nullptr || !resource->is_present() || path.depth() == 3) {
        return resource != nullptr && resource->is_present();
    }
    return resource->definition->multiple && resource->value(path.id(3)) != nullptr;
}

const Value* ObjectModel::peek(const Path& path) const {
    const Object* const found = object(path.object());
    const Instance* const instance = found ? found->instance(path.instance()) : nullptr;
    const Resource* const resource = instance ? instance->resource(path.resource()) : nullptr;
    return resource ? resource->value(path.id(3)) : nullptr;
}

Answer<Records> ObjectModel::read(const Path& path) const {
    if (path.depth() > 0 && path.object() == security_object) {
        return tl::unexpected(coap::codes::unauthorized);
    }
    if (path.depth() == 0) return tl::unexpected(coap::codes::method_not_allowed);
    const ResourceDefinition* const definition = this->definition(path);
    if (definition != nullptr && exists(path.prefix(2)) && !definition->is_readable()) {
        return tl::unexpected(coap::codes::method_not_allowed);
    }
    if (!exists(path)) return tl::unexpected(coap::codes::not_found);
    const Object& found = *object(path.object());
    Records records;
    if (path.depth() == 1) {
        for (const Instance& entry : found.instances) collect(path.child(entry.id), entry, records);
        return records;
    }
    const Instance& instance = *found.instance(path.instance());
    if (path.depth() == 2) {
        collect(path, instance, records);
        return records;
    }
    collect(path.prefix(3), *instance.resource(path.resource()), records);
    std::erase_if(records, [&](const Record& record) { return !path.contains(record.path); });
    return records;
}

Answer<void> ObjectModel::check(const Record& record, bool may_write_all) const {
    const ResourceDefinition* const definition = this->definition(record.path);
    if (definition == nullptr) return tl::unexpected(coap::codes::not_found);
    if (!definition->is_writable() && !may_write_all) {
        return tl::unexpected(coap::codes::method_not_allowed);
    }
    if (definition->is_executable()) return tl::unexpected(coap::codes::method_not_allowed);
    if (record.path.depth() == 4 && !definition->multiple) {
        return tl::unexpected(coap::codes::bad_request);
    }
    const auto value = convert(record.value, definition->type);
    if (!value || !definition->range.holds(*value)) return tl::unexpected(coap::codes::bad_request);
    return {};
}

void ObjectModel::apply(Record&& record) {
    Resource& resource = *object(record.path.object())
                              ->instance(record.path.instance())
                              ->resource(record.path.resource());
    resource.set(record.path.id(3), std::move(*convert(record.value, resource.definition->type)));
}

void ObjectModel::clear_replaced(const Path& path, const Records& records) {
    Instance& instance = *object(path.object())->instance(path.instance());
    for (Resource& resource : instance.resources) {
        const ResourceDefinition& definition = *resource.definition;
        const Path own = path.prefix(2).child(definition.id);
        const bool given = std::any_of(records.begin(), records.end(), [&](const Record& record) {
            return own.contains(record.path);
        });
        const bool droppable =
            definition.is_writable() && !definition.mandatory && path.depth() == 2;
        if ((given && definition.multiple) || (!given && droppable)) resource.values.clear();
    }
}

Answer<void> ObjectModel::write(const Path& path, Records records, bool replace,
                                Authority authority) {
    if (path.depth() < 2 || object(path.object()) == nullptr ||
        object(path.object())->instance(path.instance()) == nullptr) {
        return tl::unexpected(path.depth() < 2 ? coap::codes::method_not_allowed
                                               : coap::codes::not_found);
    }
    for (const Record& record : records) {
        if (!path.contains(record.path)) return tl::unexpected(coap::codes::bad_request);
        if (const auto checked = check(record, authority == Authority::bootstrap_server);
            !checked) {
            return checked;
        }
    }
    if (replace && path.depth() < 4) clear_replaced(path, records);
    for (Record& record : records) apply(std::move(record));
    return {};
}

Answer<void> ObjectModel::set(const Path& path, Value value) {
    const ResourceDefinition* const definition = this->definition(path);
    if (definition == nullptr || definition->is_executable() || !exists(path.prefix(2))) {
        return tl::unexpected(coap::codes::not_found);
    }
    auto converted = convert(value, definition->type);
    if (!converted) return tl::unexpected(coap::codes::bad_request);
    apply({path, definition->type, std::move(*converted), definition->multiple});
    return {};
}

void ObjectModel::clear(const Path& resource) {
    Object* const found = object(resource.object());
    Instance* const instance = found ? found->instance(resource.instance()) : nullptr;
    Resource* const entry = instance ? instance->resource(resource.resource()) : nullptr;
    if (entry != nullptr) entry->values.clear();
}

Instance& ObjectModel::add_instance(std::uint16_t object_id, std::uint16_t id) {
    Object& found = *object(object_id);
    const auto place = std::find_if(found.instances.begin(), found.instances.end(),
                                    [&](const Instance& entry) { return entry.id > id; });
    return *found.instances.emplace(place, id, *found.definition);
}

void ObjectModel::erase_instance(const Path& path) {
    Object* const found = object(path.object());
    if (found == nullptr) return;
    std::erase_if(found->instances,
                  [&](const Instance& entry) { return entry.id == path.instance(); });
}

Answer<Path> ObjectModel::create(std::uint16_t object_id, std::optional<std::uint16_t> id,
                                 Records records, Authority authority) {
    Object* const found = object(object_id);
    if (found == nullptr) return tl::unexpected(coap::codes::not_found);
    const ObjectDefinition& definition = *found->definition;
    const bool allowed = authority == Authority::server ? definition.servers_may_create()
                                                        : definition.bootstrap_may_create();
    if (!allowed || found->instances.size() >= definition.instances_max) {
        return tl::unexpected(coap::codes::method_not_allowed);
    }
    std::uint16_t chosen = id.value_or(0);
    if (id && found->instance(*id) != nullptr) return tl::unexpected(coap::codes::bad_request);
    while (!id && found->instance(chosen) != nullptr) ++chosen;
    for (Record& record : records) {
        const Path own(object_id, chosen, record.path.resource());
        record.path = record.path.depth() == 4 ? own.child(record.path.id(3)) : own;
    }
    for (const Record& record : records) {
        if (const auto checked = check(record, true); !checked)
            return tl::unexpected(checked.error());
    }
    add_instance(object_id, chosen);
    for (Record& record : records) apply(std::move(record));
    return Path(object_id, chosen);
}

std::vector<Path> ObjectModel::remove_configuration(const Path& path) {
    constexpr std::uint16_t is_bootstrap_server = 1;
    std::vector<Path> removed;
    for (Object& entry : objects_) {
        const Path own(entry.definition->id);
        const bool asked =
            path == own || (path.depth() == 0 && entry.definition->is_configuration());
        if (!asked) continue;
        for (const Instance& instance : entry.instances) {
            const Path gone = own.child(instance.id);
            const bool is_account = own.object() == security_object &&
                                    boolean_at(*this, gone.child(is_bootstrap_server));
            if (!is_account) removed.push_back(gone);
        }
    }
    for (const Path& gone : removed) erase_instance(gone);
    return removed;
}

Answer<std::vector<Path>> ObjectModel::remove(const Path& path, Authority authority) {
    const bool in_bootstrap = authority == Authority::bootstrap_server;
    if (path.depth() == 0 && in_bootstrap) return remove_configuration(path);
    const Object* const found = path.depth() > 0 ? object(path.object()) : nullptr;
    if (found == nullptr && path.depth() > 0) return tl::unexpected(coap::codes::not_found);
    const bool allowed =
        found != nullptr && (in_bootstrap ? found->definition->bootstrap_may_create()
                                          : found->definition->servers_may_create());
    if (!allowed) return tl::unexpected(coap::codes::method_not_allowed);
    if (path.depth() == 1 && in_bootstrap) return remove_configuration(path);
    if (path.depth() != 2) return tl::unexpected(coap::codes::method_not_allowed);
    if (!exists(path)) return tl::unexpected(coap::codes::not_found);
    erase_instance(path);
    return std::vector<Path>{path};
}

std::int64_t integer_at(const ObjectModel& model, const Path& path, std::int64_t otherwise) {
    const Value* const value = model.peek(path);
    const auto* const number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
    return number == nullptr ? otherwise : *number;
}

bool boolean_at(const ObjectModel& model, const Path& path, bool otherwise) {
    const Value* const value = model.peek(path);
    const auto* const truth = value == nullptr ? nullptr : std::get_if<bool>(value);
    return truth == nullptr ? otherwise : *truth;
}

std::string text_at(const ObjectModel& model, const Path& path) {
    const Value* const value = model.peek(path);
    const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    return text == nullptr ? std::string() : *text;
}

}  // namespace scef::client
