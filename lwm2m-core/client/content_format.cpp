#include "lwm2m-core/client/content_format.h"

#include <map>

namespace scef::client {
namespace {

bool is_single_value(const Records& records, const Path& base) {
    return records.size() == 1 && records.front().path == base;
}

Answer<Records> records_of_senml(ByteView payload, std::uint32_t format, const Path& base,
                                 const ObjectModel& model) {
    auto read = from_senml(format, payload);
    if (!read) return tl::unexpected(coap::codes::bad_request);
    Records records;
    for (lwm2m::SenmlRecord& entry : *read) {
        const ResourceDefinition* const definition = model.definition(entry.path);
        if (!entry.value || !base.contains(entry.path))
            return tl::unexpected(coap::codes::bad_request);
        if (definition == nullptr) return tl::unexpected(coap::codes::not_found);
        auto value = convert(*entry.value, definition->type);
        if (!value) return tl::unexpected(coap::codes::bad_request);
        records.push_back({entry.path, definition->type, std::move(*value), definition->multiple});
    }
    return records;
}

Answer<Records> from_single(ByteView payload, std::uint32_t format, const Path& base,
                            const ObjectModel& model) {
    const ResourceDefinition* const definition = model.definition(base);
    if (definition == nullptr) return tl::unexpected(coap::codes::not_found);
    if (definition->multiple && base.depth() == 3) {
        return tl::unexpected(coap::codes::unsupported_content_format);
    }
    std::optional<Value> value;
    if (format == formats::text) {
        value = from_plain_text(as_text(payload), definition->type);
    } else if (definition->type == DataType::opaque) {
        value = Bytes(payload.begin(), payload.end());
    }
    if (!value) return tl::unexpected(coap::codes::bad_request);
    return Records{{base, definition->type, std::move(*value), definition->multiple}};
}

}  // namespace

Bytes to_senml(std::uint32_t format, const Records& records, const Path& base,
               std::optional<std::int64_t> time) {
    lwm2m::SenmlRecords named;
    for (const Record& record : records) {
        named.push_back({record.path, record.value, record.type == DataType::object_link});
    }
    return format == formats::senml_cbor ? lwm2m::to_senml_cbor(named, base, time)
                                         : lwm2m::to_senml_json(named, base, time);
}

std::optional<lwm2m::SenmlRecords> from_senml(std::uint32_t format, ByteView payload) {
    return format == formats::senml_cbor ? lwm2m::from_senml_cbor(payload)
                                         : lwm2m::from_senml_json(payload);
}

Answer<Content> encode(const Records& records, const Path& base,
                       std::optional<std::uint32_t> accept) {
    const bool single = is_single_value(records, base);
    const std::uint32_t preferred = !single                                    ? formats::tlv
                                    : records.front().type == DataType::opaque ? formats::opaque
                                                                               : formats::text;
    const std::uint32_t format = accept.value_or(preferred);
    if (format == formats::tlv) return Content{formats::tlv, to_tlv(records, base)};
    if (formats::is_senml(format)) {
        return Content{static_cast<std::uint16_t>(format), to_senml(format, records, base)};
    }
    if (single && format == formats::text) {
        return Content{formats::text, to_bytes(to_plain_text(records.front().value))};
    }
    if (single && format == formats::opaque && records.front().type == DataType::opaque) {
        return Content{formats::opaque, std::get<Bytes>(records.front().value)};
    }
    return tl::unexpected(coap::codes::not_acceptable);
}

Answer<Records> decode(ByteView payload, std::optional<std::uint32_t> format, const Path& base,
                       const ObjectModel& model) {
    const bool resource = base.depth() >= 3;
    const std::uint32_t given = format.value_or(resource ? formats::text : formats::tlv);
    if (formats::is_senml(given)) return records_of_senml(payload, given, base, model);
    if (given == formats::tlv) {
        auto records = from_tlv(payload, base, model);
        if (!records) return tl::unexpected(coap::codes::bad_request);
        return std::move(*records);
    }
    if (resource && (given == formats::text || given == formats::opaque)) {
        return from_single(payload, given, base, model);
    }
    return tl::unexpected(coap::codes::unsupported_content_format);
}

Answer<std::vector<NewInstance>> decode_instances(ByteView payload,
                                                  std::optional<std::uint32_t> format,
                                                  std::uint16_t object_id,
                                                  const ObjectModel& model) {
    const std::uint32_t given = format.value_or(formats::tlv);
    if (given == formats::tlv) {
        auto instances = instances_from_tlv(payload, object_id, model);
        if (!instances) return tl::unexpected(coap::codes::bad_request);
        return std::move(*instances);
    }
    if (!formats::is_senml(given)) return tl::unexpected(coap::codes::unsupported_content_format);
    auto records = records_of_senml(payload, given, Path(object_id), model);
    if (!records) return tl::unexpected(records.error());
    std::map<std::uint16_t, Records> by_id;
    for (Record& record : *records) {
        by_id[record.path.instance()].push_back(std::move(record));
    }
    std::vector<NewInstance> instances;
    for (auto& [id, values] : by_id) instances.push_back({id, std::move(values)});
    return instances;
}

}  // namespace scef::client
