#include "simulators/lwm2m-server-simulator/device_request.h"

#include <functional>
#include <map>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/payload.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"
#include "simulators/lwm2m-server-simulator/senml.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Effect = DeviceRequest::Effect;
using Builder = std::function<Status(DeviceRequest&, const json&)>;

constexpr unsigned repeats_max = 16;

Result<Duration> read_duration(const json& value) {
    if (value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1e8) {
        return std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(value.get<double>()));
    }
    if (value.is_string()) return parse_duration(value.get_ref<const std::string&>());
    return fail(Errc::invalid_argument, "a duration is a number of seconds or a text like \"30s\"");
}

/// A member that is a number from 0 to `max`; `absent` if it is not there.
Result<std::uint32_t> read_number(const json& body, const char* name, std::uint32_t max,
                                  std::uint32_t absent) {
    if (!body.contains(name)) return absent;
    const json& value = body[name];
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= max) {
        return value.get<std::uint32_t>();
    }
    return fail(Errc::invalid_argument,
                "'" + std::string(name) + "' is no number from 0 to " + std::to_string(max));
}

Status read_path(DeviceRequest& request, const json& body) {
    if (!body.contains("path") || !body["path"].is_string()) {
        return fail(Errc::invalid_argument, "'path' is missing or no text");
    }
    request.target = body["path"].get<std::string>();
    if (const auto ids = parse_path(request.target); !ids) return tl::unexpected(ids.error());
    add_path(request.message, request.target);
    return {};
}

Status read_accept(DeviceRequest& request, const json& body) {
    if (!body.contains("accept")) return {};
    const auto accept = read_number(body, "accept", 65535, 0);
    if (!accept) return tl::unexpected(accept.error());
    request.message.add_uint(coap::accept, *accept);
    return {};
}

Status add_payload(DeviceRequest& request, const json& value, std::uint16_t format,
                   const std::string& path) {
    auto octets = encode_payload(value, format, path);
    if (!octets) return tl::unexpected(octets.error());
    request.message.payload = std::move(*octets);
    request.message.add_uint(coap::content_format, format);
    return {};
}

Status build_get(DeviceRequest& request, const json& body) {
    request.message.code = coap::get;
    if (const Status path = read_path(request, body); !path) return path;
    if (request.effect != Effect::none) {
        request.message.add_uint(coap::observe, request.effect == Effect::observe ? 0 : 1);
    }
    return read_accept(request, body);
}

Status build_discover(DeviceRequest& request, const json& body) {
    request.message.code = coap::get;
    request.message.add_uint(coap::accept, coap::link_format);
    return read_path(request, body);
}

/// Write: replace by PUT, or partial update by POST with `"update": true`.
Status build_write(DeviceRequest& request, const json& body) {
    if (const Status path = read_path(request, body); !path) return path;
    const bool has_value = body.contains("value");
    if (has_value == body.contains("values")) {
        return fail(Errc::invalid_argument, "a write needs either 'value' or 'values'");
    }
    request.message.code = body.value("update", false) ? coap::post : coap::put;
    const auto format =
        read_number(body, "contentFormat", 65535, has_value ? coap::text_plain : coap::tlv);
    if (!format) return tl::unexpected(format.error());
    return add_payload(request, body[has_value ? "value" : "values"],
                       static_cast<std::uint16_t>(*format), request.target);
}

Status build_execute(DeviceRequest& request, const json& body) {
    request.message.code = coap::post;
    if (const Status path = read_path(request, body); !path) return path;
    if (!body.contains("arguments")) return {};
    return add_payload(request, body["arguments"], coap::text_plain, request.target);
}

/// Create: with `instance` the device is told the id of the new instance, else it chooses.
Status build_create(DeviceRequest& request, const json& body) {
    request.message.code = coap::post;
    if (const Status path = read_path(request, body); !path) return path;
    json values = body.value("values", body.value("value", json::object()));
    if (!body.contains("instance")) {
        return add_payload(request, values, coap::tlv, request.target + "/0");
    }
    const auto instance = read_number(body, "instance", 65534, 0);
    if (!instance) return tl::unexpected(instance.error());
    const json wrapped{{std::to_string(*instance), std::move(values)}};
    return add_payload(request, wrapped, coap::tlv, request.target);
}

Status build_delete(DeviceRequest& request, const json& body) {
    request.message.code = coap::del;
    return read_path(request, body);
}

