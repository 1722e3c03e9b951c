#include "scef-adapter/admin/message_listing.h"

#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/admin/message_json.h"

namespace scef::adapter {
namespace {

using queueing::DeviceIndex;
using queueing::Message;
using queueing::MessageState;

constexpr std::size_t records_per_read = 500;
constexpr std::size_t devices_per_turn = 1024;

/// One page of messages on its way: first the open ones of the shards it visits, then the ended
/// ones. Each step runs on the thread that has the data and starts the next one.
class MessagePage : public std::enable_shared_from_this<MessagePage> {
public:
    MessagePage(ShardAccess& shards, ColdReader& cold, ApiCallPtr call,
                std::optional<ExternalId> only)
        : shards_(shards), cold_(cold), call_(std::move(call)), only_(std::move(only)) {
        first_shard_ = only_ ? only_->shard(shards_.shards()) : ShardId{0};
        last_shard_ = only_ ? first_shard_ : static_cast<ShardId>(shards_.shards() - 1);
        shard_ = first_shard_;
    }

    Status read_query() {
        const auto limit = limit_of(*call_);
        if (!limit) return tl::unexpected<Error>(limit.error());
        limit_ = *limit;
        if (const auto text = call_->query.find("state"); text != call_->query.end()) {
            state_ = message_state_named(text->second);
            if (!state_) {
                return fail(Errc::invalid_argument,
                            "state: one of QUEUED, SENDING, ACCEPTED, "
                            "DELIVERED, EXPIRED, FAILED, REJECTED, "
                            "CANCELED, SUPERSEDED, DEAD, UNCONFIRMED");
            }
        }
        const auto text = call_->query.find("cursor");
        if (text == call_->query.end()) return {};
        auto cursor = Cursor::parse(text->second);
        return cursor ? start_at(*cursor) : tl::unexpected<Error>(cursor.error());
    }

    void run() {
        if (ended_) return read_ended();
        shards_.query(shard_, [self = shared_from_this()](const Engine& engine, const Turn&) {
            self->only_ ? self->visit_device(engine) : self->visit_shard(engine);
        });
    }

private:
    /// `o shard device message`: open messages after that one; `e shard message`: ended ones
    /// before.
    Status start_at(const Cursor& cursor) {
        const auto refused = tl::unexpected<Error>(bad_cursor());
        ended_ = cursor.tag() == "e";
        const std::size_t fields = ended_ ? 2 : 3;
        const auto shard = cursor.number(0, last_shard_);
        const auto id = cursor.id(fields - 1);
        if ((!ended_ && cursor.tag() != "o") || cursor.size() != fields || !shard || !id ||
            *shard < first_shard_) {
            return refused;
        }
        shard_ = static_cast<ShardId>(*shard);
        id_ = *id;
        if (ended_) return {};
        const auto device = cursor.number(1, UINT32_MAX);
        if (!device) return refused;
        device_ = static_cast<DeviceIndex>(*device);
        return {};
    }

    bool wanted(const Message& message) const { return !state_ || message.state == *state_; }

    /// Adds the open messages of a device after `id_`; false when the page is full.
    bool add_open(const Engine& engine, const Device& device) {
        device_ = device.index;
        for (const MessageView& message : engine.messages_of(device)) {
            if (message->id <= id_ || !wanted(*message)) continue;
            if (items_.size() >= limit_) return false;
            items_.push_back(message_json(*message, &device));
            id_ = message->id;
        }
        id_ = MessageId();
        return true;
    }

    void finish_open() { finish(Cursor("o").add(shard_).add(device_).add(id_).text()); }

    void visit_device(const Engine& engine) {
        const DeviceView device = engine.find_device(*only_);
        if (device == nullptr) return call_->answer_error({Errc::not_found, "no such device"});
        only_index_ = device->index;
        if (!add_open(engine, *device)) return finish_open();
        begin_ended();
    }

    void visit_shard(const Engine& engine) {
        const auto devices = engine.busy_devices(device_, devices_per_turn);
        for (const DeviceView& device : devices) {
            if (device->index != device_) id_ = MessageId();
            if (!add_open(engine, *device)) return finish_open();
        }
        if (devices.size() == devices_per_turn) {
            ++device_;
            return run();
        }
        device_ = 0;
        id_ = MessageId();
        if (shard_ == last_shard_) return begin_ended();
        ++shard_;
        run();
    }

    // ---- Ended messages, off the shard's thread

    void begin_ended() {
        ended_ = true;
        shard_ = first_shard_;
        id_ = MessageId();
        read_ended();
    }

    void read_ended() {
        queueing::Range range{shard_, queueing::RecordKind::final_message, {}, {}, true};
        if (!id_.empty()) range.to.assign(id_.octets().begin(), id_.octets().end());
        cold_.read(std::move(range), {records_per_read},
                   [self = shared_from_this()](Result<queueing::Page> page) {
                       if (!page) return self->call_->answer_error(page.error());
                       self->resolve_ended(std::make_shared<queueing::Page>(std::move(*page)));
                   });
    }

    /// Back to the shard: only it knows which device an index stands for.
    void resolve_ended(std::shared_ptr<queueing::Page> page) {
        shards_.query(shard_, [self = shared_from_this(), page](const Engine& engine, const Turn&) {
            self->add_ended(engine, *page);
        });
    }

    void add_ended(const Engine& engine, const queueing::Page& page) {
        if (only_) {
            const DeviceView device = engine.find_device(*only_);
            if (device == nullptr) return call_->answer_error({Errc::not_found, "no such device"});
            only_index_ = device->index;
        }
        for (const queueing::StoredRecord& record : page.records) {
            if (items_.size() >= limit_ || scanned_ >= ended_messages_scanned_max) {
                return finish_ended();
            }
            ++scanned_;
            const auto message = queueing::message_from_record(record.value);
            if (!message) continue;
            id_ = message->id;
            if ((only_ && message->device != only_index_) || !wanted(*message)) continue;
            items_.push_back(message_json(*message, engine.find_device(message->device).get()));
        }
        if (page.more) return read_ended();
        if (shard_ == last_shard_) return finish(nullptr);
        ++shard_;
        id_ = MessageId();
        read_ended();
    }

    void finish_ended() { finish(Cursor("e").add(shard_).add(id_).text()); }

    void finish(Json next) {
        call_->answer(200, {{"items", std::move(items_)}, {"next", std::move(next)}});
    }

    ShardAccess& shards_;
    ColdReader& cold_;
    const ApiCallPtr call_;
    const std::optional<ExternalId> only_;
    DeviceIndex only_index_ = 0;
    std::size_t limit_ = 0;
    std::optional<MessageState> state_;

    ShardId first_shard_ = 0, last_shard_ = 0, shard_ = 0;
    bool ended_ = false;
    DeviceIndex device_ = 0;
    MessageId id_;  ///< the last one looked at; empty: none yet
    std::size_t scanned_ = 0;
    Json items_ = Json::array();
};

void start(const std::shared_ptr<MessagePage>& page, const ApiCallPtr& call) {
    if (const auto valid = page->read_query(); !valid) return call->answer_error(valid.error());
    page->run();
}

}  // namespace

void list_messages(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call) {
    start(std::make_shared<MessagePage>(shards, cold, call, std::nullopt), call);
}

void list_messages_of(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call,
                      const ExternalId& device) {
    start(std::make_shared<MessagePage>(shards, cold, call, device), call);
}

}  // namespace scef::adapter
