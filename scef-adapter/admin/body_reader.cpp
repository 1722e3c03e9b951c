#include "scef-adapter/admin/body_reader.h"

#include <algorithm>

namespace scef::adapter {
namespace {

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A foreign name fit for a sentence.
std::string quotable(std::string_view name) {
    std::string text;
    for (const char c : name.substr(0, 64)) text += c > ' ' && c <= '~' && c != '"' ? c : '?';
    return text;
}

std::string octets_sentence(std::size_t octets_max) {
    return "a text of 1 to " + std::to_string(octets_max) + " octets without control characters";
}

}  // namespace

const nlohmann::json* BodyReader::any(const char* name) {
    known_.emplace_back(name);
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void BodyReader::refuse(const char* name, std::string_view what) {
    if (mistake_) return;
    mistake_ = Error{Errc::invalid_argument, std::string(name) + ": " + std::string(what)};
}

void BodyReader::refuse(const Error& error) {
    if (!mistake_) mistake_ = error;
}

void BodyReader::not_supported(const char* name) {
    if (any(name) != nullptr) refuse(name, "not supported by this version");
}

std::optional<std::string> BodyReader::text(const char* name, std::size_t octets_max) {
    const nlohmann::json* member = any(name);
    if (member == nullptr) return std::nullopt;
    if (member->is_string()) {
        const auto& value = member->get_ref<const std::string&>();
        if (!value.empty() && value.size() <= octets_max && !has_control(value)) return value;
    }
    refuse(name, octets_sentence(octets_max));
    return std::nullopt;
}

std::string BodyReader::required_text(const char* name, std::size_t octets_max) {
    auto value = text(name, octets_max);
    if (!value) refuse(name, "is missing");
    return value.value_or("");
}

std::optional<std::uint64_t> BodyReader::number(const char* name, std::uint64_t min,
                                                std::uint64_t max) {
    const nlohmann::json* member = any(name);
    if (member == nullptr) return std::nullopt;
    if (member->is_number_unsigned()) {
        const auto value = member->get<std::uint64_t>();
        if (value >= min && value <= max) return value;
    }
    refuse(name, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<std::size_t> BodyReader::choice(const char* name,
                                              std::initializer_list<std::string_view> choices) {
    const nlohmann::json* member = any(name);
    if (member == nullptr) return std::nullopt;
    if (member->is_string()) {
        const auto found = std::find(choices.begin(), choices.end(),
                                     std::string_view(member->get_ref<const std::string&>()));
        if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    }
    std::string sentence = "one of";
    for (const std::string_view one : choices) {
        sentence += sentence.size() == 6 ? " " : ", ";
        sentence += one;
    }
    refuse(name, sentence);
    return std::nullopt;
}

std::optional<std::vector<std::string>> BodyReader::texts(const char* name, std::size_t count_max,
                                                          std::size_t octets_max) {
    const nlohmann::json* member = any(name);
    if (member == nullptr) return std::nullopt;
    std::vector<std::string> values;
    bool fits = member->is_array() && member->size() <= count_max;
    for (std::size_t i = 0; fits && i < member->size(); ++i) {
        const nlohmann::json& item = (*member)[i];
        fits = item.is_string();
        if (!fits) break;
        values.push_back(item.get<std::string>());
        fits = !values.back().empty() && values.back().size() <= octets_max &&
               !has_control(values.back());
    }
    if (fits) return values;
    refuse(name, "an array of at most " + std::to_string(count_max) + " items, each " +
                     octets_sentence(octets_max));
    return std::nullopt;
}

Status BodyReader::finish() {
    for (const auto& [name, value] : object_.items()) {
        if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
            return fail(Errc::invalid_argument,
                        "there is no member \"" + quotable(name) + "\" here");
        }
    }
    if (mistake_) return tl::unexpected<Error>(*mistake_);
    return {};
}

}  // namespace scef::adapter
