#include "simulators/lwm2m-server-simulator/operation_builders.h"

#include <array>

#include "simulators/lwm2m-server-simulator/operation_body.h"
#include "simulators/lwm2m-server-simulator/payload.h"
#include "simulators/lwm2m-server-simulator/senml.h"

namespace scef::lwm2m_server_simulator::build {
namespace {

using nlohmann::json;
using Effect = DeviceRequest::Effect;

constexpr std::uint32_t instance_max = 65534;

/// Notification attributes of LwM2M Core TS 5.1.2, and `con` of 1.2, which many clients know.
constexpr std::array attribute_names{"pmin", "pmax", "gt", "lt", "st", "epmin", "epmax", "con"};

Status take_path(DeviceRequest& request, const json& body) {
    auto path = read_path(body);
    if (!path) return tl::unexpected(path.error());
    request.target = std::move(*path);
    add_path(request.message, request.target);
    return {};
}

Status take_accept(DeviceRequest& request, const json& body) {
    const auto accept = read_format(body, "accept");
    if (!accept) return tl::unexpected(accept.error());
    if (*accept) request.message.add_uint(coap::accept, **accept);
    return {};
}

void add_observe(DeviceRequest& request) {
    if (request.effect == Effect::none) return;
    request.message.add_uint(coap::observe, request.effect == Effect::observe ? 0 : 1);
}

Status add_payload(DeviceRequest& request, const json& value, std::uint16_t format,
                   const std::string& path) {
    auto octets = encode_payload(value, format, path);
    if (!octets) return tl::unexpected(octets.error());
    request.message.payload = std::move(*octets);
    request.message.add_uint(coap::content_format, format);
    return {};
}

/// The one of `value` and `values` that is there.
Result<json> take_values(const json& body) {
    if (body.contains("value") == body.contains("values")) {
        return fail(Errc::invalid_argument,
                    "a write needs either 'value' or 'values', an object of values by id");
    }
    return body.contains("value") ? body["value"] : body["values"];
}

Status add_written(DeviceRequest& request, const json& body) {
    const auto values = take_values(body);
    if (!values) return tl::unexpected(values.error());
    const auto format = read_format(body, "contentFormat");
    if (!format) return tl::unexpected(format.error());
    const std::uint16_t usual = body.contains("value") ? coap::text_plain : coap::tlv;
    return add_payload(request, *values, format->value_or(usual), request.target);
}

/// `pmin=10`, or `pmin` alone to take the attribute away.
std::string attribute_query(const std::string& name, const json& value) {
    const std::string text = value.is_null()      ? ""
                             : value.is_string()  ? value.get<std::string>()
                             : value.is_boolean() ? (value.get<bool>() ? "1" : "0")
                                                  : to_text(value);
    return text.empty() ? name : name + "=" + text;
}

}  // namespace

/// Read, and Observe and its end: GET, with Observe as the effect says.
Status read(DeviceRequest& request, const json& body) {
    request.message.code = coap::get;
    if (Status path = take_path(request, body); !path) return path;
    add_observe(request);
    return take_accept(request, body);
}

Status discover(DeviceRequest& request, const json& body) {
    request.message.code = coap::get;
    if (Status path = take_path(request, body); !path) return path;
    request.message.add_uint(coap::accept, coap::link_format);
    const auto depth = read_number(body, "depth", 3);
    if (!depth) return tl::unexpected(depth.error());
    if (*depth) request.message.add_text(coap::uri_query, "depth=" + std::to_string(**depth));
    return {};
}

/// Write: replace by PUT, or partial update by POST with `"update": true`.
Status write(DeviceRequest& request, const json& body) {
    if (Status path = take_path(request, body); !path) return path;
    const auto update = read_flag(body, "update", false);
    if (!update) return tl::unexpected(update.error());
    request.message.code = *update ? coap::post : coap::put;
    return add_written(request, body);
}

/// PUT with the attributes as Uri-Query and no payload; a name without value takes the attribute
/// away (Core TS 6.3.4, Transport TS 6.4.3).
Status write_attributes(DeviceRequest& request, const json& body) {
    request.message.code = coap::put;
    if (Status path = take_path(request, body); !path) return path;
    const json attributes = body.value("attributes", json());
    if (!attributes.is_object() || attributes.empty()) {
        return fail(Errc::invalid_argument,
                    "'attributes' is missing; it is an object like {\"pmin\": 10, \"gt\": null}");
    }
    for (const auto& [name, value] : attributes.items()) {
        bool is_known = false;
        for (const std::string_view known : attribute_names) is_known = is_known || known == name;
        if (!is_known) {
            return fail(Errc::invalid_argument, "'" + name +
                                                    "' is no attribute; there are pmin, "
                                                    "pmax, gt, lt, st, epmin, epmax and con");
        }
        if (value.is_structured()) {
            return fail(Errc::invalid_argument,
                        "attribute '" + name + "' is to be a number, or null to take it away");
        }
        request.message.add_text(coap::uri_query, attribute_query(name, value));
    }
    return {};
}

Status execute(DeviceRequest& request, const json& body) {
    request.message.code = coap::post;
    if (Status path = take_path(request, body); !path) return path;
    if (!body.contains("arguments")) return {};
    return add_payload(request, body["arguments"], coap::text_plain, request.target);
}

/// Create: with `instance` the device is told the id of the new instance, else it chooses.
Status create(DeviceRequest& request, const json& body) {
    request.message.code = coap::post;
    if (Status path = take_path(request, body); !path) return path;
    const auto format = read_format(body, "contentFormat");
    if (!format) return tl::unexpected(format.error());
    const auto instance = read_number(body, "instance", instance_max);
    if (!instance) return tl::unexpected(instance.error());
    json values = body.value("values", json::object());
    const std::uint16_t number = format->value_or(coap::tlv);
    if (!*instance && number != coap::tlv) {
        return fail(
            Errc::invalid_argument,
            "without 'instance' only tlv can carry a Create: the names of SenML hold the id");
    }
    if (!*instance) return add_payload(request, values, number, request.target + "/0");
    const json wrapped{{std::to_string(**instance), std::move(values)}};
    return add_payload(request, wrapped, number, request.target);
}

Status remove(DeviceRequest& request, const json& body) {
    request.message.code = coap::del;
    return take_path(request, body);
}

/// FETCH on the root with a SenML pack of names (LwM2M Transport TS 6.4.5).
Status read_composite(DeviceRequest& request, const json& body) {
    const auto paths = read_paths(body);
    if (!paths) return tl::unexpected(paths.error());
    json records = json::array();
    for (const std::string& path : *paths) {
        request.target += (request.target.empty() ? "" : ",") + path;
        records.push_back({{"n", path}});
    }
    request.message.code = coap::fetch;
    add_observe(request);
    const auto format = read_format(body, "contentFormat");
    if (!format) return tl::unexpected(format.error());
    const std::uint16_t number = format->value_or(coap::senml_json);
    if (number != coap::senml_json && number != coap::senml_cbor) {
        return fail(Errc::invalid_argument,
                    "the paths of a composite operation travel as "
                    "senml-json or senml-cbor");
    }
    if (!body.contains("accept")) request.message.add_uint(coap::accept, number);
    if (Status accept = take_accept(request, body); !accept) return accept;
    return add_payload(request, records, number, "/");
}

/// iPATCH on the root: `values` is an object of values by path, or SenML records.
Status write_composite(DeviceRequest& request, const json& body) {
    const json values = body.value("values", json());
    if (!values.is_object() && !values.is_array()) {
        return fail(
            Errc::invalid_argument,
            "'values' is missing; it is an object like {\"/1/0/1\": 60, \"/3/0/14\": \"+02\"}");
    }
    json records = json::array();
    if (values.is_array()) records = values;
    if (values.is_object()) {
        for (const auto& [path, value] : values.items()) {
            auto some = senml_records(path, value);
            if (!some) return tl::unexpected(some.error());
            for (json& record : *some) records.push_back(std::move(record));
        }
    }
    const auto format = read_format(body, "contentFormat");
    if (!format) return tl::unexpected(format.error());
    request.target = "/";
    request.message.code = coap::ipatch;
    return add_payload(request, records, format->value_or(coap::senml_json), "/");
}

Status cancel(DeviceRequest& request, const json& body) {
    const std::string by = body.contains("by") && body["by"].is_string()
                               ? body["by"].get<std::string>()
                               : (body.contains("by") ? "" : "request");
    if (by != "request" && by != "reset") {
        return fail(Errc::invalid_argument, "'by' is to be \"request\" or \"reset\"");
    }
    if (by == "reset") request.effect = Effect::cancel_by_reset;
    return body.contains("paths") ? read_composite(request, body) : read(request, body);
}

/// Bootstrap-Write: a PUT, whatever is there already (Core TS 6.1.7.3).
Status bootstrap_write(DeviceRequest& request, const json& body) {
    request.message.code = coap::put;
    if (Status path = take_path(request, body); !path) return path;
    return add_written(request, body);
}

Status bootstrap_finish(DeviceRequest& request, const json&) {
    request.message.code = coap::post;
    request.target = "/bs";
    add_path(request.message, request.target);
    return {};
}

}  // namespace scef::lwm2m_server_simulator::build
