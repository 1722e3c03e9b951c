#pragma once

#include <functional>
#include <string>

#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/file_store.h"

namespace scef::lwm2m_server_simulator {

/// A block of a file that a client has just been given.
struct ServedBlock {
    std::string name;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size = 0;  ///< of the whole file

    bool is_first() const { return begin == 0; }
    bool is_last() const { return end == size; }
};

/// Serves `/files/NAME` by GET with Block2 (RFC 7959), ETag and, with the first block, Size2, so
/// that a client can pull its firmware (LwM2M Core TS, object 5). Loop thread only.
class FileService {
public:
    using Told = std::function<void(const std::string& peer, const ServedBlock& block)>;

    FileService(FileStore files, Told told) : files_(std::move(files)), told_(std::move(told)) {}

    static bool is_about_files(const CoapMessage& request);
    /// 2.05 with a block of 1024 octets or what the client asked for if that is less; 2.03 if it
    /// has that content already (ETag); 4.00 for a block behind the end, 4.04, 4.05.
    CoapMessage on_request(const std::string& peer, const CoapMessage& request);

    FileStore& files() { return files_; }

private:
    FileStore files_;
    Told told_;
};

}  // namespace scef::lwm2m_server_simulator
