#include "scef-adapter/admin/dead_letter_resource.h"

#include <array>
#include <memory>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/admin/dead_letter_scan.h"
#include "scef-adapter/admin/enqueue_refusal.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/admin/message_json.h"
#include "scef-adapter/admin/windowed_work.h"
#include "scef-adapter/engine/engine.h"

namespace scef::adapter {
namespace {

constexpr std::size_t replayed_at_once_max = 1000;
constexpr std::size_t id_octets_max = 64;

Json letter_json(const DeadLetter& letter) {
    Json document = message_json(letter.message, nullptr);
    if (!letter.external_id.empty()) document["externalId"] = letter.external_id;
    document["detail"] = letter.detail.empty() ? Json(nullptr) : Json(letter.detail);
    document["endedAt"] = to_rfc3339(letter.ended_at);
    return document;
}

ReplayChanges changes_of(BodyReader& reader, WallTime wall) {
    const MessageTiming timing = read_timing(reader, wall);
    return {timing.ttl, timing.not_before, read_priority(reader)};
}

/// Of a list's query, or of the body that replays many.
Result<std::optional<ExternalId>> device_named(const std::string& text) {
    if (text.empty()) return std::nullopt;
    auto id = ExternalId::parse(text);
    if (!id) return fail(Errc::invalid_argument, "externalId: " + id.error().message);
    return *id;
}

Result<DeadLetterFilter> filter_of(const QueryParameters& query) {
    const auto value = [&](const char* name) {
        const auto found = query.find(name);
        return found == query.end() ? std::string() : found->second;
    };
    DeadLetterFilter filter;
    auto device = device_named(value("externalId"));
    if (!device) return tl::unexpected<Error>(std::move(device.error()));
    filter.device = std::move(*device);
    filter.group = value("group");
    const std::string replayed = value("replayed");
    if (!replayed.empty() && replayed != "true" && replayed != "false") {
        return fail(Errc::invalid_argument, "replayed: use true or false");
    }
    if (!replayed.empty()) filter.replayed = replayed == "true";
    return filter;
}

/// Sends a message again that has ended; `done` is called once, on any thread.
void replay(ShardAccess& shards, const MessageLookup& lookup, const MessageId& id,
            const ReplayChanges& changes, const ApiCallPtr& call,
            std::function<void(const Turn*, const CommandReply&)> done) {
    lookup.find_record(
        id, [&shards, id, changes, call, done = std::move(done)](Result<queueing::Message> ended) {
            if (!ended) {
                return done(nullptr, {0, tl::unexpected<Error>(std::move(ended.error()))});
            }
            shards.change(
                id.shard(), call->audit_note({{"id", id.text()}}),
                [ended = std::move(*ended), changes](ReplyId reply) {
                    return ReplayMessage{reply, ended, changes.ttl, changes.not_before,
                                         changes.priority};
                },
                [done](const Engine&, const Turn& turn, const CommandReply& reply) {
                    done(&turn, reply);
                });
        });
}

/// Many at once; each is answered in its place.
class ManyReplays : public std::enable_shared_from_this<ManyReplays> {
public:
    ManyReplays(ShardAccess& shards, const MessageLookup& lookup, ApiCallPtr call,
                ReplayChanges changes)
        : shards_(shards), lookup_(lookup), call_(std::move(call)), changes_(changes) {}

    void run(std::vector<MessageId> ids, bool more) {
        ids_ = std::move(ids);
        results_.resize(ids_.size());
        do_windowed(
            ids_.size(),
            [self = shared_from_this()](std::size_t place, std::function<void()> done) {
                self->begin(place, std::move(done));
            },
            [self = shared_from_this(), more] {
                self->call_->answer(200, {{"items", std::move(self->results_)}, {"more", more}});
            });
    }

private:
    void begin(std::size_t place, std::function<void()> done) {
        replay(shards_, lookup_, ids_[place], changes_, call_,
               [self = shared_from_this(), place, done = std::move(done)](
                   const Turn* turn, const CommandReply& reply) {
                   self->results_[place] = self->result_of(place, turn, reply);
                   done();
               });
    }

    Json result_of(std::size_t place, const Turn* turn, const CommandReply& reply) const {
        Json result{{"id", ids_[place].text()}};
        if (reply.result) {
            const bool created = reply.result->kind == CommandDone::Kind::created;
            result["status"] = created ? 201 : 200;
            result["replayedAs"] = reply.result->message.text();
            return result;
        }
        Json problem = turn == nullptr ? problem_member(reply.result.error())
                                       : problem_member(enqueue_refusal(reply, *turn, {}, {}));
        result["status"] = problem["status"];
        result["problem"] = std::move(problem);
        return result;
    }

