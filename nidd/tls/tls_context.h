#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::nidd {

/// Names of PEM files.
struct TlsFiles {
    std::string ca;  ///< whom to trust; for a client empty means the system's authorities
    std::string certificate;
    std::string key;
};

/// TLS 1.2 or later that verifies the server; with `certificate` it shows one of its own.
/// `invalid_argument` with one sentence if a file cannot be used.
Result<std::shared_ptr<boost::asio::ssl::context>> make_client_tls(const TlsFiles& files);

/// TLS 1.2 or later for a listener; with `ca` a client must show a certificate that it signed.
Result<std::shared_ptr<boost::asio::ssl::context>> make_server_tls(const TlsFiles& files);

}  // namespace scef::nidd
