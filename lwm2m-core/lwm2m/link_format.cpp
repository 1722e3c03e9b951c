#include "lwm2m-core/lwm2m/link_format.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::lwm2m {
namespace {

constexpr std::size_t links_max = 512;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_any_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// attr-char of RFC 5987, and the star that ends an extended name.
bool is_name_character(char c) { return is_alphanumeric(c) || is_any_of(c, "!#$&+-.^_`|~*"); }

/// ptokenchar of RFC 6690 2.
bool is_token_character(char c) {
    return is_alphanumeric(c) || is_any_of(c, "!#$%&'()*+-./:<=>?@[]^_`{|}~");
}

/// What may stand between < and >.
bool is_target_character(char c) { return !is_control(c) && !is_any_of(c, " <>\""); }

/// Reads the document from left to right; every method says whether it could.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    /// Of the octet that broke the document, counted from 1.
    std::size_t position() const { return position_ + 1; }
    bool at_end() const { return position_ == text_.size(); }

    bool take(char expected) {
        skip_blanks();
        if (!next_is(expected)) return false;
        ++position_;
        skip_blanks();
        return true;
    }

    bool read_link(Link& link) {
        if (!next_is('<')) return false;
        ++position_;
        link.target = take_while(is_target_character);
        if (!take('>')) return false;
        while (take(';')) {
            auto& [name, value] = link.attributes.emplace_back();
            if (!read_attribute(name, value)) return false;
        }
        return true;
    }

    void skip_blanks() {
        take_while([](char c) { return is_any_of(c, " \t\r\n"); });
    }

private:
    bool next_is(char expected) const { return !at_end() && text_[position_] == expected; }

    template <typename Predicate>
    std::string_view take_while(Predicate predicate) {
        const std::size_t start = position_;
        while (!at_end() && predicate(text_[position_])) ++position_;
        return text_.substr(start, position_ - start);
    }

    bool read_attribute(std::string& name, std::string& value) {
        name = take_while(is_name_character);
        if (name.empty()) return false;
        if (!next_is('=')) return true;
        ++position_;
        if (next_is('"')) return read_quoted(value);
        value = take_while(is_token_character);
        return !value.empty();
    }

    bool read_quoted(std::string& value) {
        for (++position_; !at_end(); ++position_) {
            const char c = text_[position_];
            if (c == '"') {
                ++position_;
                return true;
            }
            if (c == '\\') {
                if (++position_ == text_.size()) return false;
                value += text_[position_];
            } else if (is_control(c)) {
                return false;
            } else {
                value += c;
            }
        }
        return false;
    }

    std::string_view text_;
    std::size_t position_ = 0;
};

void put_target(std::string& text, std::string_view target) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    text += '<';
    for (const char c : target) {
        if (is_target_character(c)) {
            text += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            text += '%';
            text += digits[octet >> 4];
            text += digits[octet & 0x0f];
        }
    }
    text += '>';
}

void put_value(std::string& text, std::string_view value) {
    const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
        return is_alphanumeric(c) || is_any_of(c, "+-._");
    });
    if (plain) {
        text += value;
        return;
    }
    text += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\' || is_control(c)) text += '\\';
        text += c;
    }
    text += '"';
}

tl::unexpected<Error> broken_at(std::size_t position) {
    return fail(Errc::malformed, "link-format: broken at octet " + std::to_string(position));
}

}  // namespace

std::optional<std::string_view> Link::attribute(std::string_view name) const {
    for (const auto& [own, value] : attributes) {
        if (own == name) return value;
    }
    return std::nullopt;
}

Result<std::vector<Link>> parse_link_format(std::string_view text) {
    if (!is_utf8(as_bytes(text))) return fail(Errc::malformed, "link-format: not UTF-8");
    std::vector<Link> links;
    Reader reader(text);
    reader.skip_blanks();
    if (reader.at_end()) return links;
    do {
        if (links.size() == links_max) {
            return fail(Errc::too_large, "link-format: more than " + std::to_string(links_max) +
                                             " links, at octet " +
                                             std::to_string(reader.position()));
        }
        if (!reader.read_link(links.emplace_back())) return broken_at(reader.position());
    } while (reader.take(','));
    reader.skip_blanks();
    if (!reader.at_end()) return broken_at(reader.position());
    return links;
}

std::string to_link_format(const std::vector<Link>& links) {
    std::string text;
    for (const Link& link : links) {
        if (!text.empty()) text += ',';
        put_target(text, link.target);
        for (const auto& [name, value] : link.attributes) {
            text += ';';
            text += name;
            if (value.empty()) continue;
            text += '=';
            put_value(text, value);
        }
    }
    return text;
}

}  // namespace scef::lwm2m
