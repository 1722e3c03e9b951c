#pragma once

#include <string>

namespace scef::scef_simulator {

/// Files of the T8 listener's TLS (PEM). Without a certificate there is none; with `client_ca`
/// clients must show a certificate of it.
struct TlsSettings {
    std::string certificate;
    std::string key;
    std::string client_ca;
};

}  // namespace scef::scef_simulator
