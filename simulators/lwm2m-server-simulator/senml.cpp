#include "simulators/lwm2m-server-simulator/senml.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/lwm2m-server-simulator/cbor.h"
#include "simulators/lwm2m-server-simulator/typed_value.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

struct Label {
    std::int64_t number;
    const char* name;
};

/// RFC 8428 table 4. `vlo` has no number: its label is the text.
constexpr std::array labels{Label{-1, "bver"}, Label{-2, "bn"}, Label{-3, "bt"}, Label{-4, "bu"},
                            Label{-5, "bv"},   Label{-6, "bs"}, Label{0, "n"},   Label{1, "u"},
                            Label{2, "v"},     Label{3, "vs"},  Label{4, "vb"},  Label{5, "s"},
                            Label{6, "t"},     Label{7, "ut"},  Label{8, "vd"}};

std::string name_of_key(const json& key) {
    if (key.is_string()) return key.get<std::string>();
    const auto number = key.get<std::int64_t>();
    const auto found = std::find_if(labels.begin(), labels.end(), [number](const Label& label) {
        return label.number == number;
    });
    return found == labels.end() ? std::to_string(number) : found->name;
}

void put_key(CborWriter& writer, const std::string& name) {
    const auto found = std::find_if(labels.begin(), labels.end(),
                                    [&name](const Label& label) { return label.name == name; });
    if (found == labels.end()) return writer.put_text(name);
    writer.put_integer(found->number);
}

Status put_member(CborWriter& writer, const std::string& name, const json& value) {
    put_key(writer, name);
    if (name == "vd" && value.is_string()) {
        const auto octets = from_base64url(value.get_ref<const std::string&>());
        if (!octets) return tl::unexpected(octets.error());
        writer.put_octets(*octets);
    } else if (value.is_string()) {
        writer.put_text(value.get_ref<const std::string&>());
    } else if (value.is_boolean()) {
        writer.put_boolean(value.get<bool>());
    } else if (value.is_number_float()) {
        writer.put_double(value.get<double>());
    } else if (value.is_number_unsigned()) {
        writer.put_unsigned(value.get<std::uint64_t>());
    } else if (value.is_number_integer()) {
        writer.put_integer(value.get<std::int64_t>());
    } else {
        return fail(Errc::invalid_argument, "a SenML record holds text, numbers and Booleans only");
    }
    return {};
}

/// Adds the records of `value`, which lies at `path` with `levels_left` ids below it at most.
Status collect(json& records, const std::string& path, const json& value, unsigned levels_left) {
    if (!value.is_object()) {
        auto record = senml_record(path, value);
        if (!record) return tl::unexpected(record.error());
        records.push_back(std::move(*record));
        return {};
    }
    if (levels_left == 0) return fail(Errc::invalid_argument, "'" + path + "' holds no object");
    const auto ordered = members_by_id(value);
    if (!ordered) return tl::unexpected(ordered.error());
    for (const auto& [id, member] : *ordered) {
        Status added = collect(records, path + "/" + std::to_string(id), *member, levels_left - 1);
        if (!added) return added;
    }
    return {};
}

}  // namespace

Result<json> json_of_senml_cbor(ByteView octets) {
    auto records = parse_cbor(octets, name_of_key);
    if (!records || !records->is_array()) {
        return fail(Errc::malformed, "the payload is no SenML CBOR");
    }
    for (json& record : *records) {
        if (!record.is_object()) return fail(Errc::malformed, "a SenML record is no map");
        for (auto& [name, value] : record.items()) {
            if (value.is_binary()) value = to_base64url(value.get_binary());
            if (value.is_structured()) return fail(Errc::malformed, "a SenML value is no value");
        }
    }
    return std::move(*records);
}

Result<Bytes> senml_cbor_of_json(const json& records) {
    if (!records.is_array()) return fail(Errc::invalid_argument, "SenML is an array of records");
    CborWriter writer;
    writer.begin_array(records.size());
    for (const json& record : records) {
        if (!record.is_object()) return fail(Errc::invalid_argument, "a SenML record is no object");
        writer.begin_map(record.size());
        for (const auto& [name, value] : record.items()) {
            const Status put = put_member(writer, name, value);
            if (!put) return tl::unexpected(put.error());
        }
    }
    return writer.take();
}

Result<json> senml_record(const std::string& path, const json& value) {
    const auto ids = parse_path(path);
    if (!ids) return tl::unexpected(ids.error());
    const auto type = ids->size() > 2 ? type_of_resource((*ids)[0], (*ids)[2]) : std::nullopt;
    auto typed = typed_value(value, type, path);
    if (!typed) return tl::unexpected(typed.error());
    if (type == ValueType::opaque) {
        const auto octets = from_base64(typed->get_ref<const std::string&>());
        if (!octets) return tl::unexpected(octets.error());
        return json{{"n", path}, {"vd", to_base64url(*octets)}};
    }
    const char* const label = type == ValueType::object_link ? "vlo"
                              : typed->is_boolean()          ? "vb"
                              : typed->is_number()           ? "v"
                                                             : "vs";
    return json{{"n", path}, {label, std::move(*typed)}};
}

Result<json> senml_records(const std::string& path, const json& values) {
    if (values.is_array()) return values;
    const auto ids = parse_path(path);
    if (!ids) return tl::unexpected(ids.error());
    json records = json::array();
    const auto levels = static_cast<unsigned>(4 - ids->size());
    const Status collected = collect(records, ids->empty() ? "" : path, values, levels);
    if (!collected) return tl::unexpected(collected.error());
    return records;
}

}  // namespace scef::lwm2m_server_simulator
