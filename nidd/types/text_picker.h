#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nidd/types/strict_json.h"

namespace scef::nidd {

/// Text members of a JSON object, read in one pass without a tree of its values: for the answers
/// that come most. As strict as `parse_strict_json` about everything it passes by.
class TextPicker {
public:
    /// Names that the object may have; the texts must outlive the picker.
    explicit TextPicker(std::initializer_list<std::string_view> names, const JsonLimits& limits);

    /// Whether the text is one JSON object within the limits. What was picked counts only then.
    bool read(std::string_view text);
    /// Of the name with that index: its value if it is a text.
    const std::optional<std::string>& text(std::size_t index) const { return picked_[index].text; }

private:
    class Handler;
    struct Picked {
        std::string_view name;
        std::optional<std::string> text;
    };

    std::vector<Picked> picked_;
    JsonLimits limits_;
};

}  // namespace scef::nidd
