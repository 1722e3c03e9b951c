#include "scef-adapter/admin/device_body.h"

#include <algorithm>

#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/admin/quota_choice.h"

namespace scef::adapter {
namespace {

constexpr std::size_t name_octets_max = 64;
constexpr std::size_t endpoint_octets_max = 255;
constexpr std::size_t servers_max = 16;

void read_identity(BodyReader& reader, const std::optional<ExternalId>& named, DeviceSpec& spec) {
    const auto text = reader.text("externalId", 254);
    if (!text) {
        if (!named) reader.refuse("externalId", "is missing");
        if (named) spec.external_id = *named;
        return;
    }
    auto id = ExternalId::parse(*text);
    if (!id) return reader.refuse("externalId", id.error());
    if (named && *id != *named) return reader.refuse("externalId", "differs from that of the path");
    spec.external_id = std::move(*id);
}

/// A name, or limits of its own.
void read_quota(BodyReader& reader, DeviceSpec& spec) {
    const nlohmann::json* member = reader.any("quota");
    if (member == nullptr) return;
    auto quota = quota_from_json(*member);
    if (!quota) return reader.refuse(quota.error());
    if (member->is_string()) quota = reader.text("quota", name_octets_max).value_or("");
    spec.quota = std::move(*quota);
}

}  // namespace

Result<DeviceSpec> device_from_body(const nlohmann::json& body,
                                    const std::optional<ExternalId>& named) {
    BodyReader reader(body);
    DeviceSpec spec;
    read_identity(reader, named, spec);
    if (auto profile = reader.text("profile", name_octets_max)) spec.profile = *profile;
    read_quota(reader, spec);
    if (auto server = reader.text("server", name_octets_max)) spec.server = *server;
    if (auto servers = reader.texts("servers", servers_max, name_octets_max)) {
        if (servers->empty()) reader.refuse("servers", "it is empty");
        spec.servers = std::move(*servers);
    }
    if (auto endpoint = reader.text("endpoint", endpoint_octets_max)) spec.endpoint = *endpoint;
    if (const auto mode = reader.choice("mode", {"coap", "opaque"})) spec.opaque = *mode == 1;
    if (auto groups = reader.texts("groups", groups_of_device_max, group_octets_max)) {
        std::sort(groups->begin(), groups->end());
        if (std::adjacent_find(groups->begin(), groups->end()) != groups->end()) {
            reader.refuse("groups", "a group is there twice");
        }
        spec.groups = std::move(*groups);
    }
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    return spec;
}

}  // namespace scef::adapter
