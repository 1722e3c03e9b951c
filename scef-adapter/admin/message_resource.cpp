#include "scef-adapter/admin/message_resource.h"

#include "scef-adapter/admin/device_resource.h"
#include "scef-adapter/admin/enqueue_refusal.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/admin/message_json.h"
#include "scef-adapter/admin/message_listing.h"
#include "scef-adapter/admin/rate_limit_fields.h"

namespace scef::adapter {
namespace {

constexpr std::size_t timeline_items_max = 1000;

/// The message id in a path; what is no id names no message.
Result<MessageId> message_id_of(const ApiCall& call) {
    auto id = MessageId::parse(call.path.find("id")->second);
    if (!id) return fail(Errc::not_found, "no such message");
    return id;
}

HeaderFields limits_of(const Engine& engine, const Turn& turn, const ExternalId& id,
                       queueing::Priority priority) {
    const DeviceView device = engine.find_device(id);
    if (device == nullptr) return {};
    return rate_limit_fields(*device, engine.quota_time(turn), priority);
}

}  // namespace

std::vector<Route> MessageResource::routes() {
    return {
        {"POST",
         "/api/v1/devices/{externalId}/messages",
         Role::send,
         true,
         {},
         [this](const ApiCallPtr& call) { enqueue(call, false); }},
        {"PUT",
         "/api/v1/devices/{externalId}/messages",
         Role::send,
         true,
         {},
         [this](const ApiCallPtr& call) { enqueue(call, true); }},
        {"GET",
         "/api/v1/devices/{externalId}/messages",
         Role::read,
         false,
         {"state", "limit", "cursor"},
         [this](const ApiCallPtr& call) { list_of_device(call); }},
        {"DELETE",
         "/api/v1/devices/{externalId}/messages",
         Role::send,
         false,
         {},
         [this](const ApiCallPtr& call) { purge(call); }},
        {"GET",
         "/api/v1/messages",
         Role::read,
         false,
         {"state", "limit", "cursor"},
         [this](const ApiCallPtr& call) { list(call); }},
        {"GET",
         "/api/v1/messages/{id}",
         Role::read,
         false,
         {},
         [this](const ApiCallPtr& call) { show(call); }},
        {"DELETE",
         "/api/v1/messages/{id}",
         Role::send,
         false,
         {},
         [this](const ApiCallPtr& call) { cancel(call); }},
        {"GET",
         "/api/v1/messages/{id}/timeline",
         Role::read,
         false,
         {},
         [this](const ApiCallPtr& call) { timeline(call); }},
    };
}

void MessageResource::enqueue(const ApiCallPtr& call, bool takes_every_place) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    auto message = message_from_body(call->body, wall_());
    if (!message) return call->answer_error(message.error());
    message->external_id = std::move(*id);
    message->takes_every_place = takes_every_place;
    if (const auto header = call->headers.find("idempotency-key"); header != call->headers.end()) {
        auto key = idempotency_key(header->second);
        if (!key) return call->answer_error(key.error());
        message->idempotency_key = std::move(*key);
    }
    const ExternalId device = message->external_id;
    const queueing::Priority priority = message->priority;
    shards_.change(
        device.shard(shards_.shards()), call->audit_note(),
        [message = std::move(*message)](ReplyId reply) {
            EnqueueMessage event = message;
            event.reply = reply;
            return event;
        },
        [this, call, id = device, priority, takes_every_place](
            const Engine& engine, const Turn& turn, const CommandReply& reply) {
            HeaderFields limits = limits_of(engine, turn, id, priority);
            if (!reply.result)
                return call->reply(enqueue_refusal(reply, turn, id, std::move(limits)));
            answer_enqueued(call, *reply.result, takes_every_place, std::move(limits));
        });
}

void MessageResource::answer_enqueued(const ApiCallPtr& call, const CommandDone& done,
                                      bool replaces, HeaderFields fields) {
    fields.emplace_back("Location", "/api/v1/messages/" + done.message.text());
    lookup_.find(done.message, [call, done, replaces,
                                fields = std::move(fields)](Result<MessageLookup::Found> found) {
        if (!found) return call->answer_error(found.error());
        const bool created = done.kind == CommandDone::Kind::created;
        if (created && replaces) found->document["superseded"] = done.affected;
        call->answer(created ? 201 : 200, found->document, fields);
    });
}

void MessageResource::list(const ApiCallPtr& call) { list_messages(shards_, cold_, call); }

void MessageResource::list_of_device(const ApiCallPtr& call) {
    const auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    list_messages_of(shards_, cold_, call, *id);
}

void MessageResource::purge(const ApiCallPtr& call) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    shards_.change(
        id->shard(shards_.shards()), call->audit_note(),
        [id = *id](ReplyId reply) {
            return PurgeMessages{reply, id};
        },
        [call](const Engine&, const Turn&, const CommandReply& reply) {
            if (!reply.result) return call->answer_error(reply.result.error(), reply.retry_after);
            call->answer(200, {{"canceled", reply.result->affected}});
        });
}

void MessageResource::show(const ApiCallPtr& call) {
    const auto id = message_id_of(*call);
    if (!id) return call->answer_error(id.error());
    lookup_.find(*id, [call](Result<MessageLookup::Found> found) {
        if (!found) return call->answer_error(found.error());
        call->answer(200, found->document);
    });
}

void MessageResource::timeline(const ApiCallPtr& call) {
    const auto id = message_id_of(*call);
    if (!id) return call->answer_error(id.error());
    if (id->shard() >= shards_.shards()) {
        return call->answer_error({Errc::not_found, "no such message"});
    }
    cold_.read(range_of(id->shard(), queueing::RecordKind::timeline, *id), {timeline_items_max},
               [call, id = *id](const Result<queueing::Page>& page) {
                   if (!page) return call->answer_error(page.error());
                   if (page->records.empty()) {
                       return call->answer_error({Errc::not_found, "no such message"});
                   }
                   Json items = Json::array();
                   for (const queueing::StoredRecord& record : page->records) {
                       auto item = timeline_item(record);
                       if (!item) return call->answer_error(item.error());
                       items.push_back(std::move(*item));
                   }
                   call->answer(200, {{"id", id.text()}, {"items", std::move(items)}});
               });
}

void MessageResource::cancel(const ApiCallPtr& call) {
    const auto id = message_id_of(*call);
    if (!id) return call->answer_error(id.error());
    if (id->shard() >= shards_.shards()) {
        return call->answer_error({Errc::not_found, "no such message"});
    }
    shards_.change(
        id->shard(), call->audit_note(),
        [id = *id](ReplyId reply) {
            return CancelMessage{reply, id};
        },
        [this, call, id = *id](const Engine&, const Turn&, const CommandReply& reply) {
            if (!reply.result && reply.result.error().code == Errc::not_found) {
                return answer_uncanceled(call, id);
            }
            if (!reply.result) return call->answer_error(reply.result.error(), reply.retry_after);
            lookup_.find(id, [call](Result<MessageLookup::Found> found) {
                if (!found) return call->answer_error(found.error());
                call->answer(found->open ? 202 : 200, found->document);
            });
        });
}

/// There is no open message of that id: it has ended, or never was.
void MessageResource::answer_uncanceled(const ApiCallPtr& call, const MessageId& id) {
    lookup_.find(id, [call](Result<MessageLookup::Found> found) {
        if (!found) return call->answer_error(found.error());
        call->answer_error({Errc::conflict, "too late: the message has ended"});
    });
}

}  // namespace scef::adapter
