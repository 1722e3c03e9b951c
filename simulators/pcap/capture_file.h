#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::pcap {

/// A pcapng file of UDP datagrams that grows while it is written. Any thread.
class CaptureFile {
public:
    /// Makes or empties the file at `path`; a named pipe waits for its reader. One sentence if that
    /// fails.
    static Result<std::unique_ptr<CaptureFile>> create(const std::string& path,
                                                       std::string_view application);

    /// The number of a new interface, by which packets name it.
    std::uint32_t add_interface(std::string_view name);
    void write(std::uint32_t interface, WallTime time, const SocketAddress& from,
               const SocketAddress& to, ByteView payload);

    /// False once something could not be written; nothing is from then on, so that the file stays
    /// readable up to there.
    bool is_good() const;

private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    explicit CaptureFile(std::FILE* file) : file_(file) {}
    void append(const Bytes& block);

    mutable std::mutex mutex_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::uint32_t interfaces_ = 0;
    bool is_good_ = true;
};

}  // namespace scef::pcap