Result<std::vector<std::string>> read_paths(const json& body) {
    const json paths = body.value("paths", json::array());
    std::vector<std::string> texts;
    for (const json& path : paths) {
        if (!path.is_string()) return fail(Errc::invalid_argument, "a path is no text");
        if (const auto ids = parse_path(path.get_ref<const std::string&>()); !ids) {
            return tl::unexpected(ids.error());
        }
        texts.push_back(path.get<std::string>());
    }
    if (texts.empty()) return fail(Errc::invalid_argument, "'paths' is missing or empty");
    return texts;
}

/// FETCH on the root with a SenML JSON pack of names (LwM2M Transport TS 6.4.5).
Status build_composite_read(DeviceRequest& request, const json& body) {
    const auto paths = read_paths(body);
    if (!paths) return tl::unexpected(paths.error());
    json records = json::array();
    for (const std::string& path : *paths) {
        request.target += (request.target.empty() ? "" : ",") + path;
        records.push_back({{"n", path}});
    }
    request.message.code = coap::fetch;
    if (request.effect != Effect::none) {
        request.message.add_uint(coap::observe, request.effect == Effect::observe ? 0 : 1);
    }
    if (!body.contains("accept")) request.message.add_uint(coap::accept, coap::senml_json);
    if (const Status accept = read_accept(request, body); !accept) return accept;
    return add_payload(request, records, coap::senml_json, "/");
}

/// iPATCH on the root: `values` is an object of values by path, or SenML records.
Status build_composite_write(DeviceRequest& request, const json& body) {
    const json values = body.value("values", json());
    if (!values.is_object() && !values.is_array()) {
        return fail(Errc::invalid_argument, "'values' is missing or no object of values by path");
    }
    json records = json::array();
    if (values.is_array()) records = values;
    if (values.is_object()) {
        for (const auto& [path, value] : values.items()) {
            if (const auto ids = parse_path(path); !ids) return tl::unexpected(ids.error());
            records.push_back(senml_record(path, value));
        }
    }
    request.target = "/";
    request.message.code = coap::ipatch;
    return add_payload(request, records, coap::senml_json, "/");
}

Status build_cancel(DeviceRequest& request, const json& body) {
    return body.contains("paths") ? build_composite_read(request, body) : build_get(request, body);
}

const std::map<std::string, std::pair<Effect, Builder>> operations{
    {"read", {Effect::none, build_get}},
    {"observe", {Effect::observe, build_get}},
    {"cancel", {Effect::cancel, build_cancel}},
    {"discover", {Effect::none, build_discover}},
    {"write", {Effect::none, build_write}},
    {"execute", {Effect::none, build_execute}},
    {"create", {Effect::none, build_create}},
    {"delete", {Effect::none, build_delete}},
    {"read-composite", {Effect::none, build_composite_read}},
    {"observe-composite", {Effect::observe, build_composite_read}},
    {"write-composite", {Effect::none, build_composite_write}},
};

}  // namespace

Result<DeviceRequest> make_device_request(const std::string& operation, const json& body,
                                          Duration default_timeout) {
    const auto found = operations.find(operation);
    if (found == operations.end()) return fail(Errc::not_found, "there is no such operation");
    if (!body.is_object()) return fail(Errc::invalid_argument, "the body is no JSON object");

    DeviceRequest request;
    request.effect = found->second.first;
    request.timeout = default_timeout;
    if (body.contains("timeout")) {
        const auto timeout = read_duration(body["timeout"]);
        if (!timeout) return tl::unexpected(timeout.error());
        request.timeout = *timeout;
    }
    const auto repeats = read_number(body, "repeatDatagram", repeats_max, 0);
    if (!repeats) return tl::unexpected(repeats.error());
    request.repeat_datagram = *repeats;
    if (body.contains("update") && !body["update"].is_boolean()) {
        return fail(Errc::invalid_argument, "'update' is neither true nor false");
    }
    if (const Status built = found->second.second(request, body); !built) {
        return tl::unexpected(built.error());
    }
    if (body.contains("ttl")) {
        const auto ttl = read_duration(body["ttl"]);
        if (!ttl) return tl::unexpected(ttl.error());
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*ttl).count();
        request.message.add_uint(coap::ttl_seconds, static_cast<std::uint32_t>(seconds));
    }
    return request;
}

}  // namespace scef::lwm2m_server_simulator
