#include "scef-adapter/admin/trace_resource.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/admin/device_resource.h"
#include "scef-adapter/capture/device_traces.h"

namespace scef::adapter {
namespace {

constexpr Duration by_default = std::chrono::minutes(10);

Result<Duration> duration_from_body(const Json& body) {
    BodyReader reader(body);
    Duration duration = by_default;
    if (const auto text = reader.text("duration", 32)) {
        const auto parsed = parse_duration(*text);
        if (!parsed || *parsed > DeviceTraces::duration_max) {
            reader.refuse("duration",
                          "must be a duration such as 10m, at most 24h; 0s ends a trace");
        } else {
            duration = *parsed;
        }
    }
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    return duration;
}

}  // namespace

std::vector<Route> TraceResource::routes() {
    return {{"POST",
             "/api/v1/devices/{externalId}:trace",
             Role::admin,
             true,
             {},
             [this](const ApiCallPtr& call) { trace(call); }}};
}

void TraceResource::trace(const ApiCallPtr& call) {
    const auto id = external_id_of(*call);
    if (!id) return call->answer_error(id.error());
    const auto duration = duration_from_body(call->body);
    if (!duration) return call->answer_error(duration.error());
    const ShardId shard = id->shard(shards_.shards());
    shards_.trace(shard, *id, *duration,
                  [this, call, shard, id = *id, duration = *duration](const Result<bool>& changed) {
                      if (!changed) return call->answer_error(changed.error());
                      const auto answer = [call, id, duration] {
                          call->answer(200, {{"externalId", id.text()},
                                             {"duration", to_text(duration)}});
                      };
                      if (!*changed) return answer();
                      shards_.note(shard, call->audit_note({{"duration", to_text(duration)}}),
                                   answer);
                  });
}

}  // namespace scef::adapter
