#include "simulators/scef-simulator/tls_context.h"

#include <openssl/err.h>
#include <poll.h>

namespace scef::scef_simulator {
namespace {

tl::unexpected<Error> unusable(const std::string& what, const std::string& file) {
    ERR_clear_error();
    return fail(Errc::invalid_argument, what + " cannot be used: " + file);
}

}  // namespace

Result<TlsContext> TlsContext::load(const TlsSettings& settings) {
    Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context) return fail(Errc::internal, "no TLS context");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_use_certificate_chain_file(context.get(), settings.certificate.c_str()) != 1) {
        return unusable("the TLS certificate", settings.certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), settings.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
        return unusable("the TLS key", settings.key);
    }
    if (!settings.client_ca.empty()) {
        if (SSL_CTX_load_verify_locations(context.get(), settings.client_ca.c_str(), nullptr) !=
            1) {
            return unusable("the CA of TLS clients", settings.client_ca);
        }
        SSL_CTX_set_client_CA_list(context.get(),
                                   SSL_load_client_CA_file(settings.client_ca.c_str()));
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
        // Resumed sessions of clients with certificates need a context of their own.
        SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    }
    return TlsContext(std::move(context));
}

TlsContext::Session TlsContext::accept(int socket, int milliseconds) const {
    Session session(SSL_new(context_.get()), &SSL_free);
    if (!session || SSL_set_fd(session.get(), socket) != 1) return {nullptr, &SSL_free};
    for (;;) {
        ERR_clear_error();
        const int done = SSL_accept(session.get());
        if (done == 1) return session;
        const int error = SSL_get_error(session.get(), done);
        const bool wants_write = error == SSL_ERROR_WANT_WRITE;
        if (error != SSL_ERROR_WANT_READ && !wants_write) break;
        pollfd waited{socket, static_cast<short>(wants_write ? POLLOUT : POLLIN), 0};
        if (::poll(&waited, 1, milliseconds) <= 0) break;
    }
    ERR_clear_error();
    return {nullptr, &SSL_free};
}

}  // namespace scef::scef_simulator
