#pragma once

#include <string>

namespace scef::nidd {

/// Names of PEM files.
struct TlsFiles {
    std::string ca;  ///< whom to trust; for a client empty means the system's authorities
    std::string certificate;
    std::string key;
    std::string crl;  ///< what the authorities have revoked; empty: no peer is asked that
};

}  // namespace scef::nidd
