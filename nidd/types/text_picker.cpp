#include "nidd/types/text_picker.h"

#include <algorithm>
#include <cstdint>
#include <functional>

namespace scef::nidd {
namespace {

using nlohmann::json;

/// An object or array that is open.
struct Level {
    bool is_object = false;
    std::size_t items = 0;
    std::size_t first_name = 0;  ///< in the hashes of all open names
};

}  // namespace

/// What the parser tells, value by value. False ends the reading.
class TextPicker::Handler {
public:
    Handler(std::vector<Picked>& picked, const JsonLimits& limits)
        : picked_(picked), limits_(limits) {}

    bool null() { return enter_value(); }
    bool boolean(bool /*value*/) { return enter_value(); }
    bool number_integer(json::number_integer_t /*value*/) { return enter_value(); }
    bool number_unsigned(json::number_unsigned_t /*value*/) { return enter_value(); }
    bool number_float(json::number_float_t /*value*/, const std::string& text) {
        return is_strict_float(text) && enter_value();
    }
    bool string(std::string& value) {
        if (value.find('\0') != std::string::npos || !enter_value()) return false;
        if (wanted_ != nullptr) wanted_->text = std::move(value);
        wanted_ = nullptr;
        return true;
    }
    bool binary(json::binary_t& /*value*/) { return false; }

    bool start_object(std::size_t /*size*/) { return open(true); }
    bool end_object() { return close(); }
    bool start_array(std::size_t /*size*/) { return !levels_.empty() && open(false); }
    bool end_array() { return close(); }

    bool key(std::string& name) {
        Level& level = levels_.back();
        if (name.size() > limits_.key_octets || name.find('\0') != std::string::npos ||
            level.items >= limits_.members) {
            return false;
        }
        ++level.items;
        const std::uint64_t hash = std::hash<std::string>{}(name);
        const auto first = names_.begin() + static_cast<std::ptrdiff_t>(level.first_name);
        if (std::find(first, names_.end(), hash) != names_.end()) return false;
        names_.push_back(hash);
        wanted_ = nullptr;
        if (levels_.size() > 1) return true;
        const auto found = std::find_if(picked_.begin(), picked_.end(),
                                        [&](const Picked& one) { return one.name == name; });
        if (found != picked_.end()) wanted_ = &*found;
        return true;
    }

    template <typename Exception>
    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const Exception& /*error*/) {
        return false;
    }

private:
    /// A value stands in the object, behind its key, or is an item; none stands alone.
    bool enter_value() {
        if (levels_.empty()) return false;
        Level& level = levels_.back();
        return level.is_object || level.items++ < limits_.members;
    }

    bool open(bool is_object) {
        if (!levels_.empty() && !enter_value()) return false;
        if (levels_.size() >= limits_.depth) return false;
        wanted_ = nullptr;
        levels_.push_back({is_object, 0, names_.size()});
        return true;
    }

    bool close() {
        names_.resize(levels_.back().first_name);
        levels_.pop_back();
        return true;
    }

    std::vector<Picked>& picked_;
    const JsonLimits& limits_;
    std::vector<Level> levels_;
    std::vector<std::uint64_t> names_;  ///< hashes of those of all open objects
    Picked* wanted_ = nullptr;          ///< whose value is next
};

TextPicker::TextPicker(std::initializer_list<std::string_view> names, const JsonLimits& limits)
    : limits_(limits) {
    for (const std::string_view name : names) picked_.push_back({name, std::nullopt});
}

bool TextPicker::read(std::string_view text) {
    if (text.size() > limits_.octets || text.starts_with("\xEF\xBB\xBF")) return false;
    Handler handler(picked_, limits_);
    try {
        return json::sax_parse(text.begin(), text.end(), &handler);
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace scef::nidd
