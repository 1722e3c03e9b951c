#include "nidd/tls/tls_context.h"

#include <openssl/ssl.h>

#include "nidd/tls/revocation_lists.h"

namespace scef::nidd {
namespace ssl = boost::asio::ssl;
namespace {

using ErrorCode = boost::system::error_code;

/// The lists live as long as the context whose store asks them.
struct CheckedContext : ssl::context {
    using ssl::context::context;
    std::unique_ptr<RevocationLists> revoked;
};

tl::unexpected<Error> unusable(const std::string& file, const ErrorCode& error) {
    return fail(Errc::invalid_argument, "TLS cannot use " + file + ": " + error.message());
}

Result<std::shared_ptr<ssl::context>> make_tls(ssl::context::method method, const TlsFiles& files) {
    const auto context = std::make_shared<CheckedContext>(method);
    // A session that is resumed is not verified again.
    SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context->native_handle(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    ErrorCode error;
    if (!files.certificate.empty()) {
        if (context->use_certificate_chain_file(files.certificate, error)) {
            return unusable(files.certificate, error);
        }
        if (context->use_private_key_file(files.key, ssl::context::pem, error)) {
            return unusable(files.key, error);
        }
    }
    if (!files.ca.empty() && context->load_verify_file(files.ca, error)) {
        return unusable(files.ca, error);
    }
    if (!files.crl.empty()) {
        auto lists = RevocationLists::open(files.crl);
        if (!lists) return tl::unexpected(lists.error());
        context->revoked = std::move(*lists);
        context->revoked->check_in(SSL_CTX_get_cert_store(context->native_handle()));
    }
    return context;
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_client_tls(const TlsFiles& files) {
    auto context = make_tls(ssl::context::tls_client, files);
    if (!context) return context;
    ErrorCode error;
    if (files.ca.empty() && (*context)->set_default_verify_paths(error)) {
        return unusable("the system's certificate authorities", error);
    }
    (*context)->set_verify_mode(ssl::verify_peer);
    return context;
}

Result<std::shared_ptr<ssl::context>> make_server_tls(const TlsFiles& files) {
    auto context = make_tls(ssl::context::tls_server, files);
    if (!context || files.ca.empty()) return context;
    (*context)->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    return context;
}

std::string verification_error(SSL* connection) {
    const long result = SSL_get_verify_result(connection);
    return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace scef::nidd
