#include "scef-adapter/admin/device_resource.h"

#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/admin/device_body.h"
#include "scef-adapter/admin/device_json.h"

namespace scef::adapter {
namespace {

/// Collects one page of devices, shard after shard, each on its own thread.
class DevicePage : public std::enable_shared_from_this<DevicePage> {
public:
    DevicePage(ShardAccess& shards, ApiCallPtr call, std::size_t limit)
        : shards_(shards), call_(std::move(call)), limit_(limit) {}

    Status start_at(const Cursor& cursor) {
        const auto shard = cursor.number(0, shards_.shards() - 1U);
        const auto index = cursor.number(1, UINT32_MAX);
        if (cursor.tag() != "d" || cursor.size() != 2 || !shard || !index) {
            return tl::unexpected<Error>(bad_cursor());
        }
        shard_ = static_cast<ShardId>(*shard);
        from_ = static_cast<queueing::DeviceIndex>(*index);
        return {};
    }

    void run() {
        shards_.query(shard_, [self = shared_from_this()](const Engine& engine, const Turn& turn) {
            self->visit(engine, turn);
        });
    }

private:
    void visit(const Engine& engine, const Turn& turn) {
        const std::size_t room = limit_ - items_.size();
        const auto found = engine.devices(from_, room + 1);
        for (std::size_t i = 0; i < found.size() && i < room; ++i) {
            items_.push_back(device_json(shards_, engine, *found[i], turn));
        }
        if (found.size() > room)
            return finish(Cursor("d").add(shard_).add(found[room]->index).text());
        if (shard_ + 1 == shards_.shards()) return finish(nullptr);
        ++shard_;
        from_ = 0;
        run();
    }

    void finish(Json next) {
        call_->answer(200, {{"items", std::move(items_)}, {"next", std::move(next)}});
    }

