#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/tls/tls_files.h"

namespace scef::nidd {

/// TLS 1.2 or later that verifies the server; with `certificate` it shows one of its own.
/// With `crl` a peer's certificate must be on no list, and its issuer's list must be there and
/// valid today (requirement PKI-001); the lists follow their file (RevocationLists).
/// `invalid_argument` with one sentence if a file cannot be used.
Result<std::shared_ptr<boost::asio::ssl::context>> make_client_tls(const TlsFiles& files);

/// TLS 1.2 or later for a listener; with `ca` a client must show a certificate that it signed.
Result<std::shared_ptr<boost::asio::ssl::context>> make_server_tls(const TlsFiles& files);

/// What is wrong with the peer's certificate, as OpenSSL says it: `certificate revoked`; empty if
/// nothing was found.
std::string verification_error(SSL* connection);

}  // namespace scef::nidd
