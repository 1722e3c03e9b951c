#include "scef-adapter/feed/merged_read.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace scef::adapter {
namespace {

using queueing::Page;
using queueing::StoredRecord;

/// What one shard gives to a page. An even share of a few pages is enough: what lies behind the last
/// record of a shard that has more waits for the next page.
constexpr std::size_t records_of_one_shard_min = 16;

class Merge {
public:
    explicit Merge(bool newest_first) : newest_first_(newest_first) {}

    bool is_before(const Bytes& a, const Bytes& b) const { return newest_first_ ? b < a : a < b; }

    void add(Page page) {
        if (page.more && !page.records.empty()) {
            const Bytes& last = page.records.back().key;
            if (!horizon_ || is_before(last, *horizon_)) horizon_ = last;
        }
        std::move(page.records.begin(), page.records.end(), std::back_inserter(records_));
    }

    /// Behind the horizon a shard may have records that were not read.
    Page take(std::size_t limit) {
        std::sort(records_.begin(), records_.end(),
                  [this](const StoredRecord& a, const StoredRecord& b) {
                      return is_before(a.key, b.key);
                  });
        Page page;
        page.more = horizon_.has_value();
        for (StoredRecord& record : records_) {
            const bool is_behind = horizon_ && is_before(*horizon_, record.key);
            if (is_behind || page.records.size() >= limit) {
                page.more = true;
                break;
            }
            page.records.push_back(std::move(record));
        }
        return page;
    }

private:
    const bool newest_first_;
    std::optional<Bytes> horizon_;
    std::vector<StoredRecord> records_;
};

}  // namespace

Result<Page> read_merged(queueing::Store& store, std::uint16_t shards, const MergedRange& range,
                         queueing::PageLimit limit) {
    Merge merge(range.newest_first);
    const std::size_t share =
        std::max(records_of_one_shard_min, 2 * limit.records / std::max<std::size_t>(shards, 1));
    const queueing::PageLimit of_one{std::min(limit.records, share)};
    for (std::uint16_t shard = 0; shard < shards; ++shard) {
        auto page =
            store.read({shard, range.kind, range.from, range.to, range.newest_first}, of_one);
        if (!page) return page;
        merge.add(std::move(*page));
    }
    return merge.take(limit.records);
}

}  // namespace scef::adapter
