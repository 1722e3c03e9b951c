#include "nidd/types/strict_json.h"

#include <iterator>
#include <utility>
#include <vector>

namespace scef::nidd {
namespace {

using nlohmann::json;

constexpr std::size_t number_octets = 32;

/// Walks the text and tells how far the parser came, for the position in an error sentence.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}

    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        ++at_;
        ++*count_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& left, const CountingIterator& right) {
        return left.at_ == right.at_;
    }

private:
    const char* at_;
    std::size_t* count_;
};

/// Builds the value while it enforces the limits; `problem` is the first thing that broke one.
class StrictBuilder {
public:
    StrictBuilder(json& root, const JsonLimits& limits) : root_(root), limits_(limits) {}

    const char* problem() const { return problem_; }

    bool null() { return add(json(nullptr)); }
    bool boolean(bool value) { return add(json(value)); }
    bool number_integer(json::number_integer_t value) { return add(json(value)); }
    bool number_unsigned(json::number_unsigned_t value) { return add(json(value)); }
    bool number_float(json::number_float_t value, const std::string& text) {
        if (text.size() > number_octets) return refuse("a number is too long");
        if (text.find_first_of(".eE") == std::string::npos) return refuse("a number is too large");
        return add(json(value));
    }
    bool string(std::string& value) {
        if (value.find('\0') != std::string::npos) return refuse("a string contains U+0000");
        return add(json(std::move(value)));
    }
    bool binary(json::binary_t& /*value*/) { return refuse("a value is of no JSON type"); }

    bool start_object(std::size_t /*size*/) { return open(json::object()); }
    bool end_object() { return close(); }
    bool start_array(std::size_t /*size*/) { return open(json::array()); }
    bool end_array() { return close(); }

    bool key(std::string& name) {
        json& object = *open_.back();
        if (name.size() > limits_.key_octets) return refuse("a member name is too long");
        if (name.find('\0') != std::string::npos) return refuse("a member name contains U+0000");
        if (object.size() >= limits_.members) return refuse("an object has too many members");
        auto& members = object.get_ref<json::object_t&>();
        const auto [place, added] = members.emplace(std::move(name), json(nullptr));
        if (!added) return refuse("a member name occurs twice");
        member_ = &place->second;
        return true;
    }

    template <typename Exception>
    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const Exception& /*error*/) {
        return refuse("this is no valid JSON");
    }

private:
    bool refuse(const char* problem) {
        if (problem_ == nullptr) problem_ = problem;
        return false;
    }

    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            if (parent.size() >= limits_.members) return nullptr;
            parent.push_back(std::move(value));
            return &parent.back();
        }
        *member_ = std::move(value);
        return member_;
    }

    bool add(json value) {
        return place(std::move(value)) != nullptr || refuse("an array has too many items");
    }

    bool open(json empty) {
        if (open_.size() >= limits_.depth) return refuse("it is nested too deeply");
        json* placed = place(std::move(empty));
        if (placed == nullptr) return refuse("an array has too many items");
        open_.push_back(placed);
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    json& root_;
    const JsonLimits& limits_;
    std::vector<json*> open_;
    json* member_ = nullptr;
    const char* problem_ = nullptr;
};

/// The member, or null if it is absent or JSON null (some serialisers write absent members so).
const json* find_member(const json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<Error> wrong_type(const char* name, const char* expected) {
    return fail(Errc::malformed, std::string("member ") + name + " is not " + expected);
}

}  // namespace

bool is_strict_float(std::string_view text) {
    return text.size() <= number_octets && text.find_first_of(".eE") != std::string_view::npos;
}

Result<json> parse_strict_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.octets) return fail(Errc::too_large, "the JSON text is too large");
    if (text.starts_with("\xEF\xBB\xBF")) {
        return fail(Errc::malformed, "the JSON text starts with a byte order mark");
    }
    std::size_t count = 0;
    json root;
    StrictBuilder builder(root, limits);
    bool complete = false;
    try {
        complete = json::sax_parse(CountingIterator(text.data(), &count),
                                   CountingIterator(text.data() + text.size(), &count), &builder);
    } catch (const std::exception&) {
        complete = false;
    }
    if (complete) return root;
    const char* problem =
        builder.problem() != nullptr ? builder.problem() : "this is no valid JSON";
    return fail(Errc::malformed,
                std::string(problem) + " (at octet " + std::to_string(count) + ")");
}

Result<std::optional<std::string>> text_member(const json& object, const char* name) {
    const json* member = find_member(object, name);
    if (member == nullptr) return std::optional<std::string>{};
    if (!member->is_string()) return wrong_type(name, "a string");
    return std::optional<std::string>{member->get_ref<const std::string&>()};
}

Result<std::optional<std::uint64_t>> unsigned_member(const json& object, const char* name,
                                                     std::uint64_t max) {
    const json* member = find_member(object, name);
    if (member == nullptr) return std::optional<std::uint64_t>{};
    if (!member->is_number_unsigned()) return wrong_type(name, "a whole number");
    const auto value = member->get<std::uint64_t>();
    if (value > max) {
        return fail(Errc::malformed, std::string("member ") + name + " is out of range");
    }
    return std::optional<std::uint64_t>{value};
}

Result<std::optional<bool>> bool_member(const json& object, const char* name) {
    const json* member = find_member(object, name);
    if (member == nullptr) return std::optional<bool>{};
    if (!member->is_boolean()) return wrong_type(name, "a boolean");
    return std::optional<bool>{member->get<bool>()};
}

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace scef::nidd
