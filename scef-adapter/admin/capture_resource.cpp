#include "scef-adapter/admin/capture_resource.h"

#include <charconv>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/device_resource.h"

namespace scef::adapter {
namespace {

Result<std::optional<std::uint64_t>> after_of(const ApiCall& call) {
    const auto found = call.query.find("after");
    if (found == call.query.end()) return std::optional<std::uint64_t>{};
    const std::string& text = found->second;
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, number);
        text.empty() || read.ec != std::errc{} || read.ptr != end) {
        return fail(Errc::invalid_argument, "after: must be `last` of the answer before");
    }
    return std::optional(number);
}

Json packet_json(const ShardAccess& shards, ShardId shard, const CapturedPacket& packet) {
    const bool is_server_leg = packet.leg == CapturedPacket::Leg::server;
    Json document{{"sequence", packet.sequence},
                  {"time", to_rfc3339(packet.time)},
                  {"leg", is_server_leg ? "server" : "device"},
                  {"fromDevice", packet.from_device},
                  {"octets", to_base64(packet.octets)}};
    if (is_server_leg) {
        document["endpoint"] = shards.endpoint_text(shard, packet.endpoint);
        document["peer"] = packet.peer.text();
    }
    return document;
}

}  // namespace

std::vector<Route> CaptureResource::routes() {
    return {{"GET",
             "/api/v1/devices/{externalId}/capture",
             Role::admin,
             false,
             {"after"},
             [this](const ApiCallPtr& call) { read(call); }}};
}

void CaptureResource::read(const ApiCallPtr& call) {
    const auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    const auto after = after_of(*call);
    if (!after) return call->answer_error(after.error());
    const ShardId shard = id->shard(shards_.shards());
    shards_.capture(shard, *id, *after, [this, call, shard](const Result<CapturePage>& page) {
        if (!page) return call->answer_error(page.error());
        Json packets = Json::array();
        for (const CapturedPacket& packet : page->packets) {
            packets.push_back(packet_json(shards_, shard, packet));
        }
        Json document{{"packets", std::move(packets)},
                      {"last", page->last},
                      {"lost", page->lost},
                      {"isNew", page->is_new}};
        if (!page->is_new) return call->answer(200, document);
        shards_.note(shard, call->audit_note(), [call, document = std::move(document)] {
            call->answer(200, document);
        });
    });
}

}  // namespace scef::adapter
