#pragma once

#include <string>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::bench {

/// What a bare program of the same library does: a rate, and its own processor time for each.
struct Ceiling {
    double per_second = 0;
    double processor_us = 0;
};

/// POSTs of a delivery in a loop over so many connections of a Beast client, to a sink on another
/// thread; the processor time is the client's.
Ceiling bare_post_loop(std::size_t connections, Duration time);
/// Notifications taken by a Beast server that answers 204 to all; the processor time is the
/// server's.
Ceiling bare_server(std::size_t connections, Duration time);
/// Datagrams there and back between two sockets, so many on their way; the processor time is that
/// of one receive and one send.
Ceiling bare_datagrams(std::size_t window, Duration time);
/// Records of 240 octets appended to a file in `folder`, with fdatasync after each batch of them.
Ceiling bare_append(const std::string& folder, std::size_t batch, Duration time);
/// The same as RocksDB's write batches with sync.
Ceiling bare_rocksdb(const std::string& folder, std::size_t batch, Duration time);
/// The same through the adapter's store: each record is a batch of a turn, so many are under way.
Ceiling store_commits(const std::string& folder, std::size_t batch, Duration time);

}  // namespace scef::bench
