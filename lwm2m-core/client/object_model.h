#pragma once

#include <optional>
#include <string>
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

/// On whose behalf objects are changed: it decides which access rules of the definitions hold.
enum class Authority : std::uint8_t {
    server,
    bootstrap_server,  ///< may write what servers may only read or not see (Core TS 6.1.7)
};

/// The objects of one device: reading, writing, creating and deleting by path with the checks of
/// LwM2M Core TS 6.3. Knows no CoAP message and no content format.
class ObjectModel {
public:
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
    Answer<void> write(const Path& path, Records records, bool replace, Authority authority);
    /// Sets one value from the device's own side, without access rules.
    Answer<void> set(const Path& path, Value value);
    /// Takes a resource's values away; from the device's own side.
    void clear(const Path& resource);
    /// The new instance, without values; from the device's own side. It must not exist yet.
    Instance& add_instance(std::uint16_t object_id, std::uint16_t id);
    /// Any instance; from the device's own side.
    void erase_instance(const Path& path);
    /// The new instance's path. `id` empty: the lowest free one. The records are initial values, so
    /// they may be those of read-only resources.
    Answer<Path> create(std::uint16_t object_id, std::optional<std::uint16_t> id, Records records,
                        Authority authority);
    /// Gives the instances that are gone. A server removes one instance; a bootstrap server those
    /// of an object, too, and with the root all configuration (`Upkeep`) but its own account.
    Answer<std::vector<Path>> remove(const Path& path, Authority authority);

private:
    Answer<void> check(const Record& record, bool may_write_all) const;
    std::vector<Path> remove_configuration(const Path& path);
    void apply(Record&& record);
    void clear_replaced(const Path& path, const Records& records);

    std::vector<Object> objects_;
};

/// The number, truth or text at `path`; `otherwise` if there is none of that type.
std::int64_t integer_at(const ObjectModel& model, const Path& path, std::int64_t otherwise = 0);
bool boolean_at(const ObjectModel& model, const Path& path, bool otherwise = false);
std::string text_at(const ObjectModel& model, const Path& path);

}  // namespace scef::client
