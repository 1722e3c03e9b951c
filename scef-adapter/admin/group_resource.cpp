#include "scef-adapter/admin/group_resource.h"

#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/admin/group_changes.h"
#include "scef-adapter/admin/group_members.h"
#include "scef-adapter/admin/group_results.h"
#include "scef-adapter/admin/message_body.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

constexpr std::size_t members_max = 100'000;
constexpr std::size_t external_id_octets_max = 254;
constexpr double per_second_max = 10'000;
constexpr Duration jitter_max = std::chrono::hours(24 * 7);

/// The name in a path; what can be none names no group.
Result<std::string> group_of(const ApiCall& call) {
    const std::string& name = call.path.find("externalGroupId")->second;
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return fail(Errc::invalid_argument, "externalGroupId: it has a control character");
        }
    }
    if (name.size() <= group_octets_max) return name;
    return fail(Errc::invalid_argument, "externalGroupId: at most 255 octets");
}

Result<MessageId> message_id_of(const ApiCall& call) {
    const auto id = MessageId::parse(call.path.find("id")->second);
    if (!id) return fail(Errc::not_found, "no such message of this group");
    return *id;
}

std::string results_path(const FanOutJob& job) {
    return "/api/v1/groups/" + encode_segment(job.group) + "/messages/" + job.id.text() +
           "/results";
}

/// `{perSecond, jitter}`; nothing if absent.
std::optional<Pacing> read_pacing(BodyReader& reader) {
    const Json* member = reader.any("pacing");
    if (member == nullptr) return std::nullopt;
    if (!member->is_object()) {
        reader.refuse("pacing", "an object with perSecond and jitter");
        return std::nullopt;
    }
    Pacing pacing;
    BodyReader inner(*member);
    if (const Json* rate = inner.any("perSecond"); rate != nullptr) {
        const double value = rate->is_number() ? rate->get<double>() : 0;
        if (value >= 0.001 && value <= per_second_max) {
            pacing.per_1000_seconds = static_cast<std::uint32_t>(std::lround(value * 1000));
        } else {
            inner.refuse("perSecond", "a number from 0.001 to 10000");
        }
    }
    if (const Json* jitter = inner.any("jitter"); jitter != nullptr) {
        const auto seconds = jitter->is_number_unsigned() ? jitter->get<std::uint64_t>() : 0;
        const auto text =
            jitter->is_string()
                ? jitter->get<std::string>()
                : std::to_string(std::min<std::uint64_t>(seconds, std::uint64_t{1} << 30)) + "s";
        const auto value = parse_duration(text);
        if (value && *value >= Duration{} && *value <= jitter_max) {
            pacing.jitter = *value;
        } else {
            inner.refuse("jitter", "seconds or a duration such as 30s, at most 7 days");
        }
    }
    if (auto valid = inner.finish(); !valid) reader.refuse("pacing", valid.error());
    return pacing;
}

/// The last member's turn must come before its message expires.
Status check_pace(const SendToGroup& order, WallTime wall) {
    if (!order.message.ttl) return {};
    const auto members = static_cast<Duration::rep>(order.job.members());
    const WallTime first = std::max(order.message.not_before.value_or(wall), wall);
    const WallTime last =
        first + order.job.pacing.interval() * (members - 1) + order.job.pacing.jitter;
    if (last < wall + *order.message.ttl) return {};
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(last - wall).count() + 1;
    return fail(Errc::invalid_argument, "ttl: at this pace the turn of the last of " +
                                            std::to_string(members) + " members comes after " +
                                            std::to_string(seconds) + " seconds");
}

