#include "scef-adapter/admin/scope_changes.h"

#include <memory>
#include <utility>

namespace scef::adapter {

/// One change on its way to all shards.
class ScopeChanges::Round {
public:
    Round(std::size_t shards, Done done) : missing_(shards), done_(std::move(done)) {}

    /// Whether this was the last answer.
    bool take(const CommandReply& reply) {
        const std::lock_guard lock(mutex_);
        if (!reply.result && outcome_) outcome_ = tl::unexpected<Error>(reply.result.error());
        return --missing_ == 0;
    }
    /// After the last answer.
    void finish() const { done_(outcome_); }

private:
    std::mutex mutex_;
    std::size_t missing_;
    Status outcome_;
    Done done_;
};

void ScopeChanges::run(SetQuota change, AuditNote note, Done done) {
    Pending pending{std::move(change), std::move(note), std::move(done)};
    {
        const std::lock_guard lock(mutex_);
        if (is_busy_) return waiting_.push_back(std::move(pending));
        is_busy_ = true;
    }
    begin(std::move(pending));
}

void ScopeChanges::begin(Pending pending) {
    const auto round = std::make_shared<Round>(shards_.shards(), std::move(pending.done));
    const ShardId owner = owner_of_scope(pending.change.scope, shards_.shards());
    const auto make = [change = pending.change](ReplyId reply) {
        SetQuota event = change;
        event.reply = reply;
        return event;
    };
    const auto done = [this, round](const Engine&, const Turn&, const CommandReply& reply) {
        if (!round->take(reply)) return;
        round->finish();
        end();
    };
    for (ShardId shard = 0; shard < shards_.shards(); ++shard) {
        if (shard == owner) {
            shards_.change(shard, pending.note, make, done);
        } else {
            shards_.command(shard, make, done);
        }
    }
}

void ScopeChanges::end() {
    Pending next;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            is_busy_ = false;
            return;
        }
        next = std::move(waiting_.front());
        waiting_.pop_front();
    }
    begin(std::move(next));
}

}  // namespace scef::adapter