    ShardAccess& shards_;
    const ApiCallPtr call_;
    const std::size_t limit_;
    ShardId shard_ = 0;
    queueing::DeviceIndex from_ = 0;
    Json items_ = Json::array();
};

}  // namespace

Result<ExternalId> external_id_of(const ApiCall& call) {
    return ExternalId::parse(call.path.find("externalId")->second);
}

std::vector<Route> DeviceResource::routes() {
    return {
        {"GET",
         "/api/v1/devices",
         Role::read,
         false,
         {"limit", "cursor"},
         [this](const ApiCallPtr& call) { list(call); }},
        {"POST",
         "/api/v1/devices",
         Role::admin,
         true,
         {},
         [this](const ApiCallPtr& call) { create(call); }},
        {"GET",
         "/api/v1/devices/{externalId}",
         Role::read,
         false,
         {},
         [this](const ApiCallPtr& call) { show(call); }},
        {"PUT",
         "/api/v1/devices/{externalId}",
         Role::admin,
         true,
         {},
         [this](const ApiCallPtr& call) { replace(call); }},
        {"DELETE",
         "/api/v1/devices/{externalId}",
         Role::admin,
         false,
         {},
         [this](const ApiCallPtr& call) { remove(call); }},
        {"POST",
         "/api/v1/devices/{externalId}:pause",
         Role::admin,
         false,
         {},
         [this](const ApiCallPtr& call) { pause(call, true); }},
        {"POST",
         "/api/v1/devices/{externalId}:resume",
         Role::admin,
         false,
         {},
         [this](const ApiCallPtr& call) { pause(call, false); }},
        {"POST",
         "/api/v1/devices/{externalId}:wake",
         Role::admin,
         false,
         {"trigger"},
         [this](const ApiCallPtr& call) { wake(call); }},
    };
}

void DeviceResource::list(const ApiCallPtr& call) {
    const auto limit = limit_of(*call);
    if (!limit) return call->answer_error(limit.error());
    const auto page = std::make_shared<DevicePage>(shards_, call, *limit);
    if (const auto cursor = call->query.find("cursor"); cursor != call->query.end()) {
        const auto parsed = Cursor::parse(cursor->second);
        const auto valid = parsed ? page->start_at(*parsed) : tl::unexpected<Error>(parsed.error());
        if (!valid) return call->answer_error(valid.error());
    }
    page->run();
}

void DeviceResource::create(const ApiCallPtr& call) {
    auto spec = device_from_body(call->body);
    if (!spec) return call->answer_error(spec.error());
    provision(call, std::move(*spec), false);
}

void DeviceResource::replace(const ApiCallPtr& call) {
    const auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    auto spec = device_from_body(call->body, *id);
    if (!spec) return call->answer_error(spec.error());
    provision(call, std::move(*spec), true);
}

/// Limits of its own are read here, so that no shard waits for a time zone's file.
void DeviceResource::provision(const ApiCallPtr& call, DeviceSpec spec, bool replace) {
    if (const auto known = find_quota(*config_.get(), spec.quota); !known) {
        return call->answer_error(known.error());
    }
    const ExternalId id = spec.external_id;
    shards_.change(
        id.shard(shards_.shards()), call->audit_note(),
        [spec = std::move(spec), replace](ReplyId reply) {
            return ProvisionDevice{reply, spec, replace};
        },
        answer_with_device(call, id));
}

ShardAccess::Done DeviceResource::answer_with_device(const ApiCallPtr& call, const ExternalId& id) {
    return [this, call, id](const Engine& engine, const Turn& turn, const CommandReply& reply) {
        if (!reply.result) return call->answer_error(reply.result.error(), reply.retry_after);
        const DeviceView device = engine.find_device(id);
        if (device == nullptr) {
            return call->answer_error({Errc::not_found, "the device was removed meanwhile"});
        }
        const bool created = reply.result->kind == CommandDone::Kind::created;
        HeaderFields fields;
        if (created) {
            fields.emplace_back("Location", "/api/v1/devices/" + encode_segment(id.text()));
        }
        call->answer(created ? 201 : 200, device_json(shards_, engine, *device, turn),
                     std::move(fields));
    };
}

void DeviceResource::show(const ApiCallPtr& call) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    shards_.query(id->shard(shards_.shards()),
                  [this, call, id = *id](const Engine& engine, const Turn& turn) {
                      const DeviceView device = engine.find_device(id);
                      if (device == nullptr) {
                          return call->answer_error({Errc::not_found, "no such device"});
                      }
                      call->answer(200, device_json(shards_, engine, *device, turn));
                  });
}

void DeviceResource::remove(const ApiCallPtr& call) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    shards_.change(
        id->shard(shards_.shards()), call->audit_note(),
        [id = *id](ReplyId reply) {
            return RemoveDevice{reply, id};
        },
        [call](const Engine&, const Turn&, const CommandReply& reply) {
            if (!reply.result) return call->answer_error(reply.result.error(), reply.retry_after);
            call->answer_nothing();
        });
}

void DeviceResource::pause(const ApiCallPtr& call, bool paused) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    shards_.change(
        id->shard(shards_.shards()), call->audit_note(),
        [id = *id, paused](ReplyId reply) {
            return PauseDevice{reply, id, paused};
        },
        answer_with_device(call, *id));
}

/// `?trigger=registrationUpdate` (default) or `bootstrap`.
void DeviceResource::wake(const ApiCallPtr& call) {
    auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    const auto found = call->query.find("trigger");
    const std::string trigger = found == call->query.end() ? "registrationUpdate" : found->second;
    const bool bootstrap = trigger == "bootstrap";
    if (!bootstrap && trigger != "registrationUpdate") {
        return call->answer_error(
            Error{Errc::invalid_argument, "trigger: use registrationUpdate or bootstrap"});
    }
    shards_.change(
        id->shard(shards_.shards()), call->audit_note(),
        [id = *id, bootstrap](ReplyId reply) {
            return WakeDevice{reply, id, bootstrap};
        },
        answer_with_device(call, *id));
}

}  // namespace scef::adapter
