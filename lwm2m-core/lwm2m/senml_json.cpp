#include <charconv>
#include <cmath>

#include "lwm2m-core/lwm2m/senml.h"
#include "lwm2m-core/lwm2m/senml_names.h"
#include "lwm2m-core/vocabulary/base64.h"

namespace scef::lwm2m {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            const auto octet = static_cast<std::uint8_t>(c);
            out += "\\u00" + to_hex({&octet, 1});
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string value_member(const Value& value, bool is_object_link) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return (is_object_link ? "\"vlo\":" : "\"vs\":") + in_quotes(*text);
    }
    if (const auto* boolean = std::get_if<bool>(&value)) {
        return *boolean ? "\"vb\":true" : "\"vb\":false";
    }
    if (const auto* octets = std::get_if<Bytes>(&value)) {
        return "\"vd\":\"" + to_base64url(*octets) + '"';
    }
    return "\"v\":" + to_plain_text(value);
}

// Reads just the JSON that SenML needs: an array of objects whose members are scalars.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool take(char c) {
        skip_blanks();
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }

    bool at_end() {
        skip_blanks();
        return text_.empty();
    }

    std::optional<std::string> string() {
        if (!take('"')) return std::nullopt;
        std::string out;
        while (!text_.empty() && text_.front() != '"') {
            if (static_cast<unsigned char>(text_.front()) < 0x20) return std::nullopt;
            if (text_.front() == '\\') {
                if (!escape(out)) return std::nullopt;
            } else {
                out += text_.front();
                text_.remove_prefix(1);
            }
        }
        if (text_.empty()) return std::nullopt;
        text_.remove_prefix(1);
        return out;
    }

    std::optional<Value> scalar() {
        skip_blanks();
        if (!text_.empty() && text_.front() == '"') {
            auto text = string();
            return text ? std::optional<Value>(std::move(*text)) : std::nullopt;
        }
        if (take_word("true")) return Value(true);
        if (take_word("false")) return Value(false);
        double number = 0;
        const auto [rest, error] =
            std::from_chars(text_.data(), text_.data() + text_.size(), number);
        if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
        text_.remove_prefix(static_cast<std::size_t>(rest - text_.data()));
        return Value(number);
    }

private:
    void skip_blanks() {
        const std::size_t blanks = text_.find_first_not_of(" \t\r\n");
        text_.remove_prefix(blanks == std::string_view::npos ? text_.size() : blanks);
    }

    bool take_word(std::string_view word) {
        if (!text_.starts_with(word)) return false;
        text_.remove_prefix(word.size());
        return true;
    }

    bool escape(std::string& out) {
        constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        if (text_.size() < 2) return false;
        if (const std::size_t index = names.find(text_[1]); index != std::string_view::npos) {
            out += meanings[index];
            text_.remove_prefix(2);
            return true;
        }
        unsigned code = 0;
        if (text_[1] != 'u' || text_.size() < 6) return false;
        const auto [rest, error] = std::from_chars(text_.data() + 2, text_.data() + 6, code, 16);
        if (error != std::errc{} || rest != text_.data() + 6) return false;
        if (code >= 0xd800 && code < 0xe000) return false;  // no name or value here needs a pair
        text_.remove_prefix(6);
        append_utf8(out, code);
        return true;
    }

    static void append_utf8(std::string& out, unsigned code) {
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xc0 | code >> 6);
            out += static_cast<char>(0x80 | (code & 0x3f));
        } else {
            out += static_cast<char>(0xe0 | code >> 12);
            out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
            out += static_cast<char>(0x80 | (code & 0x3f));
        }
    }

    std::string_view text_;
};

struct RawRecord {
    std::optional<std::string> base_name;
    std::string name;
    std::optional<Value> value;
    bool is_object_link = false;
};

bool set_member(RawRecord& record, const std::string& key, Value&& value) {
    const bool is_text = std::holds_alternative<std::string>(value);
    if (key == "bn" || key == "n") {
        if (!is_text) return false;
        if (key == "bn") {
            record.base_name = std::get<std::string>(value);
        } else {
            record.name = std::get<std::string>(value);
        }
    } else if (key == "vd") {
        auto octets =
            is_text ? from_base64url(std::get<std::string>(value)) : fail(Errc::malformed, {});
        if (!octets) return false;
        record.value = std::move(*octets);
    } else if (key == "v" || key == "vs" || key == "vb" || key == "vlo") {
        record.value = std::move(value);
        record.is_object_link = key == "vlo";
    } else if (key.ends_with('_')) {
        return false;  // RFC 8428 4.4: must be understood
    }
    return true;
}

std::optional<RawRecord> read_record(Reader& reader) {
    RawRecord record;
    if (!reader.take('{')) return std::nullopt;
    if (reader.take('}')) return record;
    do {
        const auto key = reader.string();
        if (!key || !reader.take(':')) return std::nullopt;
        auto value = reader.scalar();
        if (!value || !set_member(record, *key, std::move(*value))) return std::nullopt;
    } while (reader.take(','));
    if (!reader.take('}')) return std::nullopt;
    return record;
}

}  // namespace

Bytes to_senml_json(const SenmlRecords& records, const Path& base,
                    std::optional<std::int64_t> time) {
    const SenmlNames names(base, records.size() == 1 && records.front().path == base);
    std::string out = "[";
    for (const SenmlRecord& record : records) {
        std::string members;
        const auto add = [&](const std::string& member) {
            if (!members.empty()) members += ',';
            members += member;
        };
        if (out.size() == 1) {
            if (const auto name = names.base_name()) add("\"bn\":" + in_quotes(*name));
            if (time) add("\"bt\":" + std::to_string(*time));
        } else {
            out += ',';
        }
        if (const auto name = names.name_of(record.path)) add("\"n\":" + in_quotes(*name));
        if (record.value) add(value_member(*record.value, record.is_object_link));
        out += '{' + members + '}';
    }
    return to_bytes(out + ']');
}

std::optional<SenmlRecords> from_senml_json(ByteView octets) {
    Reader reader(as_text(octets));
    SenmlRecords records;
    std::string base_name;
    if (!reader.take('[')) return std::nullopt;
    if (reader.take(']')) return reader.at_end() ? std::optional(records) : std::nullopt;
    do {
        auto raw = read_record(reader);
        if (!raw || records.size() >= senml_records_max) return std::nullopt;
        if (raw->base_name) base_name = *raw->base_name;
        const auto path = path_of_names(base_name + raw->name);
        if (!path) return std::nullopt;
        records.push_back({*path, std::move(raw->value), raw->is_object_link});
    } while (reader.take(','));
    if (!reader.take(']') || !reader.at_end()) return std::nullopt;
    return records;
}

}  // namespace scef::lwm2m
