#include "simulators/scef-simulator/t8_members.h"

#include <array>
#include <charconv>
#include <cstddef>

namespace scef::scef_simulator {
namespace {

constexpr std::size_t msisdn_digits_max = 15;

bool is_local_at_domain(const std::string& text) {
    const std::size_t at = text.find('@');
    return at != std::string::npos && at > 0 && at + 1 < text.size() && at == text.rfind('@');
}

bool is_msisdn(const std::string& text) {
    return !text.empty() && text.size() <= msisdn_digits_max &&
           text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Identity read_single_identity(BodyReader& reader) {
    Identity identity;
    if (reader.has("externalId") == reader.has("msisdn")) {
        reader.complain("externalId", "exactly one of externalId and msisdn is expected");
        return identity;
    }
    identity.kind = reader.has("msisdn") ? Identity::Kind::msisdn : Identity::Kind::external_id;
    const char* member = member_of(identity.kind);
    const std::optional<std::string> text = reader.text(member);
    if (!text) return identity;
    const bool is_number = identity.kind == Identity::Kind::msisdn;
    if (is_number ? !is_msisdn(*text) : !is_local_at_domain(*text)) {
        reader.complain(
            member, is_number ? "1 to 15 digits are expected" : "local-part@domain is expected");
    }
    identity.text = *text;
    return identity;
}

void read_destination(BodyReader& reader, std::string& destination) {
    const std::optional<std::string> text = reader.text("notificationDestination");
    if (!text) return;
    if (!text->starts_with("http://") && !text->starts_with("https://")) {
        reader.complain("notificationDestination", "an absolute http or https URI is expected");
    }
    destination = *text;
}

std::string read_features(BodyReader& reader, std::uint64_t ours) {
    constexpr std::size_t digits_max = 16;
    const std::optional<std::string> text = reader.text("supportedFeatures");
    if (!text) return {};
    const std::size_t skipped = text->size() > digits_max ? text->size() - digits_max : 0;
    std::uint64_t theirs = 0;
    const char* end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data() + skipped, end, theirs, 16);
    const bool is_hex = text->find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (!is_hex || (!text->empty() && (error != std::errc{} || stopped != end))) {
        reader.complain("supportedFeatures", "hexadecimal digits are expected");
        return {};
    }
    std::array<char, digits_max> common{};
    const auto written =
        std::to_chars(common.data(), common.data() + common.size(), theirs & ours, 16);
    return {common.data(), written.ptr};
}

nlohmann::json test_body(const std::string& self) { return {{"subscription", self}}; }

}  // namespace scef::scef_simulator
