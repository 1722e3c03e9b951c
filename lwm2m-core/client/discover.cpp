#include "lwm2m-core/client/discover.h"

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

void add_resource(std::vector<Link>& links, const Path& path, const Resource& resource,
                  const Attributes& attributes, bool with_dimension) {
    if (!resource.is_present()) return;
    Link link{path.text(), {}};
    if (with_dimension && resource.definition->multiple) {
        link.attributes.emplace_back("dim", std::to_string(resource.values.size()));
    }
    for (auto& attribute : attributes.at(path).list())
        link.attributes.push_back(std::move(attribute));
    links.push_back(std::move(link));
}

void add_instance(std::vector<Link>& links, const Path& path, const Instance& instance,
                  const Attributes& attributes, bool with_dimension) {
    links.push_back({path.text(), attributes.at(path).list()});
    for (const Resource& resource : instance.resources) {
        add_resource(links, path.child(resource.definition->id), resource, attributes,
                     with_dimension);
    }
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
    // Quoted by hand: servers in the field compare rt with its quotes.
    return "</>;rt=\"oma.lwm2m\";ct=\"110 11542\"," + lwm2m::to_link_format(links);
}

std::string discover_links(const ObjectModel& model, const Attributes& attributes,
                           const Path& path) {
    std::vector<Link> links;
    const Object& object = *model.object(path.object());
    if (path.depth() == 1) {
        links.push_back(object_link(object, true));
        for (auto& entry : attributes.at(path).list()) links.front().attributes.push_back(entry);
        for (const Instance& instance : object.instances) {
            add_instance(links, path.child(instance.id), instance, attributes, false);
        }
        return lwm2m::to_link_format(links);
    }
    const Instance& instance = *object.instance(path.instance());
    if (path.depth() == 2) {
        add_instance(links, path, instance, attributes, true);
        return lwm2m::to_link_format(links);
    }
    const Resource& resource = *instance.resource(path.resource());
    add_resource(links, path.prefix(3), resource, attributes, true);
    if (resource.definition->multiple) {
        for (const auto& entry : resource.values) {
            links.push_back({path.prefix(3).child(entry.first).text(), {}});
        }
    }
    return lwm2m::to_link_format(links);
}

std::string bootstrap_links(const ObjectModel& model) {
    std::vector<Link> links;
    for (const Object& object : model.objects()) {
        if (object.instances.empty()) links.push_back(object_link(object, true));
        add_instances(links, object);
    }
    return "</>;lwm2m=1.1," + lwm2m::to_link_format(links);
}

}  // namespace scef::client