/// What is asked for, as far as the body and the key say it.
struct Order {
    SendToGroup event;
    std::optional<Pacing> pacing;
};
Result<Order> order_of(const ApiCall& call, const std::string& group, WallTime wall) {
    Json message = call.body;
    Json own = Json::object();
    for (const char* name : {"mode", "pacing"}) {
        if (const auto member = message.find(name); member != message.end()) {
            own[name] = std::move(*member);
            message.erase(member);
        }
    }
    Order order;
    BodyReader reader(own);
    if (const Json* mode = reader.any("mode"); mode != nullptr && *mode != "fanout") {
        reader.refuse("mode", "only fanout, one message for each member, is offered");
    }
    order.pacing = read_pacing(reader);
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    auto read = message_from_body(message, wall);
    if (!read) return tl::unexpected<Error>(std::move(read.error()));
    order.event.message = std::move(*read);
    order.event.job.group = group;
    if (const auto header = call.headers.find("idempotency-key"); header != call.headers.end()) {
        auto key = idempotency_key(header->second);
        if (!key) return tl::unexpected<Error>(std::move(key.error()));
        order.event.message.idempotency_key = std::move(*key);
    }
    return order;
}

}  // namespace

std::vector<Route> GroupResource::routes() {
    const std::string_view one = "/api/v1/groups/{+externalGroupId}";
    std::vector<Route> routes{
        {"GET",
         one,
         Role::read,
         false,
         {"limit", "cursor"},
         [this](const ApiCallPtr& call) { show(call); }},
        {"PUT", one, Role::admin, true, {}, [this](const ApiCallPtr& call) { set(call); }},
        {"DELETE", one, Role::admin, false, {}, [this](const ApiCallPtr& call) { remove(call); }},
        {"POST",
         "/api/v1/groups/{+externalGroupId}/messages",
         Role::send,
         true,
         {},
         [this](const ApiCallPtr& call) { send(call); }},
        {"DELETE",
         "/api/v1/groups/{+externalGroupId}/messages/{id}",
         Role::send,
         false,
         {},
         [this](const ApiCallPtr& call) { cancel(call); }},
        {"GET",
         "/api/v1/groups/{+externalGroupId}/messages/{id}/results",
         Role::read,
         false,
         {"limit", "cursor"},
         [this](const ApiCallPtr& call) { results(call); }}};
    routes[1].takes_large_body = true;
    return routes;
}

void GroupResource::show(const ApiCallPtr& call) {
    auto group = group_of(*call);
    const auto limit = limit_of(*call);
    if (!group) return call->answer_error(group.error());
    if (!limit) return call->answer_error(limit.error());
    ShardId shard = 0;
    queueing::DeviceIndex from = 0;
    if (const auto text = call->query.find("cursor"); text != call->query.end()) {
        const auto cursor = Cursor::parse(text->second);
        const auto at = cursor ? cursor->number(0, shards_.shards() - 1U) : std::nullopt;
        const auto index = cursor ? cursor->number(1, UINT32_MAX) : std::nullopt;
        if (!at || !index || cursor->tag() != "g" || cursor->size() != 2) {
            return call->answer_error(bad_cursor());
        }
        shard = static_cast<ShardId>(*at);
        from = static_cast<queueing::DeviceIndex>(*index);
    }
    count_group(shards_, *group, [=, this, group = *group](const GroupCensus& census) {
        if (census.shares.empty() && !census.settings) {
            return call->answer_error({Errc::not_found, "no such group"});
        }
        Json document{{"externalGroupId", group}, {"members", census.members()}};
        document["pacing"] = census.settings ? pacing_json(census.settings->pacing) : Json(nullptr);
        page_of_group(shards_, group, shard, from, *limit,
                      [call, document = std::move(document)](const MemberPage& page) mutable {
                          document["items"] = Json::array();
                          for (const ExternalId& member : page.members) {
                              document["items"].push_back({{"externalId", member.text()}});
                          }
                          document["next"] =
                              page.more ? Json(Cursor("g").add(page.shard).add(page.from).text())
                                        : Json(nullptr);
                          call->answer(200, document);
                      });
    });
}

