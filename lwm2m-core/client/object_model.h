#pragma once

#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "lwm2m-core/client/object.h"
#include "lwm2m-core/coap/message.h"

namespace scef::client {

/// One readable value with its full path (depth 3, or 4 for a resource with several instances).
struct Record {
    Path path;
    DataType type = DataType::text;
    Value value;
    bool multiple = false;
};

/// What an operation on the model gives: a value, or the CoAP code that refuses it.
template <typename T>
using Answer = tl::expected<T, coap::Code>;

/// Values to write, below one path; paths as in Record.
using Records = std::vector<Record>;

/// The objects of one device: reading, writing, creating and deleting by path with the checks of
/// LwM2M Core TS 6.3. Knows no CoAP message and no content format.
class ObjectModel {
public:
    /// Every access right is ignored while true: a bootstrap server writes (Core TS 6.1.7).
    void set_bootstrapping(bool bootstrapping) { bootstrapping_ = bootstrapping; }

    Object& add(const ObjectDefinition& definition);
    const std::vector<Object>& objects() const { return objects_; }
    std::vector<Object>& objects() { return objects_; }

    Object* object(std::uint16_t id);
    const Object* object(std::uint16_t id) const;
    const ResourceDefinition* definition(const Path& path) const;

    /// All readable values at or below `path`: 4.04 if there is no such thing, 4.05 if a resource
    /// may not be read, 4.01 for the Security object.
    Answer<Records> read(const Path& path) const;
    /// The current value of a resource (id 0) or resource instance, without access rules.
    const Value* peek(const Path& path) const;
    /// Does it exist: root, object, instance, resource or resource instance.
    bool exists(const Path& path) const;

    /// Writes all records or none. `replace` removes what the records do not have below `path`:
    /// optional writable resources of an instance, instances of a multiple resource.
    Answer<void> write(const Path& path, Records records, bool replace);
    /// Sets one value from the device's own side, without access rules.
    Answer<void> set(const Path& path, Value value);
    /// The new instance's path. `id` empty: the lowest free one. The records are initial values, so
    /// they may be those of read-only resources.
    Answer<Path> create(std::uint16_t object_id, std::optional<std::uint16_t> id, Records records);
    Answer<void> remove(const Path& path);

private:
    Answer<void> check(const Record& record, bool initial) const;
    void apply(Record&& record);
    void clear_replaced(const Path& path, const Records& records);

    std::vector<Object> objects_;
    bool bootstrapping_ = false;
};

}  // namespace scef::client
