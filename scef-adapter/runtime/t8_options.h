#pragma once

#include "nidd/client/beast_t8_client.h"
#include "nidd/client/scef_gate.h"
#include "scef-adapter/config/config.h"

namespace scef::adapter {

nidd::TlsFiles tls_files(const TlsFiles& files);

/// The client of one SCEF as its configuration says, with at most `connections`.
nidd::T8ClientOptions t8_options(const ScefConfig& scef, std::size_t connections);

/// What spares this SCEF on one of so many workers.
nidd::ScefGateOptions gate_options(const ScefConfig& scef, unsigned workers);

}  // namespace scef::adapter
