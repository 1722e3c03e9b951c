#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lwm2m-core/lwm2m/path.h"
#include "lwm2m-core/lwm2m/value.h"

namespace scef::client {

using lwm2m::as_number;
using lwm2m::convert;
using lwm2m::DataType;
using lwm2m::from_plain_text;
using lwm2m::number_text;
using lwm2m::Path;
using lwm2m::to_plain_text;
using lwm2m::Value;

/// What a server may do with a resource.
enum class Access : std::uint8_t { read, write, read_write, execute, none };

/// Who may create and delete instances of an object besides the device itself. A bootstrap server
/// may do what a server may; `configuration` is what it clears with a Delete of the root.
enum class Upkeep : std::uint8_t {
    device,
    bootstrap_configuration,
    server_configuration,
    server,
};

/// What values a resource may have, both ends included: of numbers the value, of texts and opaque
/// values the number of octets.
struct ValueRange {
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();

    bool holds(const Value& value) const;
};

/// One resource of an object's definition; lives as long as the program.
struct ResourceDefinition {
    std::uint16_t id = 0;
    std::string_view name;
    DataType type = DataType::text;
    Access access = Access::read;
    bool multiple = false;
    bool mandatory = false;
    ValueRange range{};

    bool is_numeric() const {
        return type == DataType::integer || type == DataType::floating || type == DataType::time ||
               type == DataType::unsigned_integer;
    }
    bool is_readable() const { return access == Access::read || access == Access::read_write; }
    bool is_writable() const { return access == Access::write || access == Access::read_write; }
    bool is_executable() const { return access == Access::execute; }
};

/// An object's definition; lives as long as the program.
struct ObjectDefinition {
    std::uint16_t id = 0;
    std::string_view name;
    /// Announced at registration unless empty (the version is 1.0).
    std::string_view version;
    std::uint16_t instances_max = 1;
    /// Who adds and deletes instances besides the device itself.
    Upkeep upkeep = Upkeep::device;
    std::span<const ResourceDefinition> resources;

    bool servers_may_create() const {
        return upkeep == Upkeep::server || upkeep == Upkeep::server_configuration;
    }
    bool bootstrap_may_create() const { return upkeep != Upkeep::device; }
    bool is_configuration() const {
        return upkeep == Upkeep::bootstrap_configuration || upkeep == Upkeep::server_configuration;
    }
    const ResourceDefinition* resource(std::uint16_t resource_id) const;
};

/// A resource as it is in one instance. A single resource has its value under id 0; without values
/// the resource is absent, unless it is executable.
struct Resource {
    const ResourceDefinition* definition = nullptr;
    std::vector<std::pair<std::uint16_t, Value>> values;  ///< ascending ids

    bool is_present() const { return !values.empty() || definition->is_executable(); }
    const Value* value(std::uint16_t id = 0) const;
    void set(std::uint16_t id, Value value);
};

/// One instance with a Resource for each of the definition's resources, in ascending order of ids.
struct Instance {
    std::uint16_t id = 0;
    std::vector<Resource> resources;

    Instance(std::uint16_t instance_id, const ObjectDefinition& definition);
    Resource* resource(std::uint16_t resource_id);
    const Resource* resource(std::uint16_t resource_id) const;
    /// Sets a value that the definition has; for the instance's maker.
    void set(std::uint16_t resource_id, Value value) {
        resource(resource_id)->set(0, std::move(value));
    }
};

struct Object {
    const ObjectDefinition* definition = nullptr;
    std::vector<Instance> instances;  ///< ascending ids

    Instance* instance(std::uint16_t instance_id);
    const Instance* instance(std::uint16_t instance_id) const;
};

}  // namespace scef::client
