#include "scef-adapter/admin/group_members.h"

#include <memory>
#include <utility>

#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

constexpr std::size_t members_per_query = 1024;

/// One shard after the other.
class Census : public std::enable_shared_from_this<Census> {
public:
    Census(ShardAccess& shards, std::string group, std::function<void(GroupCensus)> done)
        : shards_(shards),
          group_(std::move(group)),
          owner_(owner_of_scope(group_scope(group_), shards_.shards())),
          done_(std::move(done)) {}

    void run() {
        shards_.query(shard_, [self = shared_from_this()](const Engine& engine, const Turn&) {
            self->visit(engine);
        });
    }

private:
    void visit(const Engine& engine) {
        const Groups& groups = engine.groups();
        if (const std::size_t count = groups.members.count(group_); count > 0) {
            census_.shares.push_back({shard_, static_cast<std::uint32_t>(count)});
        }
        if (shard_ == owner_) {
            if (const auto* settings = groups.settings_of(group_)) census_.settings = *settings;
        }
        if (shard_ + 1 == shards_.shards()) return done_(std::move(census_));
        ++shard_;
        run();
    }

    ShardAccess& shards_;
    const std::string group_;
    const ShardId owner_;
    const std::function<void(GroupCensus)> done_;
    ShardId shard_ = 0;
    GroupCensus census_;
};

class Members : public std::enable_shared_from_this<Members> {
public:
    Members(ShardAccess& shards, std::string group, std::size_t limit,
            std::function<void(MemberPage)> done)
        : shards_(shards), group_(std::move(group)), limit_(limit), done_(std::move(done)) {}

    void run(ShardId shard, queueing::DeviceIndex from) {
        page_.shard = shard;
        page_.from = from;
        shards_.query(shard, [self = shared_from_this()](const Engine& engine, const Turn&) {
            self->visit(engine);
        });
    }

private:
    void visit(const Engine& engine) {
        const std::size_t room = std::min(limit_ - page_.members.size(), members_per_query);
        const auto found = engine.groups().members.page(group_, page_.from, room + 1);
        for (std::size_t i = 0; i < found.size() && i < room; ++i) {
            if (const auto device = engine.find_device(found[i])) {
                page_.members.push_back(device->spec.external_id);
            }
        }
        if (found.size() > room) {
            page_.from = found[room];
            page_.more = page_.members.size() >= limit_;
            if (page_.more) return done_(std::move(page_));
            return run(page_.shard, page_.from);
        }
        if (page_.shard + 1 == shards_.shards()) return done_(std::move(page_));
        run(static_cast<ShardId>(page_.shard + 1), 0);
    }

    ShardAccess& shards_;
    const std::string group_;
    const std::size_t limit_;
    const std::function<void(MemberPage)> done_;
    MemberPage page_;
};

}  // namespace

std::uint64_t GroupCensus::members() const {
    std::uint64_t sum = 0;
    for (const auto& share : shares) sum += share.members;
    return sum;
}

void count_group(ShardAccess& shards, const std::string& group,
                 std::function<void(GroupCensus)> done) {
    std::make_shared<Census>(shards, group, std::move(done))->run();
}

void page_of_group(ShardAccess& shards, const std::string& group, ShardId shard,
                   queueing::DeviceIndex from, std::size_t limit,
                   std::function<void(MemberPage)> done) {
    std::make_shared<Members>(shards, group, limit, std::move(done))->run(shard, from);
}

}  // namespace scef::adapter
