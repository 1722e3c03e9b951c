#include "simulators/lwm2m-server-simulator/content_formats.h"

#include <array>
#include <utility>

#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {
namespace {

constexpr std::array names{
    std::pair{coap::text_plain, "text"},
    std::pair{coap::link_format, "link"},
    std::pair{coap::opaque, "opaque"},
    std::pair{coap::cbor, "cbor"},
    std::pair{coap::senml_json, "senml-json"},
    std::pair{coap::senml_cbor, "senml-cbor"},
    std::pair{coap::tlv, "tlv"},
};

}  // namespace

Result<std::uint16_t> read_content_format(const nlohmann::json& value) {
    if (value.is_number_integer() && value >= 0 && value <= 65535) {
        return value.get<std::uint16_t>();
    }
    std::string known;
    for (const auto& [number, name] : names) {
        if (value == name) return number;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return fail(Errc::invalid_argument, "a content format is a number or one of " + known);
}

std::string content_format_name(std::uint32_t number) {
    for (const auto& [known, name] : names) {
        if (known == number) return name;
    }
    return std::to_string(number);
}

}  // namespace scef::lwm2m_server_simulator
