#include "scef-adapter/config/config_notes.h"

namespace scef::adapter {

std::vector<std::string> config_notes(const Config& config) {
    constexpr unsigned first_ephemeral = 32768;
    std::vector<std::string> notes;
    const unsigned first = config.virtual_endpoints.port;
    const unsigned last = first + config.shards - 1u;
    if (last >= first_ephemeral) {
        notes.push_back("the ports of the virtual endpoints, " + std::to_string(first) + " to " +
                        std::to_string(last) +
                        ", overlap those that Linux hands out by itself (32768 and above): "
                        "another program may hold one at start; use a lower "
                        "'virtual_endpoints.port'");
    }
    if (config.store.engine == "memory") {
        notes.push_back("the store engine 'memory' forgets everything when the adapter ends");
    }
    return notes;
}

}  // namespace scef::adapter
