#include "scef-adapter/ctl/message_file.h"

#include <algorithm>
#include <vector>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "scef-adapter/ctl/coap_request.h"
#include "scef-adapter/ctl/row_reader.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

const std::vector<std::string_view> members{
    "externalId", "coap",        "payload",       "contentFormat", "ttl",      "notBefore",
    "priority",   "maxAttempts", "correlationId", "collapseKey",   "sendMode", "idempotencyKey"};

/// What CSV can't write stands in JSON lines only.
Status check_names(const json& item) {
    for (const auto& [name, value] : item.items()) {
        if (name == "rds" || std::find(members.begin(), members.end(), name) != members.end()) {
            continue;
        }
        return fail(Errc::invalid_argument,
                    "a member that is not known; there are " + list_of(members) + ", rds");
    }
    return {};
}

json value_of(const std::string& column, const std::string& field) {
    const bool is_number =
        std::all_of(field.begin(), field.end(), [](char c) { return c >= '0' && c <= '9'; });
    if ((column == "maxAttempts" || column == "ttl") && is_number && field.size() < 10) {
        return std::stoul(field);
    }
    return field;
}

/// Turns `coap` into the payload that it stands for.
Status complete(json& item) {
    if (!item.contains("externalId")) return fail(Errc::invalid_argument, "externalId is missing");
    const auto coap = item.find("coap");
    if ((coap == item.end()) == !item.contains("payload")) {
        return fail(Errc::invalid_argument, "either coap or payload must be there");
    }
    if (coap == item.end()) return {};
    if (!coap->is_string()) return fail(Errc::invalid_argument, "coap must be a text");
    const auto octets = coap_request(coap->get<std::string>());
    if (!octets) return fail(Errc::invalid_argument, "coap: " + octets.error().message);
    item["payload"] = to_base64(*octets);
    item.erase("coap");
    return {};
}

}  // namespace

MessageFile read_messages(std::string_view text) {
    RowReader rows({members, "", value_of});
    MessageFile file;
    for_each_line(text, [&](std::size_t number, std::string_view line) {
        auto item = rows.read(number, line);
        if (!item) return;
        if (auto known = check_names(*item); !known) {
            return rows.mistake(number, known.error().message);
        }
        if (auto whole = complete(*item); !whole) {
            return rows.mistake(number, whole.error().message);
        }
        file.messages.push_back({number, std::move(*item)});
    });
    file.mistakes = rows.take_mistakes();
    return file;
}

void give_keys(MessageFile& file, std::string_view text, const std::string& batch) {
    std::string name = batch;
    if (name.empty()) {
        const std::uint64_t hash = stable_hash(text);
        Bytes octets;
        for (int shift = 56; shift >= 0; shift -= 8) {
            octets.push_back(static_cast<std::uint8_t>(hash >> shift));
        }
        name = to_hex(octets);
    }
    for (MessageLine& message : file.messages) {
        if (message.item.contains("idempotencyKey")) continue;
        message.item["idempotencyKey"] = name + ':' + std::to_string(message.line);
    }
}

}  // namespace scef::ctl
