#pragma once

#include <optional>
#include <string>

#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/object_model.h"

namespace scef::client {

/// The link-format payload of Register (LwM2M Core TS 6.2.1): root with content formats, objects
/// with their version, instances. Without object 0.
std::string registration_links(const ObjectModel& model);

/// The link-format payload of Discover (Core TS 6.3.2) for a path of depth 1 to 3 that exists. The
/// target shows the attributes that hold for it, what is below shows its own. `depth` is how many
/// levels below the target are listed: by default down to the resources, or to the instances of a
/// resource.
std::string discover_links(const ObjectModel& model, const Attributes& attributes, const Path& path,
                           std::optional<unsigned> depth);

/// That of Bootstrap-Discover (Core TS 6.1.7.3) for the root or an object: the enabler version and
/// every instance, with short server ids and URIs of accounts.
std::string bootstrap_links(const ObjectModel& model, const Path& path);

}  // namespace scef::client
