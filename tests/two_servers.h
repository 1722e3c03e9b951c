#pragma once

#include "scef-adapter/config/config.h"

namespace scef {

/// One shard, one SCEF, an LwM2M server `dm` and a bootstrap server on loopback: what tests of the
/// engine begin with.
inline adapter::Config two_servers() {
    adapter::Config config = adapter::default_config();
    config.shards = 1;
    config.scefs.resize(1);
    config.scefs[0].name = "sim";
    config.lwm2m_servers.resize(2);
    config.lwm2m_servers[0].name = "dm";
    config.lwm2m_servers[0].address = SocketAddress::ipv4(0x7f000001, 5683);
    config.lwm2m_servers[1].name = "bootstrap";
    config.lwm2m_servers[1].bootstrap = true;
    config.lwm2m_servers[1].address = SocketAddress::ipv4(0x7f000001, 5693);
    return config;
}

}  // namespace scef
