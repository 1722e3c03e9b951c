#include "scef-adapter/admin/message_lookup.h"

#include "scef-adapter/admin/message_json.h"

namespace scef::adapter {
namespace {

/// Longer than a commit takes.
constexpr Duration commit_patience = std::chrono::milliseconds(100);

}  // namespace

void MessageLookup::find(const MessageId& id, Done done) const {
    if (id.shard() >= shards_.shards()) return done(fail(Errc::not_found, "no such message"));
    shards_.query(
        id.shard(), [this, id, done = std::move(done)](const Engine& engine, const Turn&) mutable {
            if (const queueing::Message* message = engine.find_message(id)) {
                return done(Found{message_json(*message, engine.find_device(message->device).get()),
                                  !queueing::is_terminal(message->state)});
            }
            find_ended(id, false, std::move(done));
        });
}

void MessageLookup::find_ended(const MessageId& id, bool again, Done done) const {
    const auto range = range_of(id.shard(), queueing::RecordKind::final_message, id);
    auto use = [this, id, again, done = std::move(done)](Result<queueing::Page> page) mutable {
        if (!page) return done(tl::unexpected<Error>(std::move(page.error())));
        if (page->records.empty()) {
            if (!again) return find_ended(id, true, std::move(done));
            return done(fail(Errc::not_found, "no such message"));
        }
        auto message = queueing::message_from_record(page->records.front().value);
        if (!message) return done(tl::unexpected<Error>(std::move(message.error())));
        auto ended = std::make_shared<queueing::Message>(std::move(*message));
        shards_.query(
            id.shard(), [ended, done = std::move(done)](const Engine& engine, const Turn&) {
                done(Found{message_json(*ended, engine.find_device(ended->device).get()), false});
            });
    };
    cold_.read(range, {1}, std::move(use), again ? commit_patience : Duration::zero());
}

}  // namespace scef::adapter
