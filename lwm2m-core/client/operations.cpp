#include "lwm2m-core/client/operations.h"

#include <charconv>

#include "lwm2m-core/client/discover.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/tlv.h"

namespace scef::client {

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

Outcome Operations::handle(const Message& request) {
    const auto path = Path::from_segments(request.path());
    if (!path) {
        const bool is_finish = request.path_text() == "/bs";
        return just(is_finish ? codes::method_not_allowed : codes::not_found);
    }
    if (request.code == codes::get) return handle_get(*path, request);
    if (request.code == codes::put) return handle_put(*path, request);
    if (request.code == codes::post) return handle_post(*path, request);
    if (request.code == codes::del) return handle_delete(*path);
    if (path->depth() > 0) return just(codes::method_not_allowed);
    if (request.code == codes::fetch) return handle_fetch(request);
    if (request.code == codes::ipatch) return handle_ipatch(request);
    return just(codes::method_not_allowed);
}

/// Why this server may not do that to an instance: 4.01 for object 0 and without the right, 4.04
/// for what is not there.
std::optional<Code> Operations::refuse(const Path& path, Right right) const {
    if (path.object() == ids::security) return codes::unauthorized;
    if (!model_.exists(path.prefix(2))) return codes::not_found;
    if (!access_.allows(server_, path, right)) return codes::unauthorized;
    return std::nullopt;
}

std::optional<Code> Operations::refuse_values(const Records& records) const {
    return guard_ ? guard_(records) : std::nullopt;
}

Answer<Records> Operations::readable(const Path& path) const {
    if (path.depth() >= 2) {
        if (const auto refused = refuse(path, Right::read)) return tl::unexpected(*refused);
    }
    auto records = model_.read(path);
    if (!records || path.depth() != 1) return records;
    const bool had_any = !records->empty();
    std::erase_if(*records, [&](const Record& record) {
        return !access_.allows(server_, record.path, Right::read);
    });
    if (had_any && records->empty()) return tl::unexpected(codes::unauthorized);
    return records;
}

Answer<Content> Operations::read(const std::vector<Path>& paths,
                                 std::optional<std::uint32_t> accept) const {
    if (paths.size() == 1) {
        auto records = readable(paths.front());
        if (!records) return tl::unexpected(records.error());
        return encode(*records, paths.front(), accept);
    }
    const std::uint32_t format = accept.value_or(formats::senml_json);
    if (!formats::is_senml(format)) return tl::unexpected(codes::not_acceptable);
    Records all;
    for (const Path& path : paths) {
        const auto records = readable(path);  // Core TS 6.3.8: what cannot be read is left out
        if (records) all.insert(all.end(), records->begin(), records->end());
    }
    return Content{static_cast<std::uint16_t>(format), to_senml(format, all, Path{})};
}

Outcome Operations::discover(const Path& path, const Message& request) const {
    if (path.depth() == 0 || path.depth() > 3) return just(codes::method_not_allowed);
    if (path.object() == ids::security) return just(codes::unauthorized);
    if (!model_.exists(path)) return just(codes::not_found);
    std::optional<unsigned> depth;
    if (const auto asked = request.query("depth")) {
        unsigned number = 0;
        const char* const end = asked->data() + asked->size();
        const auto [rest, error] = std::from_chars(asked->data(), end, number);
        if (error != std::errc{} || rest != end || number > 3) return just(codes::bad_request);
        depth = number;
    }
    return with(codes::content,
                {formats::link, to_bytes(discover_links(model_, attributes_, path, depth))});
}

Outcome Operations::handle_get(const Path& path, const Message& request) {
    const auto accept = request.uint_option(options::accept);
    if (accept == formats::link) return discover(path, request);
    auto content = read({path}, accept);
    if (!content) return just(content.error());
    Outcome outcome = with(codes::content, std::move(*content));
    outcome.observable = {path};
    return outcome;
}

Outcome Operations::handle_put(const Path& path, const Message& request) {
    if (queries_of(request).empty()) return write(path, request, true);
    return write_attributes(path, request);
}

Outcome Operations::write_attributes(const Path& path, const Message& request) {
    if (path.depth() == 0) return just(codes::method_not_allowed);
    if (!request.payload.empty()) return just(codes::bad_request);
    if (path.object() == ids::security) return just(codes::unauthorized);
    if (!model_.exists(path)) return just(codes::not_found);
    if (path.depth() >= 2 && !access_.allows(server_, path, Right::read)) {
        return just(codes::unauthorized);
    }
    const ResourceDefinition* const definition = model_.definition(path);
    const bool is_numeric = definition != nullptr && definition->is_numeric();
    const auto written = attributes_.write(path, queries_of(request), is_numeric);
    return just(written ? codes::changed : written.error());
}

Outcome Operations::handle_post(const Path& path, const Message& request) {
    if (path.depth() == 0) return just(codes::method_not_allowed);
    if (path.depth() == 1) return create(path, request);
    const ResourceDefinition* const definition = model_.definition(path);
    const bool adds_instances = path.depth() == 3 && definition != nullptr && definition->multiple;
    if (path.depth() == 2 || adds_instances) return write(path, request, false);
    return execute(path, request);
}

Outcome Operations::execute(const Path& path, const Message& request) {
    if (const auto refused = refuse(path, Right::execute)) return just(*refused);
    const ResourceDefinition* const definition = model_.definition(path);
    if (definition == nullptr || !model_.exists(path)) return just(codes::not_found);
    if (path.depth() != 3 || !definition->is_executable()) return just(codes::method_not_allowed);
    const auto format = request.uint_option(options::content_format);
    if (format.value_or(formats::text) != formats::text) {
        return just(codes::unsupported_content_format);
    }
    auto arguments = parse_execute_arguments(as_text(request.payload));
    if (!arguments) return just(codes::bad_request);
    Outcome outcome = just(codes::changed);
    outcome.executed = path;
    outcome.arguments = std::move(*arguments);
    return outcome;
}

Outcome Operations::handle_delete(const Path& path) {
    if (path.depth() == 2) {
        if (const auto refused = refuse(path, Right::remove)) return just(*refused);
    }
    auto removed = model_.remove(path, Authority::server);
    if (!removed) return just(removed.error());
    attributes_.remove_below(path);
    Outcome outcome = just(codes::deleted);
    outcome.removed = std::move(*removed);
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
    for (const Record& record : *records) {
        if (const auto refused = refuse(record.path, Right::write)) return just(*refused);
    }
    if (const auto refused = refuse_values(*records)) return just(*refused);
    ObjectModel trial = model_;
    for (const Record& record : *records) {
        const auto written = trial.write(record.path, {record}, false, Authority::server);
        if (!written) return just(written.error());
    }
    Outcome outcome = just(codes::changed);
    outcome.changed = paths_of(*records);
    model_ = std::move(trial);
    return outcome;
}

Outcome Operations::write(const Path& path, const Message& request, bool replace) {
    if (path.depth() < 2) return just(codes::method_not_allowed);
    if (const auto refused = refuse(path, Right::write)) return just(*refused);
    auto records =
        decode(request.payload, request.uint_option(options::content_format), path, model_);
    if (!records) return just(records.error());
    if (const auto refused = refuse_values(*records)) return just(*refused);
    Outcome outcome = just(codes::changed);
    outcome.changed = paths_of(*records);
    const auto written = model_.write(path, std::move(*records), replace, Authority::server);
    if (!written) return just(written.error());
    if (replace && path.depth() == 2) outcome.changed.push_back(path);
    return outcome;
}

Outcome Operations::create(const Path& path, const Message& request) {
    const Object* const object = model_.object(path.object());
    if (path.object() == ids::security) return just(codes::unauthorized);
    if (object == nullptr) return just(codes::not_found);
    if (!object->definition->servers_may_create()) return just(codes::method_not_allowed);
    if (!access_.allows(server_, path, Right::create)) return just(codes::unauthorized);
    auto instances = decode_instances(request.payload, request.uint_option(options::content_format),
                                      path.object(), model_);
    if (!instances) return just(instances.error());
    if (instances->size() != 1) return just(codes::bad_request);
    NewInstance& given = instances->front();
    const auto created =
        model_.create(path.object(), given.id, std::move(given.records), Authority::server);
    if (!created) return just(created.error());
    Outcome outcome = just(codes::created);
    outcome.created = *created;
    return outcome;
}

}  // namespace scef::client
