#include "scef-adapter/admin/dead_letter_scan.h"

#include <algorithm>
#include <utility>

namespace scef::adapter {
namespace {

constexpr std::size_t records_per_read = 500;

}  // namespace

DeadLetterScan::DeadLetterScan(ShardAccess& shards, ColdReader& cold, DeadLetterFilter filter,
                               std::size_t limit, Done done)
    : shards_(shards),
      cold_(cold),
      filter_(std::move(filter)),
      limit_(limit),
      done_(std::move(done)) {
    shard_ = filter_.device ? filter_.device->shard(shards_.shards()) : ShardId{0};
    last_shard_ = filter_.device ? shard_ : static_cast<ShardId>(shards_.shards() - 1);
}

Status DeadLetterScan::start_at(std::string_view cursor) {
    const auto parsed = Cursor::parse(cursor);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    const auto shard = parsed->number(0, last_shard_);
    const auto id = parsed->id(1);
    if (parsed->tag() != "dl" || parsed->size() != 2 || !shard || *shard < shard_ || !id) {
        return tl::unexpected<Error>(bad_cursor());
    }
    shard_ = static_cast<ShardId>(*shard);
    if (!id->empty()) before_.assign(id->octets().begin(), id->octets().end());
    last_ = *id;
    return {};
}

void DeadLetterScan::run() {
    const queueing::Range range{shard_, queueing::RecordKind::dead_letter, {}, before_, true};
    cold_.read(range, {records_per_read}, [self = shared_from_this()](Result<queueing::Page> read) {
        if (!read) return self->done_(tl::unexpected<Error>(std::move(read.error())));
        auto page = std::make_shared<queueing::Page>(std::move(*read));
        self->shards_.query(self->shard_, [self, page](const Engine& engine, const Turn&) {
            self->look_at(engine, *page);
        });
    });
}

void DeadLetterScan::look_at(const Engine& engine, const queueing::Page& page) {
    for (const queueing::StoredRecord& record : page.records) {
        if (found_.letters.size() >= limit_ || looked_at_ >= looked_at_max) return finish(false);
        look_at(engine, record);
        before_ = record.key;
    }
    if (page.more) return run();
    if (shard_ == last_shard_) return finish(true);
    ++shard_;
    before_.clear();
    last_ = MessageId();
    run();
}

/// The note of a replay lies behind its letter, and so comes first.
void DeadLetterScan::look_at(const Engine& engine, const queueing::StoredRecord& record) {
    if (const auto replayed_as = replay_from_record(record.key, record.value)) {
        replayed_as_ = replayed_as;
        return;
    }
    ++looked_at_;
    auto letter = dead_letter_from_record(record.value);
    const auto replayed_as = std::exchange(replayed_as_, std::nullopt);
    if (!letter) return;
    last_ = letter->message.id;
    letter->message.replayed_as = replayed_as.value_or(MessageId());
    if (is_wanted(engine, *letter)) found_.letters.push_back(std::move(*letter));
}

bool DeadLetterScan::is_wanted(const Engine& engine, const DeadLetter& letter) const {
    if (filter_.replayed && *filter_.replayed == letter.message.replayed_as.empty()) return false;
    if (filter_.device && letter.external_id != filter_.device->text()) return false;
    if (filter_.group.empty()) return true;
    const DeviceView device = engine.find_device(letter.message.device);
    if (!device) return false;
    const auto& groups = device->spec.groups;
    return std::find(groups.begin(), groups.end(), filter_.group) != groups.end();
}

void DeadLetterScan::finish(bool is_all) {
    if (!is_all) found_.next = Cursor("dl").add(shard_).add(last_).text();
    done_(std::move(found_));
}

}  // namespace scef::adapter
