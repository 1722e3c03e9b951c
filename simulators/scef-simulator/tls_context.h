#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/tls_settings.h"

namespace scef::scef_simulator {

/// The server side of TLS 1.2 and 1.3: its credentials, and sessions on sockets. Any thread.
class TlsContext {
public:
    using Session = std::unique_ptr<SSL, void (*)(SSL*)>;

    /// `invalid_argument` with the file that cannot be used.
    static Result<TlsContext> load(const TlsSettings& settings);

    /// Shakes hands on a non-blocking socket; nothing if the peer does not within `milliseconds`.
    Session accept(int socket, int milliseconds) const;

private:
    using Context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;
    explicit TlsContext(Context context) : context_(std::move(context)) {}

    Context context_;
};

}  // namespace scef::scef_simulator
