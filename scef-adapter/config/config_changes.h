#pragma once

#include <string>
#include <vector>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// A key whose value a running adapter cannot take.
struct FixedKey {
    std::string key;     ///< `scefs[0].api_root`
    std::string remedy;  ///< a sentence: what to do
};

/// The keys that differ and that only a restart changes (docs/operations.md, "Reload"); none: the
/// running adapter can take `wanted`. Names that devices may use, of profiles and quotas, can be
/// added and changed, but not taken away. Both configurations as they came from the file.
std::vector<FixedKey> fixed_changes(const Config& running, const Config& wanted);

/// Takes over what the running configuration has beside its file: addresses found at the start,
/// quotas given at run time.
void take_over(const Config& running, Config& wanted);

}  // namespace scef::adapter
