#include "scef-adapter/admin/batch_resource.h"

#include <memory>
#include <utility>

#include "scef-adapter/admin/enqueue_refusal.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/admin/windowed_work.h"

namespace scef::adapter {
namespace {

constexpr std::size_t items_max = 1000;

/// One item of a batch: a message, whose it is, and its key.
Result<EnqueueMessage> message_of_item(const Json& item, WallTime wall) {
    if (!item.is_object()) return fail(Errc::invalid_argument, "an item is a JSON object");
    Json body = item;
    std::string key;
    if (const auto member = body.find("idempotencyKey"); member != body.end()) {
        if (!member->is_null()) {
            auto read = member->is_string()
                            ? idempotency_key(member->get_ref<const std::string&>())
                            : Result<std::string>(
                                  fail(Errc::invalid_argument, "idempotencyKey: it is no text"));
            if (!read) return tl::unexpected<Error>(std::move(read.error()));
            key = std::move(*read);
        }
        body.erase(member);
    }
    auto message = message_with_device(std::move(body), wall);
    if (message) message->idempotency_key = std::move(key);
    return message;
}

/// A batch on its way. A shard carries out what it is handed in that order, so the messages of a
/// device keep theirs.
class Batch : public std::enable_shared_from_this<Batch> {
public:
    Batch(ShardAccess& shards, ApiCallPtr call, WallTime wall)
        : shards_(shards), call_(std::move(call)), items_(call_->body["items"]), wall_(wall) {
        results_.resize(items_.size());
    }

    void run() {
        do_windowed(
            items_.size(),
            [self = shared_from_this()](std::size_t place, std::function<void()> done) {
                self->begin(place, std::move(done));
            },
            [self = shared_from_this()] { self->finish(); });
    }

private:
    void begin(std::size_t place, std::function<void()> done) {
        auto message = message_of_item(items_[place], wall_);
        if (!message) {
            refuse(place, problem_member(message.error()));
            return done();
        }
        const ExternalId device = message->external_id;
        shards_.change(
            device.shard(shards_.shards()), call_->audit_note({{"externalId", device.text()}}),
            [message = std::move(*message)](ReplyId reply) {
                EnqueueMessage event = message;
                event.reply = reply;
                return event;
            },
            [self = shared_from_this(), place, device, done = std::move(done)](
                const Engine&, const Turn& turn, const CommandReply& reply) {
                if (reply.result) {
                    self->accept(place, *reply.result);
                } else {
                    self->refuse(place, problem_member(enqueue_refusal(reply, turn, device, {})));
                }
                done();
            });
    }

    // Each piece of work writes its own place.
    void accept(std::size_t place, const CommandDone& done) {
        const bool created = done.kind == CommandDone::Kind::created;
        results_[place] = {{"status", created ? 201 : 200}, {"id", done.message.text()}};
    }
    void refuse(std::size_t place, Json problem) {
        results_[place] = {{"status", problem["status"]}, {"problem", problem}};
    }

    void finish() { call_->answer(200, {{"items", std::move(results_)}}); }

    ShardAccess& shards_;
    const ApiCallPtr call_;
    const Json& items_;
    const WallTime wall_;
    std::vector<Json> results_;
};

}  // namespace

std::vector<Route> BatchResource::routes() {
    Route route{"POST",     "/api/v1/messages:batch",
                Role::send, true,
                {},         [this](const ApiCallPtr& call) {
                    enqueue(call); }};
    route.takes_large_body = true;
    return {std::move(route)};
}

void BatchResource::enqueue(const ApiCallPtr& call) {
    for (const auto& [name, value] : call->body.items()) {
        if (name != "items") {
            return call->answer_error({Errc::invalid_argument, "the only member is items"});
        }
    }
    const auto items = call->body.find("items");
    if (items == call->body.end() || !items->is_array() || items->empty() ||
        items->size() > items_max) {
        return call->answer_error(
            {Errc::invalid_argument, "items: an array of 1 to 1000 messages"});
    }
    std::make_shared<Batch>(shards_, call, wall_())->run();
}

}  // namespace scef::adapter