    ShardAccess& shards_;
    const MessageLookup& lookup_;
    const ApiCallPtr call_;
    const ReplayChanges changes_;
    std::vector<MessageId> ids_;
    std::vector<Json> results_;
};

/// Ids in the order of the body.
Result<std::vector<MessageId>> ids_of(const std::vector<std::string>& texts) {
    std::vector<MessageId> ids;
    for (const std::string& text : texts) {
        const auto id = MessageId::parse(text);
        if (!id) return fail(Errc::invalid_argument, "ids: one of them is no message id");
        ids.push_back(*id);
    }
    return ids;
}

}  // namespace

std::vector<Route> DeadLetterResource::routes() {
    std::vector<Route> routes{{"GET",
                               "/api/v1/deadletters",
                               Role::read,
                               false,
                               {"limit", "cursor", "externalId", "group", "replayed"},
                               [this](const ApiCallPtr& call) { list(call); }},
                              {"POST",
                               "/api/v1/deadletters/{id}:replay",
                               Role::send,
                               true,
                               {},
                               [this](const ApiCallPtr& call) { replay_one(call); }},
                              {"POST",
                               "/api/v1/deadletters:replay",
                               Role::send,
                               true,
                               {},
                               [this](const ApiCallPtr& call) { replay_many(call); }}};
    routes[1].may_lack_body = true;
    routes[2].takes_large_body = true;
    return routes;
}

void DeadLetterResource::list(const ApiCallPtr& call) {
    const auto limit = limit_of(*call);
    if (!limit) return call->answer_error(limit.error());
    auto filter = filter_of(call->query);
    if (!filter) return call->answer_error(filter.error());
    const auto scan = std::make_shared<DeadLetterScan>(
        shards_, cold_, std::move(*filter), *limit, [call](Result<DeadLetterScan::Found> found) {
            if (!found) return call->answer_error(found.error());
            Json items = Json::array();
            for (const DeadLetter& letter : found->letters) items.push_back(letter_json(letter));
            call->answer(200, {{"items", std::move(items)},
                               {"next", found->next.empty() ? Json(nullptr) : Json(found->next)}});
        });
    if (const auto cursor = call->query.find("cursor"); cursor != call->query.end()) {
        if (auto valid = scan->start_at(cursor->second); !valid) {
            return call->answer_error(valid.error());
        }
    }
    scan->run();
}

void DeadLetterResource::replay_one(const ApiCallPtr& call) {
    const auto id = MessageId::parse(call->path.find("id")->second);
    if (!id) return call->answer_error({Errc::not_found, "no such message"});
    BodyReader reader(call->body);
    const ReplayChanges changes = changes_of(reader, wall_());
    if (auto valid = reader.finish(); !valid) return call->answer_error(valid.error());
    replay(shards_, lookup_, *id, changes, call,
           [this, call](const Turn* turn, const CommandReply& reply) {
               if (reply.result) return answer_replayed(call, *reply.result);
               if (turn == nullptr) return call->answer_error(reply.result.error());
               call->reply(enqueue_refusal(reply, *turn, {}, {}));
           });
}

void DeadLetterResource::answer_replayed(const ApiCallPtr& call, const CommandDone& done) {
    HeaderFields fields{{"Location", "/api/v1/messages/" + done.message.text()}};
    const bool created = done.kind == CommandDone::Kind::created;
    lookup_.find(done.message,
                 [call, created, fields = std::move(fields)](Result<MessageLookup::Found> found) {
                     if (!found) return call->answer_error(found.error());
                     call->answer(created ? 201 : 200, found->document, fields);
                 });
}

void DeadLetterResource::replay_many(const ApiCallPtr& call) {
    BodyReader reader(call->body);
    const auto texts = reader.texts("ids", replayed_at_once_max, id_octets_max);
    DeadLetterFilter filter;
    auto device = device_named(reader.text("externalId", 254).value_or(""));
    if (!device) reader.refuse(device.error());
    if (device) filter.device = *device;
    filter.group = reader.text("group", group_octets_max).value_or("");
    filter.replayed = false;
    const Json* all = reader.any("all");
    if (all != nullptr && *all != true) reader.refuse("all", "only true says anything");
    const int choices = (texts ? 1 : 0) + (filter.device || !filter.group.empty() ? 1 : 0) +
                        (all != nullptr ? 1 : 0);
    if (choices != 1) {
        reader.refuse({Errc::invalid_argument,
                       "say which: either ids, or externalId and group, or all: true"});
    }
    const ReplayChanges changes = changes_of(reader, wall_());
    if (auto valid = reader.finish(); !valid) return call->answer_error(valid.error());
    const auto replays = std::make_shared<ManyReplays>(shards_, lookup_, call, changes);
    if (texts) {
        auto ids = ids_of(*texts);
        if (!ids) return call->answer_error(ids.error());
        return replays->run(std::move(*ids), false);
    }
    std::make_shared<DeadLetterScan>(shards_, cold_, std::move(filter), replayed_at_once_max,
                                     [call, replays](Result<DeadLetterScan::Found> found) {
                                         if (!found) return call->answer_error(found.error());
                                         std::vector<MessageId> ids;
                                         for (const DeadLetter& letter : found->letters)
                                             ids.push_back(letter.message.id);
                                         replays->run(std::move(ids), !found->next.empty());
                                     })
        ->run();
}

}  // namespace scef::adapter
