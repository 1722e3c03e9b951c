#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::adapter {

/// Where the next page of a list begins: a few fields under a tag, opaque to the caller.
class Cursor {
public:
    explicit Cursor(std::string tag) : fields_{std::move(tag)} {}

    Cursor& add(std::uint64_t number);
    Cursor& add(const MessageId& id);
    /// Text for `?cursor=`.
    std::string text() const;

    /// `malformed` for what no list handed out.
    static Result<Cursor> parse(std::string_view text);
    const std::string& tag() const { return fields_.front(); }
    std::size_t size() const { return fields_.size() - 1; }
    /// Field `index` from 0; nothing if it is missing, not of that type or above `max`.
    std::optional<std::uint64_t> number(std::size_t index, std::uint64_t max) const;
    std::optional<MessageId> id(std::size_t index) const;

private:
    Cursor() = default;
    std::vector<std::string> fields_;
};

/// The one answer to a cursor that a list did not hand out.
Error bad_cursor();

}  // namespace scef::adapter
