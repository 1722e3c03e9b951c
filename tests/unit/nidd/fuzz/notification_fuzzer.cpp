#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "nidd/types/capability.h"
#include "nidd/types/strict_json.h"
#include "nidd/types/t8_exchange.h"
#include "nidd/types/t8_json.h"

namespace {

using namespace scef::nidd;

/// What the engine relies on: an identity that is one, and times that fit.
void require_checked(const Notification& notification) {
    if (const auto* uplink = std::get_if<NiddUplinkDataNotification>(&notification)) {
        if (uplink->external_id.empty() == uplink->msisdn.empty() || uplink->data.empty()) {
            std::abort();
        }
    }
    const auto* monitoring = std::get_if<MonitoringNotification>(&notification);
    if (monitoring == nullptr) return;
    if (monitoring->subscription.empty()) std::abort();
    for (const MonitoringEventReport& report : monitoring->reports) {
        if (report.monitoring_type.empty()) std::abort();
        const auto& idle = report.idle_status_info;
        if (idle && idle->edrx_cycle_length && idle->edrx_cycle_length->count() < 0) std::abort();
    }
}

}  // namespace

/// Everything that reads a SCEF's JSON: nothing may crash, and what is accepted must be writable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace scef;
    const std::string_view text = as_text({data, size});
    if (const auto value = parse_strict_json(text)) {
        const auto again = parse_strict_json(dump(*value), {size * 8 + 64, 16, 256, 64});
        if (!again || *again != *value) std::abort();
    }
    if (const auto notification = parse_notification(text)) require_checked(*notification);
    (void)parse_immediate_report(text);
    (void)parse_configurations(text);
    if (const auto configuration = parse_configuration(text)) (void)to_json(*configuration);
    if (const auto transfer = parse_transfer(text)) {
        const auto again = parse_transfer(to_json(*transfer));
        if (!again || again->data != transfer->data) std::abort();
    }
    (void)parse_transfers(text);
    (void)configuration_id_of(text);
    (void)transfer_link_of(text);
    (void)transaction_id_of(text);
    (void)subscription_id_of(text);
    const auto profiles = built_in_profile_names();
    const OperatorProfile& profile = *built_in_profile(profiles[size % profiles.size()]);
    (void)feature_names(profile, text);
    (void)has_feature(profile, text, Feature::patch_update);
    if (const auto capability = Capability::parse(text)) {
        if (capability->text() != text) std::abort();
    }
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.body = text;
    for (const int status : {200, 201, 403, 500}) {
        answer.status = status;
        (void)classify_delivery(answer, "c1", profile);
        (void)classify_configuration(answer, profile);
        (void)classify_replacement(answer);
        (void)classify_resource(answer);
    }
    return 0;
}
