#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/event_stream.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/events`: the event feed, as a stream of server-sent events for who asks for
/// `text/event-stream`, else as pages. Thread-safe.
class EventResource {
public:
    static constexpr std::size_t streams_max = 64;

    EventResource(ShardAccess& shards, ColdReader& cold, std::function<WallTime()> wall)
        : shards_(shards), cold_(cold), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void read(const ApiCallPtr& call);
    void stream(const ApiCallPtr& call, EventFilter filter, const FeedPosition& position);
    void page(const ApiCallPtr& call, EventFilter filter, const FeedPosition& position);
    Result<FeedPosition> position_of(const ApiCall& call, bool is_stream) const;

    ShardAccess& shards_;
    ColdReader& cold_;
    std::function<WallTime()> wall_;
    std::shared_ptr<std::atomic<std::size_t>> open_ =
        std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace scef::adapter
