#include "scef-adapter/admin/cursor.h"

#include <charconv>

#include "lwm2m-core/vocabulary/base64.h"

namespace scef::adapter {
namespace {

constexpr std::size_t text_max = 200;
constexpr char separator = ' ';
constexpr std::string_view no_id = "-";

}  // namespace

Cursor& Cursor::add(std::uint64_t number) {
    fields_.push_back(std::to_string(number));
    return *this;
}

Cursor& Cursor::add(const MessageId& id) {
    fields_.push_back(id.empty() ? std::string(no_id) : id.text());
    return *this;
}

std::string Cursor::text() const {
    std::string joined = fields_.front();
    for (std::size_t i = 1; i < fields_.size(); ++i) joined += separator + fields_[i];
    return to_base64url(as_bytes(joined));
}

Result<Cursor> Cursor::parse(std::string_view text) {
    if (text.empty() || text.size() > text_max) return tl::unexpected<Error>(bad_cursor());
    const auto octets = from_base64url(text);
    if (!octets) return tl::unexpected<Error>(bad_cursor());
    Cursor cursor;
    std::string_view rest = as_text(*octets);
    for (;;) {
        const std::size_t end = rest.find(separator);
        cursor.fields_.emplace_back(rest.substr(0, end));
        if (end == std::string_view::npos) return cursor;
        rest.remove_prefix(end + 1);
    }
}

std::optional<std::uint64_t> Cursor::number(std::size_t index, std::uint64_t max) const {
    if (index >= size()) return std::nullopt;
    const std::string& text = fields_[index + 1];
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > max) {
        return std::nullopt;
    }
    return value;
}

std::optional<MessageId> Cursor::id(std::size_t index) const {
    if (index >= size()) return std::nullopt;
    if (fields_[index + 1] == no_id) return MessageId();
    const auto id = MessageId::parse(fields_[index + 1]);
    if (!id) return std::nullopt;
    return *id;
}

Error bad_cursor() { return {Errc::invalid_argument, "cursor: not one that this list handed out"}; }

}  // namespace scef::adapter
