#pragma once

#include <cstdint>

#include "lwm2m-core/client/object_model.h"

namespace scef::client {

/// The rights of an access control list, with their bits (Core TS, object 2, resource 2). Observe
/// and Write-Attributes need `read`; Discover needs none.
enum class Right : std::uint8_t { read = 1, write = 2, execute = 4, remove = 8, create = 16 };

/// Who may do what (LwM2M Core TS 8): the instances of object 2 in the device's objects. With one
/// server account, or without object 2, that server may do everything.
class AccessControl {
public:
    /// Owner of what a bootstrap server or the maker has set.
    static constexpr std::uint16_t maker = 65535;
    /// The instance id that stands for the object as a whole, for Create.
    static constexpr std::uint16_t whole_object = 65535;

    explicit AccessControl(ObjectModel& model) : model_(model) {}

    bool is_enforced() const;
    /// May the server with that short id do this to an instance (`path` of depth 2 or more) or, for
    /// Create, to an object?
    bool allows(std::uint16_t server, const Path& path, Right right) const;

    /// Adds or replaces the list of one instance, or of an object for Create (`path` of depth 1).
    /// `everyone` are the default rights.
    void grant(const Path& path, std::uint16_t owner, std::uint8_t everyone);
    /// Adds rights of one server to that list.
    void grant_to(const Path& path, std::uint16_t server, std::uint8_t rights);
    void on_created(const Path& instance, std::uint16_t owner);
    void on_removed(const Path& instance);

private:
    const Instance* find(const Path& path) const;
    Instance* find(const Path& path);
    bool allows_to_own_list(std::uint16_t server, const Path& path, Right right) const;

    ObjectModel& model_;
};

}  // namespace scef::client
