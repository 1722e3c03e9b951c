#include "scef-adapter/admin/quota_json.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/quota_choice.h"
#include "scef-adapter/engine/effective_quota.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

using nlohmann::json;
using Uses = std::vector<quota::LimitUse>;

json time_or_null(const std::optional<WallTime>& time) {
    return time ? json(to_rfc3339(*time)) : json(nullptr);
}

json list_of(const Uses& uses) {
    json list = json::array();
    for (const quota::LimitUse& use : uses) list.push_back(limit_json(use));
    return list;
}

json amount_json(const quota::Amount& amount) {
    return {{"messages", amount.messages}, {"octets", amount.octets}};
}

json side_json(const Device& device, Direction direction, const quota::QuotaTime& time) {
    const quota::DirectionQuota& quota =
        direction == Direction::downlink ? *device.downlink_quota : *device.uplink_quota;
    const QuotaSides sides = quota_sides(device, direction, time);
    const auto position = quota.position();
    return {{"configured", list_of(sides.configured)},
            {"learned", list_of(sides.learned)},
            {"effective", list_of(sides.effective)},
            {"totals", amount_json({position.messages_total, position.bytes_total})},
            {"exhaustedUntil", time_or_null(quota.exhausted_until(time))}};
}

json side_json(const ScopeView::Side& side) {
    return {{"configured", list_of(side.limits)},
            {"effective", list_of(tightest(side.limits))},
            {"totals", amount_json(side.used_total)},
            {"leased", amount_json(side.leased)},
            {"exhaustedUntil", time_or_null(side.exhausted_until)}};
}

json head_of(std::string_view scope, std::string_view quota, bool is_given,
             const QuotaConfig* config) {
    json document{{"scope", scope},
                  {"quota", quota_json(quota)},
                  {"source", is_given ? "api" : "configuration"},
                  {"onExhausted", nullptr},
                  {"emergencyReserve", nullptr}};
    if (config == nullptr) return document;
    const bool waits = config->on_exhausted == QuotaConfig::OnExhausted::wait;
    document["onExhausted"] = waits ? "wait" : "reject";
    document["emergencyReserve"] = config->emergency_reserve;
    return document;
}

}  // namespace

json limit_json(const quota::LimitUse& use) {
    return {{"name", use.name},
            {"unit", use.unit == quota::Unit::messages ? "messages" : "octets"},
            {"limit", use.limit},
            {"used", use.used},
            {"remaining", use.remaining},
            {"resetsAt", to_rfc3339(use.resets_at)},
            {"forecastExhaustedAt", time_or_null(use.exhausted_at)}};
}

json quota_document(const Device& device, const quota::QuotaTime& time) {
    const std::string& quota = device.spec.quota;
    json document = head_of(device_scope(device.spec.external_id), quota,
                            quota != DeviceSpec().quota, device.quota);
    document["downlink"] = side_json(device, Direction::downlink, time);
    document["uplink"] = side_json(device, Direction::uplink, time);
    return document;
}

json quota_document(const ScopeView& view) {
    json document = head_of(view.scope, view.quota, view.is_given, view.config);
    document["downlink"] = side_json(view.sides[static_cast<std::size_t>(Direction::downlink)]);
    document["uplink"] = side_json(view.sides[static_cast<std::size_t>(Direction::uplink)]);
    return document;
}

}  // namespace scef::adapter
