#pragma once

#include <optional>
#include <string>

#include "simulators/lwm2m-server-simulator/host_port.h"
#include "simulators/lwm2m-server-simulator/lwm2m_server.h"

namespace scef::lwm2m_server_simulator {

struct Options {
    ServerSettings server;
    HostPort api;
    std::string log_level;
};

/// What the command line says, or the exit status if there is nothing more to do: 0 after `--help`
/// and `--version`, 1 after a wrong option, of which stderr tells in one sentence.
tl::expected<Options, int> parse_options(int argc, const char* const* argv);

}  // namespace scef::lwm2m_server_simulator
