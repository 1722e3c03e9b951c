#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/file_store.h"

namespace scef::lwm2m_server_simulator {

/// An order to update the firmware of a client (LwM2M Core TS, object 5).
struct FirmwareOrder {
    enum class Method : std::uint8_t { push, pull };

    Method method = Method::push;
    std::string file;       ///< its name, for people
    Bytes package;          ///< if pushed
    std::string uri;        ///< if pulled
    std::size_t bytes = 0;  ///< how long it is; 0 if that is not known
    bool installs = true;   ///< false: download only
    Duration timeout{};     ///< of each message
    /// How long to wait for a client that does not answer, in the middle of a push, too, and for
    /// the next State or Update Result.
    Duration patience = std::chrono::hours(24);
};

/// The body of `POST /clients/{ep}/firmware`: one of `file` (of `files`), `package` in base64 and
/// `uri`; `method`, `install`, `timeout`, `patience`. `base_uri` is where this server serves files;
/// empty if no client could reach that.
Result<FirmwareOrder> read_firmware_order(const nlohmann::json& body, FileStore& files,
                                          const std::string& base_uri, Duration default_timeout);

}  // namespace scef::lwm2m_server_simulator
