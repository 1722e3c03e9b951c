#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/objects/initial_values.h"
#include "lwm2m-core/coap/codec.h"

/// Lets other languages use the project's codecs: a question in JSON a line, an answer a line.
///   {"decode": "coap"|"tlv"|"senml-json"|"senml-cbor", "octets": HEX, "path": "/3/0"}
///   {"encode": "coap"|"tlv"|"senml-json"|"senml-cbor", "message"|"records": …, "path": "/3/0"}
/// `path` is the base; for TLV the device's objects give the types. Octets are hexadecimal,
/// integers decimal text. What is refused is answered {"refused": true}.
namespace scef::differential {
namespace {

using client::Path;
using nlohmann::json;

json json_of(const lwm2m::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return {{"text", *text}};
    if (const auto* number = std::get_if<double>(&value)) return {{"float", *number}};
    if (const auto* flag = std::get_if<bool>(&value)) return {{"boolean", *flag}};
    if (const auto* octets = std::get_if<Bytes>(&value)) return {{"octets", to_hex(*octets)}};
    return {{"integer", std::to_string(std::get<std::int64_t>(value))}};
}

lwm2m::Value value_of(const json& value) {
    if (value.contains("text")) return value["text"].get<std::string>();
    if (value.contains("float")) return value["float"].get<double>();
    if (value.contains("boolean")) return value["boolean"].get<bool>();
    if (value.contains("octets")) return from_hex(value["octets"].get<std::string>());
    return static_cast<std::int64_t>(std::stoll(value["integer"].get<std::string>()));
}

const client::ObjectModel& device() {
    static const client::ObjectModel model = [] {
        client::ClientSettings settings;
        settings.objects = client::object_sets::all();
        client::ObjectModel all;
        add_initial_objects(all, settings);
        return all;
    }();
    return model;
}

json json_of(const coap::Message& message) {
    json options = json::array();
    for (const coap::Option& option : message.options) {
        options.push_back({option.number, to_hex(option.value)});
    }
    return {{"type", static_cast<int>(message.type)},
            {"code", message.code.octet},
            {"messageId", message.message_id},
            {"token", to_hex(message.token.view())},
            {"options", options},
            {"payload", to_hex(message.payload)}};
}

coap::Message message_of(const json& given) {
    coap::Message message;
    message.type = static_cast<coap::Type>(given["type"].get<int>());
    message.code = coap::Code::from_octet(given["code"].get<std::uint8_t>());
    message.message_id = given["messageId"].get<std::uint16_t>();
    message.token = coap::Token(from_hex(given["token"].get<std::string>()));
    for (const json& option : given["options"]) {
        message.add(option[0].get<std::uint16_t>(), from_hex(option[1].get<std::string>()));
    }
    message.payload = from_hex(given["payload"].get<std::string>());
    return message;
}

const json refused = {{"refused", true}};

json decode(const std::string& format, const Bytes& octets, const Path& path) {
    json records = json::array();
    if (format == "coap") {
        const auto message = coap::parse(octets);
        return message ? json{{"message", json_of(*message)}}
                       : json{{"refused", true}, {"reason", message.error().reason}};
    }
    if (format == "tlv") {
        const auto read = from_tlv(octets, path, device());
        if (!read) return refused;
        for (const client::Record& record : *read) {
            records.push_back({{"path", record.path.text()}, {"value", json_of(record.value)}});
        }
        return {{"records", records}};
    }
    const auto read =
        format == "senml-json" ? lwm2m::from_senml_json(octets) : lwm2m::from_senml_cbor(octets);
    if (!read) return refused;
    for (const lwm2m::SenmlRecord& record : *read) {
        json one{{"path", record.path.text()}, {"link", record.is_object_link}};
        if (record.value) one["value"] = json_of(*record.value);
        records.push_back(std::move(one));
    }
    return {{"records", records}};
}

json encode(const std::string& format, const json& question) {
    if (format == "coap") {
        return {{"octets", to_hex(serialize(message_of(question["message"])))}};
    }
    const auto base = Path::parse(question["path"].get<std::string>()).value();
    client::Records typed;
    lwm2m::SenmlRecords named;
    for (const json& record : question["records"]) {
        const auto path = Path::parse(record["path"].get<std::string>()).value();
        lwm2m::Value value = value_of(record["value"]);
        if (format != "tlv") {
            named.push_back({path, std::move(value), record.value("link", false)});
            continue;
        }
        const auto* definition = device().definition(path);
        if (definition == nullptr) return refused;
        typed.push_back({path, definition->type, std::move(value), definition->multiple});
    }
    return {{"octets", to_hex(format == "tlv"          ? to_tlv(typed, base)
                              : format == "senml-json" ? to_senml_json(named, base)
                                                       : to_senml_cbor(named, base))}};
}

json answer(const json& question) {
    if (question.contains("encode")) {
        return encode(question["encode"].get<std::string>(), question);
    }
    return decode(question["decode"].get<std::string>(),
                  from_hex(question["octets"].get<std::string>()),
                  Path::parse(question.value("path", "/")).value());
}

}  // namespace
}  // namespace scef::differential

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << scef::differential::answer(nlohmann::json::parse(line)).dump() << '\n'
                  << std::flush;
    }
}
