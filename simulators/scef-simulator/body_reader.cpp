#include "simulators/scef-simulator/body_reader.h"

#include <utility>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t octets_max = 1024 * 1024;
constexpr int nesting_max = 16;

bool is_shallow(int depth, json::parse_event_t /*event*/, json& /*value*/) {
    return depth <= nesting_max;
}

}  // namespace

Result<json> parse_json(std::string_view text) {
    if (text.size() > octets_max) return fail(Errc::too_large, "the body is too long");
    json value = json::parse(text, is_shallow, /*allow_exceptions=*/false);
    if (value.is_discarded()) return fail(Errc::malformed, "the body is no JSON");
    return value;
}

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

BodyReader::BodyReader(const json& object, std::vector<InvalidParam>& complaints,
                       std::string prefix)
    : object_(object), complaints_(complaints), prefix_(std::move(prefix)) {
    if (!object_.is_object()) complaints_.push_back({prefix_, "an object is expected"});
}

bool BodyReader::has(const char* name) const { return member(name) != nullptr; }

bool BodyReader::is_null(const char* name) const {
    if (!object_.is_object()) return false;
    const auto found = object_.find(name);
    return found != object_.end() && found->is_null();
}

std::optional<std::string> BodyReader::text(const char* name) {
    const json* value = member(name);
    if (value == nullptr) return std::nullopt;
    if (const auto* string = value->get_ptr<const std::string*>()) return *string;
    complain(name, "a string is expected");
    return std::nullopt;
}

std::optional<bool> BodyReader::boolean(const char* name) {
    const json* value = member(name);
    if (value == nullptr) return std::nullopt;
    if (const bool* flag = value->get_ptr<const bool*>()) return *flag;
    complain(name, "a boolean is expected");
    return std::nullopt;
}

std::optional<std::int64_t> BodyReader::integer(const char* name, std::int64_t min,
                                                std::int64_t max) {
    const json* value = member(name);
    if (value == nullptr) return std::nullopt;
    const auto* natural = value->get_ptr<const json::number_unsigned_t*>();
    const auto* number = value->get_ptr<const json::number_integer_t*>();
    const bool is_huge = natural != nullptr && *natural > static_cast<std::uint64_t>(max);
    if (number == nullptr || is_huge || *number < min || *number > max) {
        complain(name, "an integer from " + std::to_string(min) + " to " + std::to_string(max) +
                           " is expected");
        return std::nullopt;
    }
    return *number;
}

std::optional<double> BodyReader::number(const char* name, double min, double max) {
    const json* value = member(name);
    if (value == nullptr) return std::nullopt;
    const double number = value->is_number() ? value->get<double>() : max + 1;
    if (number >= min && number <= max) return number;
    complain(name,
             "a number from " + json(min).dump() + " to " + json(max).dump() + " is expected");
    return std::nullopt;
}

std::string BodyReader::raw(const char* name) {
    const json* value = member(name);
    if (value == nullptr) return {};
    if (value->is_structured()) return dump(*value);
    complain(name, "an object or array is expected");
    return {};
}

const json* BodyReader::array(const char* name) {
    const json* value = member(name);
    if (value == nullptr) return nullptr;
    if (value->is_array()) return value;
    complain(name, "an array is expected");
    return nullptr;
}

void BodyReader::complain(const char* name, std::string reason) {
    complaints_.push_back({prefix_ + "/" + name, std::move(reason)});
}

const json* BodyReader::member(const char* name) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace scef::scef_simulator
