#include "lwm2m-core/client/operations.h"

#include "lwm2m-core/client/discover.h"
#include "lwm2m-core/client/tlv.h"
#include "lwm2m-core/coap/codec.h"

namespace scef::client {
namespace {

using coap::Code;
using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;

Outcome just(Code code) {
    Outcome outcome;
    outcome.code = code;
    return outcome;
}

Outcome with(Code code, Content content) {
    Outcome outcome = just(code);
    outcome.content = std::move(content);
    return outcome;
}

std::vector<std::string_view> queries_of(const Message& request) {
    std::vector<std::string_view> queries;
    for (const coap::Option& option : request.options) {
        if (option.number == options::uri_query) queries.push_back(option.text());
    }
    return queries;
}

std::vector<Path> paths_of(const Records& records) {
    std::vector<Path> paths;
    for (const Record& record : records) paths.push_back(record.path);
    return paths;
}

}  // namespace

void Operations::set_bootstrapping(bool bootstrapping) {
    bootstrapping_ = bootstrapping;
    model_.set_bootstrapping(bootstrapping);
}

Outcome Operations::handle(const Message& request) {
    const auto segments = request.path();
    if (segments.size() == 1 && segments.front() == "bs") {
        if (!bootstrapping_ || request.code != codes::post) return just(codes::method_not_allowed);
        Outcome outcome = just(codes::changed);
        outcome.bootstrap_finished = true;
        return outcome;
    }
    const auto path = Path::from_segments(segments);
    if (!path) return just(codes::not_found);
    if (request.code == codes::get) return handle_get(*path, request);
    if (request.code == codes::put) return handle_put(*path, request);
    if (request.code == codes::post) return handle_post(*path, request);
    if (request.code == codes::del) return handle_delete(*path);
    if (path->depth() > 0) return just(codes::method_not_allowed);
    if (request.code == codes::fetch) return handle_fetch(request);
    if (request.code == codes::ipatch) return handle_ipatch(request);
    return just(codes::method_not_allowed);
}

Answer<Content> Operations::read(const std::vector<Path>& paths,
                                 std::optional<std::uint32_t> accept) const {
    if (paths.size() == 1) {
        auto records = model_.read(paths.front());
        if (!records) return tl::unexpected(records.error());
        return encode(*records, paths.front(), accept);
    }
    const std::uint32_t format = accept.value_or(formats::senml_json);
    if (!formats::is_senml(format)) return tl::unexpected(codes::not_acceptable);
    Records all;
    for (const Path& path : paths) {
        const auto records = model_.read(path);  // Core TS 6.3.8: what cannot be read is left out
        if (records) all.insert(all.end(), records->begin(), records->end());
    }
    return Content{static_cast<std::uint16_t>(format), to_senml(format, all, Path{})};
}

Outcome Operations::handle_get(const Path& path, const Message& request) {
    const auto accept = request.uint_option(options::accept);
    if (accept == formats::link) {
        if (path.depth() == 0 && bootstrapping_) {
            return with(codes::content, {formats::link, to_bytes(bootstrap_links(model_))});
        }
        if (path.depth() == 0 || path.depth() > 3) return just(codes::method_not_allowed);
        if (path.object() == 0) return just(codes::unauthorized);
        if (!model_.exists(path)) return just(codes::not_found);
        return with(codes::content,
                    {formats::link, to_bytes(discover_links(model_, attributes_, path))});
    }
    auto content = read({path}, accept);
    if (!content) return just(content.error());
    Outcome outcome = with(codes::content, std::move(*content));
    outcome.observable = {path};
    return outcome;
}

Outcome Operations::handle_put(const Path& path, const Message& request) {
    if (bootstrapping_) return write_in_bootstrap(path, request);
    const auto queries = queries_of(request);
    if (queries.empty()) return write(path, request, true);
    if (path.depth() == 0 || path.depth() > 3) return just(codes::method_not_allowed);
    if (!model_.exists(path)) return just(codes::not_found);
    const auto written = attributes_.write(path, queries);
    return just(written ? codes::changed : written.error());
}

Outcome Operations::handle_post(const Path& path, const Message& request) {
    if (path.depth() == 0) return just(codes::method_not_allowed);
    if (path.depth() == 1) return create(path, request);
    const ResourceDefinition* const definition = model_.definition(path);
    if (path.depth() == 3 && definition != nullptr && definition->is_executable()) {
        if (!model_.exists(path)) return just(codes::not_found);
        Outcome outcome = just(codes::changed);
        outcome.executed = path;
        return outcome;
    }
    return write(path, request, false);
}

Outcome Operations::handle_delete(const Path& path) {
    const auto removed = model_.remove(path);
    if (!removed) return just(removed.error());
    attributes_.remove_below(path);
    Outcome outcome = just(codes::deleted);
    outcome.removed = {path};
    return outcome;
}

Outcome Operations::handle_fetch(const Message& request) {
    const std::uint32_t format =
        request.uint_option(options::content_format).value_or(formats::text);
    if (!formats::is_senml(format)) return just(codes::unsupported_content_format);
    const auto asked = from_senml(format, request.payload);
    if (!asked || asked->empty()) return just(codes::bad_request);
    std::vector<Path> paths;
    for (const lwm2m::SenmlRecord& record : *asked) {
        if (record.path.depth() == 0) return just(codes::method_not_allowed);
        paths.push_back(record.path);
    }
    auto content = read(paths, request.uint_option(options::accept).value_or(format));
    if (!content) return just(content.error());
    Outcome outcome = with(codes::content, std::move(*content));
    outcome.observable = std::move(paths);
    return outcome;
}

Outcome Operations::handle_ipatch(const Message& request) {
    const std::uint32_t format =
        request.uint_option(options::content_format).value_or(formats::text);
    if (!formats::is_senml(format)) return just(codes::unsupported_content_format);
    auto records = decode(request.payload, format, Path{}, model_);
    if (!records) return just(records.error());
    ObjectModel trial = model_;
    for (const Record& record : *records) {
        const auto written = trial.write(record.path, {record}, false);
        if (!written) return just(written.error());
    }
    Outcome outcome = just(codes::changed);
    outcome.changed = paths_of(*records);
    model_ = std::move(trial);
    return outcome;
}

Outcome Operations::write(const Path& path, const Message& request, bool replace) {
    if (path.depth() < 2) return just(codes::method_not_allowed);
    if (path.object() == 0) return just(codes::unauthorized);
    if (!model_.exists(path.prefix(2))) return just(codes::not_found);
    auto records =
        decode(request.payload, request.uint_option(options::content_format), path, model_);
    if (!records) return just(records.error());
    Outcome outcome = just(codes::changed);
    outcome.changed = paths_of(*records);
    const auto written = model_.write(path, std::move(*records), replace);
    if (!written) return just(written.error());
    return outcome;
}

Outcome Operations::put_instance(const Path& path, Records records) {
    const Path instance = path.prefix(2);
    if (!model_.exists(instance)) {
        const auto created =
            model_.create(instance.object(), instance.instance(), std::move(records));
        return just(created ? codes::changed : created.error());
    }
    const auto written = model_.write(path, std::move(records), true);
    return just(written ? codes::changed : written.error());
}

Outcome Operations::write_in_bootstrap(const Path& path, const Message& request) {
    const auto format = request.uint_option(options::content_format);
    if (path.depth() == 0) return just(codes::method_not_allowed);
    if (path.depth() > 1) {
        auto records = decode(request.payload, format, path, model_);
        return records ? put_instance(path, std::move(*records)) : just(records.error());
    }
    if (format.value_or(formats::tlv) != formats::tlv) {
        return just(codes::unsupported_content_format);
    }
    auto instances = instances_from_tlv(request.payload, path.object(), model_);
    if (!instances) return just(codes::bad_request);
    for (NewInstance& entry : *instances) {
        const Outcome outcome = put_instance(path.child(*entry.id), std::move(entry.records));
        if (outcome.code != codes::changed) return outcome;
    }
    return just(codes::changed);
}

Outcome Operations::create(const Path& path, const Message& request) {
    if (path.object() <= 1) return just(codes::method_not_allowed);
    if (model_.object(path.object()) == nullptr) return just(codes::not_found);
    const auto format = request.uint_option(options::content_format).value_or(formats::tlv);
    if (format != formats::tlv) return just(codes::unsupported_content_format);
    auto given = new_instance_from_tlv(request.payload, path.object(), model_);
    if (!given) return just(codes::bad_request);
    const auto created = model_.create(path.object(), given->id, std::move(given->records));
    if (!created) return just(created.error());
    Outcome outcome = just(codes::created);
    outcome.created = *created;
    return outcome;
}

}  // namespace scef::client
