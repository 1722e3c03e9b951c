#include "lwm2m-core/client/object.h"

#include <algorithm>

namespace scef::client {
namespace {

template <typename Range>
auto* find_id(Range& range, std::uint16_t id) {
    const auto found = std::find_if(range.begin(), range.end(),
                                    [id](const auto& entry) { return entry.id == id; });
    return found == range.end() ? nullptr : &*found;
}

template <typename Range>
auto* find_resource(Range& range, std::uint16_t id) {
    const auto found = std::find_if(range.begin(), range.end(),
                                    [id](const auto& entry) { return entry.definition->id == id; });
    return found == range.end() ? nullptr : &*found;
}

}  // namespace

bool ValueRange::holds(const Value& value) const {
    double measure = 0;
    if (const auto number = as_number(value)) {
        measure = *number;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        measure = static_cast<double>(text->size());
    } else if (const auto* octets = std::get_if<Bytes>(&value)) {
        measure = static_cast<double>(octets->size());
    } else {
        return true;  // a boolean
    }
    return measure >= min && measure <= max;
}

const ResourceDefinition* ObjectDefinition::resource(std::uint16_t resource_id) const {
    return find_id(resources, resource_id);
}

const Value* Resource::value(std::uint16_t id) const {
    for (const auto& [key, entry] : values) {
        if (key == id) return &entry;
    }
    return nullptr;
}

void Resource::set(std::uint16_t id, Value value) {
    const auto place = std::find_if(values.begin(), values.end(),
                                    [id](const auto& entry) { return entry.first >= id; });
    if (place != values.end() && place->first == id) {
        place->second = std::move(value);
    } else {
        values.emplace(place, id, std::move(value));
    }
}

Instance::Instance(std::uint16_t instance_id, const ObjectDefinition& definition)
    : id(instance_id) {
    resources.reserve(definition.resources.size());
    for (const ResourceDefinition& entry : definition.resources) {
        resources.push_back(Resource{&entry, {}});
    }
}

Resource* Instance::resource(std::uint16_t resource_id) {
    return find_resource(resources, resource_id);
}
const Resource* Instance::resource(std::uint16_t resource_id) const {
    return find_resource(resources, resource_id);
}

Instance* Object::instance(std::uint16_t instance_id) { return find_id(instances, instance_id); }
const Instance* Object::instance(std::uint16_t instance_id) const {
    return find_id(instances, instance_id);
}

}  // namespace scef::client
