#include <charconv>

#include "lwm2m-core/lwm2m/senml.h"
#include "lwm2m-core/lwm2m/senml_names.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/utf8.h"

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

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code) {
    const auto put = [&out](unsigned octet) { out += static_cast<char>(octet); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xc0 | code >> 6);
    } else {
        put(code < 0x10000 ? 0xe0 | code >> 12 : 0xf0 | code >> 18);
        if (code >= 0x10000) put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
    }
    put(0x80 | (code & 0x3f));
}

// Reads JSON (RFC 8259) from left to right, so far as SenML needs it.
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

    std::optional<Value> boolean() {
        skip_blanks();
        if (take_word("true")) return Value(true);
        if (take_word("false")) return Value(false);
        return std::nullopt;
    }

    /// A whole number that 64 bits hold keeps all its digits.
    std::optional<Value> number() {
        skip_blanks();
        const std::string_view token = text_.substr(0, number_size());
        const char* const end = token.data() + token.size();
        std::int64_t whole = 0;
        double number = 0;
        std::optional<Value> value;
        if (const auto read = std::from_chars(token.data(), end, whole);
            read.ec == std::errc{} && read.ptr == end) {
            value = Value(whole);
        } else if (const auto wide = std::from_chars(token.data(), end, number);
                   wide.ec == std::errc{} && wide.ptr == end) {
            value = Value(number);
        }
        text_.remove_prefix(token.size());
        return value;
    }

    /// Passes over one value of any kind.
    bool skip(unsigned depth = 0) {
        skip_blanks();
        if (text_.empty() || depth > depth_max) return false;
        if (text_.front() == '"') return string().has_value();
        if (text_.front() == '[' || text_.front() == '{') return skip_items(depth);
        return take_word("null") || boolean() || number();
    }

private:
    static constexpr unsigned depth_max = 8;

    void skip_blanks() {
        const std::size_t blanks = text_.find_first_not_of(" \t\r\n");
        text_.remove_prefix(blanks == std::string_view::npos ? text_.size() : blanks);
    }

    bool skip_items(unsigned depth) {
        const bool is_object = take('{');
        if (!is_object) take('[');
        const char end = is_object ? '}' : ']';
        if (take(end)) return true;
        do {
            if (is_object && (!string() || !take(':'))) return false;
            if (!skip(depth + 1)) return false;
        } while (take(','));
        return take(end);
    }

    /// Of the number at the front as RFC 8259 6 has it; 0 if there is none.
    std::size_t number_size() const {
        std::size_t at = text_.starts_with('-') ? 1 : 0;
        const auto is_next = [&](std::string_view set) {
            return at < text_.size() && set.find(text_[at]) != std::string_view::npos;
        };
        const auto take_digits = [&] {
            const std::size_t first = at;
            while (at < text_.size() && is_digit(text_[at])) ++at;
            return at - first;
        };
        const bool is_zero = is_next("0");
        const std::size_t digits = take_digits();
        if (digits == 0 || (is_zero && digits > 1)) return 0;
        if (is_next(".")) {
            ++at;
            if (take_digits() == 0) return 0;
        }
        if (is_next("eE")) {
            ++at;
            if (is_next("+-")) ++at;
            if (take_digits() == 0) return 0;
        }
        return at;
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
        auto code = code_unit();
        if (!code || (*code >= 0xdc00 && *code < 0xe000)) return false;
        if (*code >= 0xd800 && *code < 0xdc00) {
            const auto low = code_unit();
            if (!low || *low < 0xdc00 || *low >= 0xe000) return false;
            code = 0x10000 + ((*code - 0xd800) << 10 | (*low - 0xdc00));
        }
        append_utf8(out, *code);
        return true;
    }

    /// `\uXXXX`.
    std::optional<unsigned> code_unit() {
        unsigned code = 0;
        if (text_.size() < 6 || !text_.starts_with("\\u")) return std::nullopt;
        const auto [rest, error] = std::from_chars(text_.data() + 2, text_.data() + 6, code, 16);
        if (error != std::errc{} || rest != text_.data() + 6) return std::nullopt;
        text_.remove_prefix(6);
        return code;
    }

    std::string_view text_;
};

std::optional<Value> read_value(Reader& reader, std::string_view label) {
    if (label == "v") return reader.number();
    if (label == "vb") return reader.boolean();
    auto text = reader.string();
    if (!text) return std::nullopt;
    if (label != "vd") return Value(std::move(*text));
    auto octets = from_base64url(*text);
    return octets ? std::optional(Value(std::move(*octets))) : std::nullopt;
}

bool read_member(Reader& reader, std::string_view label, RawSenmlRecord& record) {
    if (label == "bn" || label == "n") {
        auto text = reader.string();
        if (!text) return false;
        if (label == "bn") {
            record.base_name = std::move(*text);
        } else {
            record.name = std::move(*text);
        }
        return true;
    }
    if (label == "bv" || label == "bver") {
        const auto number = reader.number();
        if (!number) return false;
        if (label == "bver") return *as_number(*number) <= senml_version;
        record.base_value = as_number(*number);
        return true;
    }
    if (label == "v" || label == "vs" || label == "vb" || label == "vd" || label == "vlo") {
        auto value = read_value(reader, label);
        if (!value || record.value) return false;
        record.value = std::move(value);
        record.is_object_link = label == "vlo";
        return true;
    }
    // RFC 8428 4.4: what ends with an underscore must be understood.
    return !label.ends_with('_') && reader.skip();
}

std::optional<RawSenmlRecord> read_record(Reader& reader) {
    RawSenmlRecord record;
    if (!reader.take('{')) return std::nullopt;
    if (reader.take('}')) return record;
    do {
        const auto label = reader.string();
        if (!label || !reader.take(':') || !read_member(reader, *label, record)) {
            return std::nullopt;
        }
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
    SenmlResolver resolver;
    if (!is_utf8(octets) || !reader.take('[')) return std::nullopt;
    if (reader.take(']')) return reader.at_end() ? std::optional(records) : std::nullopt;
    do {
        auto raw = read_record(reader);
        if (!raw || records.size() >= senml_records_max) return std::nullopt;
        auto record = resolver.resolve(std::move(*raw));
        if (!record) return std::nullopt;
        records.push_back(std::move(*record));
    } while (reader.take(','));
    if (!reader.take(']') || !reader.at_end()) return std::nullopt;
    return records;
}

}  // namespace scef::lwm2m