void GroupResource::set(const ApiCallPtr& call) {
    const auto group = group_of(*call);
    if (!group) return call->answer_error(group.error());
    BodyReader reader(call->body);
    const auto texts = reader.texts("members", members_max, external_id_octets_max);
    if (!texts) reader.refuse("members", "is missing");
    const auto pacing = read_pacing(reader);
    if (auto valid = reader.finish(); !valid) return call->answer_error(valid.error());
    std::set<ExternalId> members;
    for (const std::string& text : *texts) {
        auto id = ExternalId::parse(text);
        if (!id) {
            return call->answer_error({Errc::invalid_argument, "members: " + id.error().message});
        }
        if (!members.insert(std::move(*id)).second) {
            return call->answer_error({Errc::invalid_argument, "members: one is there twice"});
        }
    }
    std::optional<GroupSettings> settings;
    if (pacing) settings = GroupSettings{*pacing};
    set_group(shards_, call, *group, {members.begin(), members.end()}, settings);
}

void GroupResource::remove(const ApiCallPtr& call) {
    const auto group = group_of(*call);
    if (!group) return call->answer_error(group.error());
    delete_group(shards_, call, *group);
}

void GroupResource::send(const ApiCallPtr& call) {
    const auto group = group_of(*call);
    if (!group) return call->answer_error(group.error());
    auto order = order_of(*call, *group, wall_());
    if (!order) return call->answer_error(order.error());
    count_group(
        shards_, *group, [this, call, order = std::move(*order)](const GroupCensus& census) {
            SendToGroup event = order.event;
            if (census.shares.empty()) {
                return call->answer_error({Errc::not_found, "no such group, or it has no members"});
            }
            event.job.shares = census.shares;
            event.job.pacing = order.pacing      ? *order.pacing
                               : census.settings ? census.settings->pacing
                                                 : Pacing{};
            const WallTime wall = wall_();
            if (auto fits = check_pace(event, wall); !fits) return call->answer_error(fits.error());
            FanOutJob shown = event.job;
            shown.created_at = wall;
            shards_.change(
                owner_of_scope(group_scope(event.job.group), shards_.shards()), call->audit_note(),
                [event = std::move(event)](ReplyId reply) {
                    SendToGroup with_reply = event;
                    with_reply.reply = reply;
                    return with_reply;
                },
                [call, shown](const Engine&, const Turn&, const CommandReply& reply) {
                    if (!reply.result) {
                        return call->answer_error(reply.result.error(), reply.retry_after);
                    }
                    FanOutJob job = shown;
                    job.id = reply.result->message;
                    const bool created = reply.result->kind == CommandDone::Kind::created;
                    if (!created) job.created_at = job.id.created_at();
                    call->answer(created ? 202 : 200, group_message_json(job),
                                 {{"Location", results_path(job)}});
                });
        });
}

void GroupResource::cancel(const ApiCallPtr& call) {
    const auto group = group_of(*call);
    if (!group) return call->answer_error(group.error());
    const auto id = message_id_of(*call);
    if (!id) return call->answer_error(id.error());
    read_group_message(shards_, cold_, *group, *id, [this, call](const Result<FanOutJob>& job) {
        if (!job) return call->answer_error(job.error());
        shards_.change(
            job->id.shard(), call->audit_note(),
            [job = *job](ReplyId reply) {
                return CancelGroupMessage{reply, job};
            },
            [call, job = *job](const Engine& engine, const Turn&, const CommandReply& reply) {
                if (!reply.result) {
                    return call->answer_error(reply.result.error(), reply.retry_after);
                }
                const auto open = engine.groups().jobs.find(job.id);
                const bool is_open = open != engine.groups().jobs.end();
                const FanOutJob& now = is_open ? open->second.job : job;
                Json document = group_message_json(now);
                document["canceledAt"] = to_rfc3339(now.canceled_at);
                document["fanOut"] = fan_out_state(now, is_open);
                const bool is_new = reply.result->kind == CommandDone::Kind::updated;
                call->answer(is_new ? 202 : 200, document, {{"Location", results_path(now)}});
            });
    });
}

void GroupResource::results(const ApiCallPtr& call) {
    const auto group = group_of(*call);
    if (!group) return call->answer_error(group.error());
    const auto id = message_id_of(*call);
    if (!id) return call->answer_error(id.error());
    list_group_results(shards_, cold_, call, *group, *id);
}

}  // namespace scef::adapter
