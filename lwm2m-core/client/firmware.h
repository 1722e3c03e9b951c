#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/client/package_uri.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Object 5, resource 3.
enum class FirmwareState : std::uint8_t { idle, downloading, downloaded, updating };
/// Object 5, resource 5.
enum class UpdateResult : std::uint8_t {
    initial,
    success,
    not_enough_storage,
    out_of_memory,
    connection_lost,
    integrity_check_failed,
    unsupported_package,
    invalid_uri,
    update_failed,
    unsupported_protocol,
};

/// The firmware update of a device (LwM2M Core TS, appendix E.6): the state machine of object 5, a
/// package that comes by Write or is pulled block by block, its check, and the update. Its owner
/// sends the requests for blocks to the server that wrote the URI, and gives the answers back.
class Firmware {
public:
    /// The largest package, pushed or pulled.
    static constexpr std::size_t package_bytes_max = 1024 * 1024;

    Firmware(ObjectModel& model, Duration update_time) : model_(model), update_time_(update_time) {}

    /// Why a server may not write that now: 4.05 for another package or URI while one is on its
    /// way, there or being installed. Empty ones reset and are refused only during the update.
    std::optional<coap::Code> refuse(const Record& record) const;
    /// A server has written the package (/5/0/0). An empty one, or a NUL alone, resets. Like all
    /// that follow, gives the paths that changed.
    std::vector<Path> on_package_written();
    /// A server has written the URI (/5/0/1): a download begins; an empty one resets.
    std::vector<Path> on_uri_written();
    /// A block of a package arrived that is not the last; it is given up 5 min after the last one.
    std::vector<Path> on_push_block(Instant now);
    /// More than the device takes was pushed.
    std::vector<Path> on_push_too_large();
    /// Execute /5/0/2: 4.05 unless a package is there; else the update runs until `due`.
    Answer<std::vector<Path>> update(Instant now);

    /// The request for the next block; nothing while none is wanted or one is open.
    std::optional<coap::Message> take_request();
    /// Its answer; nothing: given up.
    std::vector<Path> on_block(const std::optional<coap::Message>& response);
    /// To be called at `due`. `restarts` becomes true when new firmware is in place.
    std::vector<Path> on_time(Instant now, bool& restarts);
    Instant due() const { return due_; }
    /// A restart loses a download; a package that is there stays.
    void on_restart();
    /// The objects are as they were made.
    void on_factory_reset();

    FirmwareState state() const { return state_; }
    /// Octets that arrived of the package that is being pulled.
    std::size_t downloaded_bytes() const { return package_.size(); }

private:
    void set(std::uint16_t resource, std::int64_t value);
    void enter(FirmwareState state, UpdateResult result);
    void forget_package();
    void check();
    void take_block(const coap::Message& response);

    ObjectModel& model_;
    Duration update_time_;
    FirmwareState state_ = FirmwareState::idle;
    std::optional<PackageUri> uri_;
    Bytes package_;
    Bytes etag_;
    std::uint8_t size_exponent_ = 6;
    bool is_open_ = false;    ///< a request is on its way
    bool is_pushed_ = false;  ///< what is downloading comes by Write
    Instant due_ = never;
};

}  // namespace scef::client
