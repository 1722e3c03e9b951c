#include "simulators/scef-simulator/listen_address.h"

#include <charconv>

namespace scef::scef_simulator {

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    ListenAddress address;
    const std::string_view digits =
        colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (colon == std::string_view::npos || colon == 0 || error != std::errc{} ||
        end != digits.data() + digits.size()) {
        return fail(
            Errc::invalid_argument,
            "expected HOST:PORT with a port from 0 to 65535, got `" + std::string(text) + "`");
    }
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    address.host = host;
    return address;
}

}  // namespace scef::scef_simulator
