#include "nidd/types/member_reader.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/strict_json.h"

namespace scef::nidd {
namespace {

using nlohmann::json;

constexpr std::size_t word_octets = 128;

}  // namespace

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= word_octets &&
           std::all_of(text.begin(), text.end(),
                       [](char octet) { return octet > ' ' && octet < '\x7f'; });
}

MemberReader::MemberReader(const json& value) : value_(value) {
    if (!value.is_object()) refuse("a JSON object is expected");
}

const json* MemberReader::find(const char* name) const {
    if (!value_.is_object()) return nullptr;
    const auto found = value_.find(name);
    return found == value_.end() || found->is_null() ? nullptr : &*found;
}

void MemberReader::refuse(std::string message) {
    if (!problem_) problem_ = std::move(message);
}

void MemberReader::absorb(const MemberReader& nested) {
    if (nested.problem_) refuse(*nested.problem_);
}

std::optional<std::string> MemberReader::text(const char* name) {
    auto value = text_member(value_, name);
    if (value) return std::move(*value);
    refuse(value.error().message);
    return std::nullopt;
}

std::optional<std::string> MemberReader::word(const char* name) {
    auto value = text(name);
    if (!value) return std::nullopt;
    if (is_word(*value)) return value;
    refuse(std::string("member ") + name + " is no enumeration value");
    return std::nullopt;
}

std::string MemberReader::required_text(const char* name) {
    auto value = text(name);
    if (!value || value->empty()) {
        refuse(std::string("member ") + name + " is missing or empty");
        return {};
    }
    return std::move(*value);
}

std::optional<bool> MemberReader::boolean(const char* name) {
    const auto value = bool_member(value_, name);
    if (value) return *value;
    refuse(value.error().message);
    return std::nullopt;
}

std::optional<WallTime> MemberReader::time(const char* name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto parsed = from_rfc3339(*value);
    if (parsed) return *parsed;
    refuse(std::string("member ") + name + " is no date-time of RFC 3339");
    return std::nullopt;
}

Bytes MemberReader::required_data(const char* name) {
    const auto value = text(name);
    if (!value || value->empty()) {
        refuse(std::string("member ") + name + " is missing or empty");
        return {};
    }
    auto octets = from_base64(*value);
    if (octets) return std::move(*octets);
    refuse(std::string("member ") + name + " is no base64 of RFC 4648");
    return {};
}

std::optional<double> MemberReader::real(const char* name, double max) {
    const json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) {
        const double number = value->get<double>();
        if (number >= 0 && number <= max) return number;
    }
    refuse(std::string("member ") + name + " is no number or out of range");
    return std::nullopt;
}

const json* MemberReader::object(const char* name) {
    const json* value = find(name);
    if (value == nullptr || value->is_object()) return value;
    refuse(std::string("member ") + name + " is not an object");
    return nullptr;
}

const json* MemberReader::array(const char* name) {
    const json* value = find(name);
    if (value == nullptr || value->is_array()) return value;
    refuse(std::string("member ") + name + " is not an array");
    return nullptr;
}

std::optional<std::uint64_t> MemberReader::unsigned_number(const char* name, std::uint64_t max) {
    const auto value = unsigned_member(value_, name, max);
    if (value) return *value;
    refuse(value.error().message);
    return std::nullopt;
}

}  // namespace scef::nidd
