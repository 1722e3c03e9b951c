#include "scef-adapter/admin/message_lookup.h"

#include "scef-adapter/admin/message_json.h"

namespace scef::adapter {

void MessageLookup::find(const MessageId& id, Done done) const {
    if (id.shard() >= shards_.shards()) return done(fail(Errc::not_found, "no such message"));
    shards_.query(id.shard(), [this, id, done = std::move(done)](const Engine& engine,
                                                                 const Turn&) mutable {
        if (const MessageView message = engine.find_message(id)) {
            return done(Found{message_json(*message, engine.find_device(message->device).get()),
                              !queueing::is_terminal(message->state)});
        }
        read_final(
            id, false,
            [this, id, done = std::move(done)](Result<queueing::Message> message) mutable {
                if (!message) return done(tl::unexpected<Error>(std::move(message.error())));
                auto ended = std::make_shared<queueing::Message>(std::move(*message));
                shards_.query(id.shard(), [ended, done = std::move(done)](const Engine& at,
                                                                          const Turn&) {
                    done(Found{message_json(*ended, at.find_device(ended->device).get()), false});
                });
            });
    });
}

void MessageLookup::find_record(const MessageId& id, RecordDone done) const {
    if (id.shard() >= shards_.shards()) return done(fail(Errc::not_found, "no such message"));
    shards_.query(id.shard(),
                  [this, id, done = std::move(done)](const Engine& engine, const Turn&) mutable {
                      if (engine.find_message(id) != nullptr) {
                          return done(fail(Errc::conflict, "the message has not ended yet"));
                      }
                      read_final(id, false, std::move(done));
                  });
}

void MessageLookup::read_final(const MessageId& id, bool again, RecordDone done) const {
    const auto range = range_of(id.shard(), queueing::RecordKind::final_message, id);
    auto use = [this, id, again, done = std::move(done)](Result<queueing::Page> page) mutable {
        if (!page) return done(tl::unexpected<Error>(std::move(page.error())));
        if (!page->records.empty()) {
            return done(queueing::message_from_record(page->records.front().value));
        }
        if (!again) return read_final(id, true, std::move(done));
        done(fail(Errc::not_found, "no such message"));
    };
    cold_.read(range, {1}, std::move(use),
               again ? ColdReader::Sees::handed_in : ColdReader::Sees::stored);
}

}  // namespace scef::adapter
