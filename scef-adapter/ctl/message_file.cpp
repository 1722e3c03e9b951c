#include "scef-adapter/ctl/message_file.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/coap_request.h"
#include "scef-adapter/ctl/csv.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 12> members{
    "externalId", "coap",        "payload",       "contentFormat", "ttl",      "notBefore",
    "priority",   "maxAttempts", "correlationId", "collapseKey",   "sendMode", "idempotencyKey"};

/// What CSV can't write stands in JSON lines only.
bool is_member(std::string_view name, bool is_csv) {
    return std::find(members.begin(), members.end(), name) != members.end() ||
           (!is_csv && name == "rds");
}

std::string member_list() {
    std::string text;
    for (const std::string_view name : members) {
        text += text.empty() ? "" : ", ";
        text += name;
    }
    return text;
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

class Reader {
public:
    MessageFile take() { return std::move(file_); }

    void on_line(std::size_t number, std::string_view line) {
        if (is_first_) {
            is_first_ = false;
            is_csv_ = !line.starts_with('{');
            if (is_csv_) return read_header(number, line);
        }
        if (header_is_bad_) return;
        auto item = is_csv_ ? from_csv(line) : from_json(line);
        if (!item) return mistake(number, item.error().message);
        if (auto whole = complete(*item); !whole) return mistake(number, whole.error().message);
        file_.messages.push_back({number, std::move(*item)});
    }

private:
    void mistake(std::size_t line, std::string sentence) {
        file_.mistakes.push_back({line, std::move(sentence)});
    }

    void read_header(std::size_t number, std::string_view line) {
        auto names = csv_fields(line);
        header_is_bad_ = true;
        if (!names) return mistake(number, names.error().message);
        columns_ = std::move(*names);
        for (auto name = columns_.begin(); name != columns_.end(); ++name) {
            if (!is_member(*name, true) || std::find(columns_.begin(), name, *name) != name) {
                return mistake(number, "the first line must name the columns, each once, out of " +
                                           member_list());
            }
        }
        header_is_bad_ = false;
    }

    Result<json> from_csv(std::string_view line) const {
        auto fields = csv_fields(line);
        if (!fields) return tl::unexpected<Error>(std::move(fields.error()));
        if (fields->size() != columns_.size()) {
            return fail(Errc::malformed, "expected " + std::to_string(columns_.size()) +
                                             " fields, found " + std::to_string(fields->size()));
        }
        json item = json::object();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string& field = (*fields)[i];
            if (field.empty()) continue;
            item[columns_[i]] = field;
            const bool is_number = std::all_of(field.begin(), field.end(),
                                               [](char c) { return c >= '0' && c <= '9'; });
            if ((columns_[i] == "maxAttempts" || columns_[i] == "ttl") && is_number &&
                field.size() < 10) {
                item[columns_[i]] = std::stoul(field);
            }
        }
        return item;
    }

    static Result<json> from_json(std::string_view line) {
        auto item = nidd::parse_strict_json(line);
        if (!item) return item;
        if (!item->is_object()) return fail(Errc::malformed, "not a JSON object");
        for (const auto& [name, value] : item->items()) {
            if (!is_member(name, false)) {
                return fail(Errc::invalid_argument,
                            "a member that is not known; there are " + member_list() + ", rds");
            }
        }
        return item;
    }

    MessageFile file_;
    bool is_first_ = true;
    bool is_csv_ = false;
    bool header_is_bad_ = false;
    std::vector<std::string> columns_;
};

}  // namespace

MessageFile read_messages(std::string_view text) {
    Reader reader;
    for_each_line(text,
                  [&](std::size_t number, std::string_view line) { reader.on_line(number, line); });
    return reader.take();
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
