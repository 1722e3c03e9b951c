#include "lwm2m-core/client/discover.h"

#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/lwm2m/link_format.h"

namespace scef::client {
namespace {

using lwm2m::Link;

Link object_link(const Object& object, bool with_version) {
    Link link{Path(object.definition->id).text(), {}};
    const std::string_view version = object.definition->version;
    if (with_version && !version.empty()) link.attributes.emplace_back("ver", version);
    return link;
}

void add_instances(std::vector<Link>& links, const Object& object) {
    for (const Instance& instance : object.instances) {
        links.push_back({Path(object.definition->id, instance.id).text(), {}});
    }
}

/// Lists a path and what is below it.
class Lister {
public:
    explicit Lister(const Attributes& attributes) : attributes_(attributes) {}

    void add_object(const Object& object, unsigned depth) {
        const Path path(object.definition->id);
        Link link = object_link(object, true);
        add_attributes(link, path);
        links_.push_back(std::move(link));
        if (depth == 0) return;
        for (const Instance& instance : object.instances) {
            add_instance(path.child(instance.id), instance, depth - 1);
        }
    }

    void add_instance(const Path& path, const Instance& instance, unsigned depth) {
        Link link{path.text(), {}};
        add_attributes(link, path);
        links_.push_back(std::move(link));
        if (depth == 0) return;
        for (const Resource& resource : instance.resources) {
            if (resource.is_present()) {
                add_resource(path.child(resource.definition->id), resource, depth - 1);
            }
        }
    }

    void add_resource(const Path& path, const Resource& resource, unsigned depth) {
        Link link{path.text(), {}};
        if (resource.definition->multiple) {
            link.attributes.emplace_back("dim", std::to_string(resource.values.size()));
        }
        add_attributes(link, path);
        links_.push_back(std::move(link));
        if (depth == 0 || !resource.definition->multiple) return;
        for (const auto& entry : resource.values) {
            Link instance{path.child(entry.first).text(), {}};
            add_attributes(instance, path.child(entry.first));
            links_.push_back(std::move(instance));
        }
    }

    std::string text() const { return lwm2m::to_link_format(links_); }

private:
    /// The first link is the target.
    void add_attributes(Link& link, const Path& path) {
        const auto list = links_.empty() ? attributes_.effective(path) : attributes_.at(path);
        for (auto& attribute : list.list()) link.attributes.push_back(std::move(attribute));
    }

    const Attributes& attributes_;
    std::vector<Link> links_;
};

void add_account(std::vector<Link>& links, const ObjectModel& model, const Path& instance) {
    constexpr std::uint16_t uri = 0, is_bootstrap_server = 1, security_short_id = 10;
    constexpr std::uint16_t server_short_id = 0;
    Link link{instance.text(), {}};
    const bool is_security = instance.object() == ids::security;
    const Path short_id = instance.child(is_security ? security_short_id : server_short_id);
    const bool has_short_id =
        model.peek(short_id) != nullptr && !boolean_at(model, instance.child(is_bootstrap_server));
    if (has_short_id) {
        link.attributes.emplace_back("ssid", std::to_string(integer_at(model, short_id)));
    }
    if (is_security) link.attributes.emplace_back("uri", text_at(model, instance.child(uri)));
    links.push_back(std::move(link));
}

}  // namespace

std::string registration_links(const ObjectModel& model) {
    std::vector<Link> links;
    for (const Object& object : model.objects()) {
        if (object.definition->id == 0) continue;
        const bool says_version = !object.definition->version.empty();
        if (says_version || object.instances.empty()) links.push_back(object_link(object, true));
        add_instances(links, object);
    }
    // By hand, for servers in the field: they compare rt with its quotes, and Wakaama refuses a
    // Register whose ct is a list of formats.
    return "</>;rt=\"oma.lwm2m\";ct=110," + lwm2m::to_link_format(links);
}

std::string discover_links(const ObjectModel& model, const Attributes& attributes, const Path& path,
                           std::optional<unsigned> depth) {
    Lister lister(attributes);
    const Object& object = *model.object(path.object());
    if (path.depth() == 1) {
        lister.add_object(object, depth.value_or(2));
        return lister.text();
    }
    const Instance& instance = *object.instance(path.instance());
    if (path.depth() == 2) {
        lister.add_instance(path, instance, depth.value_or(1));
    } else {
        lister.add_resource(path, *instance.resource(path.resource()), depth.value_or(1));
    }
    return lister.text();
}

std::string bootstrap_links(const ObjectModel& model, const Path& path) {
    std::vector<Link> links;
    for (const Object& object : model.objects()) {
        const Path own(object.definition->id);
        if (!path.contains(own)) continue;
        const bool says_version = !object.definition->version.empty();
        if (says_version || object.instances.empty()) links.push_back(object_link(object, true));
        const bool has_accounts = own.object() <= ids::server;
        if (!has_accounts) add_instances(links, object);
        for (const Instance& instance : object.instances) {
            if (has_accounts) add_account(links, model, own.child(instance.id));
        }
    }
    return "</>;lwm2m=1.1," + lwm2m::to_link_format(links);
}

}  // namespace scef::client
