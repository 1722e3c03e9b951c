#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/engine/dead_letter.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// Which dead letters are looked for.
struct DeadLetterFilter {
    std::optional<ExternalId> device;
    std::string group;  ///< of the device as it is now; empty: any
    std::optional<bool> replayed;
};

/// One page of dead letters on its way: shard after shard, newest first in each. Each step runs on
/// the thread that has the data and starts the next one. Keeps itself alive.
class DeadLetterScan : public std::enable_shared_from_this<DeadLetterScan> {
public:
    /// Letters that one scan looks at, at most: a page may be short and yet another follow.
    static constexpr std::size_t looked_at_max = 5000;

    struct Found {
        std::vector<DeadLetter> letters;
        std::string next;  ///< text of a cursor; empty: that was all
    };
    using Done = std::function<void(Result<Found>)>;

    DeadLetterScan(ShardAccess& shards, ColdReader& cold, DeadLetterFilter filter,
                   std::size_t limit, Done done);
    Status start_at(std::string_view cursor);
    void run();

private:
    void look_at(const Engine& engine, const queueing::Page& page);
    void look_at(const Engine& engine, const queueing::StoredRecord& record);
    bool is_wanted(const Engine& engine, const DeadLetter& letter) const;
    void finish(bool is_all);

    ShardAccess& shards_;
    ColdReader& cold_;
    const DeadLetterFilter filter_;
    const std::size_t limit_;
    const Done done_;
    ShardId shard_ = 0, last_shard_ = 0;
    Bytes before_;  ///< the last key looked at
    MessageId last_;
    std::optional<MessageId> replayed_as_;  ///< of the letter that comes next
    std::size_t looked_at_ = 0;
    Found found_;
};

}  // namespace scef::adapter
