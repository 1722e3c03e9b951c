#include "scef-adapter/feed/merged_read.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/scef-adapter/feed/stored_events.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using queueing::RecordKind;

const WallTime noon{std::chrono::hours(500'000)};

/// Whatever the shards hold: page by page everything comes once and in order.
void check_all_pages(bool newest_first) {
    const auto shards = static_cast<std::uint16_t>(*rc::gen::inRange(1, 6));
    const auto limit = static_cast<std::size_t>(*rc::gen::inRange(1, 40));
    const auto places = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange(0, 2000)));
    SeededRandom random(7);
    auto store = memory_store(shards);
    std::vector<Bytes> expected;
    for (const auto& [shard, milliseconds] : places) {
        const auto home = static_cast<ShardId>(shard % shards);
        const auto event = event_at(home, noon + milliseconds * 1ms, random);
        put(*store, home, event);
        expected.push_back(event.key);
    }
    std::sort(expected.begin(), expected.end());
    if (newest_first) std::reverse(expected.begin(), expected.end());

    std::vector<Bytes> found;
    MergedRange range{RecordKind::feed_event, {}, {}, newest_first};
    while (true) {
        const auto page = read_merged(*store, shards, range, {limit});
        RC_ASSERT(page.has_value());
        RC_ASSERT(page->records.size() <= limit);
        for (const auto& record : page->records) found.push_back(record.key);
        if (!page->more) break;
        RC_ASSERT(!page->records.empty());
        Bytes last = page->records.back().key;
        if (newest_first) {
            range.to = last;
        } else {
            last.push_back(0);
            range.from = last;
        }
    }
    RC_ASSERT(found == expected);
}

RC_GTEST_PROP(MergedRead, pages_oldest_first_are_complete_and_in_order, ()) {
    check_all_pages(false);
}

RC_GTEST_PROP(MergedRead, pages_newest_first_are_complete_and_in_order, ()) {
    check_all_pages(true);
}

}  // namespace
}  // namespace scef::adapter::test
