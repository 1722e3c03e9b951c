#pragma once

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// A part of the engine: another configuration takes the place of the one in force, for every
/// device at once, in a turn of its own. The two differ in nothing that `fixed_changes` names.
class ConfigurationSwitch {
public:
    explicit ConfigurationSwitch(Engine& engine) : engine_(engine) {}

    /// Devices get their profile and their quota from it, shared scopes theirs; what was used stays
    /// used. Whatever waits is looked at again.
    void apply(const ConfigurationChanged& event);

private:
    void rebind(Device& device, const Config& config) const;

    Engine& engine_;
};

}  // namespace scef::adapter
