#pragma once

#include <string>

#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/object_model.h"

namespace scef::client {

/// The link-format payload of Register (LwM2M Core TS 6.2.1): root with content formats, objects
/// with their version, instances. Without object 0.
std::string registration_links(const ObjectModel& model);

/// The link-format payload of Discover (Core TS 6.3.2) for a path of depth 1 to 3 that exists.
std::string discover_links(const ObjectModel& model, const Attributes& attributes,
                           const Path& path);

/// That of Bootstrap-Discover (Core TS 6.1.7.3): the enabler version and every instance.
std::string bootstrap_links(const ObjectModel& model);

}  // namespace scef::client
