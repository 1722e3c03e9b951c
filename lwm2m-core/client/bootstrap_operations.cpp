#include "lwm2m-core/client/bootstrap_operations.h"

#include "lwm2m-core/client/discover.h"
#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {

using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;

Outcome BootstrapOperations::handle(const Message& request) {
    if (request.path_text() == "/bs") {
        if (request.code != codes::post) return just(codes::method_not_allowed);
        Outcome outcome = just(codes::changed);
        outcome.bootstrap_finished = true;
        return outcome;
    }
    const auto path = Path::from_segments(request.path());
    if (!path) return just(codes::not_found);
    if (request.code == codes::get) return read(*path, request);
    if (request.code == codes::put) return write(*path, request);
    if (request.code == codes::del) return remove(*path);
    return just(codes::method_not_allowed);
}

Outcome BootstrapOperations::read(const Path& path, const Message& request) const {
    const auto accept = request.uint_option(options::accept);
    if (accept == formats::link) {
        if (path.depth() > 1) return just(codes::bad_request);
        if (!model_.exists(path)) return just(codes::not_found);
        return with(codes::content, {formats::link, to_bytes(bootstrap_links(model_, path))});
    }
    const bool allowed = path.object() == ids::server || path.object() == ids::access_control;
    if (!allowed || path.depth() == 0 || path.depth() > 2) return just(codes::method_not_allowed);
    const auto records = model_.read(path);
    if (!records) return just(records.error());
    auto content = encode(*records, path, accept);
    return content ? with(codes::content, std::move(*content)) : just(content.error());
}

Outcome BootstrapOperations::put_instance(const Path& path, Records records) {
    const Path instance = path.prefix(2);
    Outcome outcome = just(codes::changed);
    outcome.changed = paths_of(records);
    if (!model_.exists(instance)) {
        const auto created = model_.create(instance.object(), instance.instance(),
                                           std::move(records), Authority::bootstrap_server);
        if (!created) return just(created.error());
        outcome.created = *created;
        return outcome;
    }
    const auto written = model_.write(path, std::move(records), true, Authority::bootstrap_server);
    return written ? outcome : just(written.error());
}

Outcome BootstrapOperations::write(const Path& path, const Message& request) {
    const auto format = request.uint_option(options::content_format);
    if (path.depth() == 0 || !queries_of(request).empty()) return just(codes::method_not_allowed);
    if (model_.object(path.object()) == nullptr) return just(codes::not_found);
    if (path.depth() > 1) {
        auto records = decode(request.payload, format, path, model_);
        return records ? put_instance(path, std::move(*records)) : just(records.error());
    }
    auto instances = decode_instances(request.payload, format, path.object(), model_);
    if (!instances) return just(instances.error());
    Outcome all = just(codes::changed);
    for (NewInstance& entry : *instances) {
        if (!entry.id) return just(codes::bad_request);
        Outcome outcome = put_instance(path.child(*entry.id), std::move(entry.records));
        if (outcome.code != codes::changed) return outcome;
        all.changed.insert(all.changed.end(), outcome.changed.begin(), outcome.changed.end());
    }
    return all;
}

Outcome BootstrapOperations::remove(const Path& path) {
    auto removed = model_.remove(path, Authority::bootstrap_server);
    if (!removed) return just(removed.error());
    Outcome outcome = just(codes::deleted);
    outcome.removed = std::move(*removed);
    return outcome;
}

}  // namespace scef::client
